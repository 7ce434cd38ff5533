"""The main job: a year of walks in one go, with every date that does not work explained."""

from datetime import date

from playwright.async_api import Locator, Page, expect

from .business import Business, Customer, monday
from .screens import (
    dates_of_series,
    field,
    lose_the_first_answer,
    sign_in,
    submit,
    summary,
    toast,
    toasts,
    type_date,
    wish_for_a_year,
    wish_for_sam,
)


def shown(day: date) -> str:
    """A date as a line of the conflict list begins."""
    return f"{day:%a} {day.day} {day:%b}"


async def test_a_year_with_conflicts_is_booked_with_what_is_free(
    page: Page, ann: Customer, bob: Customer, riverside: Business
) -> None:
    await riverside.time_off("Sam", monday(3))
    await riverside.book(bob, "Sam", monday(5), "09:00")
    await riverside.book(ann, "Priya", monday(7), "09:00")
    await sign_in(page, ann, riverside)
    await wish_for_sam(page)
    await summary(page, "49 of 52 walks are free · £980")

    lines = page.locator("li.date-taken")
    await expect(lines).to_have_count(3)
    off, taken, own = (lines.filter(has_text=shown(monday(week))) for week in (3, 5, 7))
    await expect(off).to_contain_text("09:00")
    await expect(off).to_contain_text("Sam is off that day")
    await expect(taken).to_contain_text("Sam is on another walk")
    await expect(own).to_contain_text("You already have Biscuit out with Priya at 09:00")

    await off.get_by_role("button", name="Priya at 09:00 instead").click()
    await summary(page, "50 of 52 walks are free · £1,000")
    await page.get_by_role("button", name="Undo the choice").click()
    await summary(page, "49 of 52 walks are free · £980")
    await off.get_by_role("button", name="Priya at 09:00 instead").click()
    await page.get_by_role("button", name="Create 50 available bookings").click()

    await expect(page.get_by_role("heading", name="50 walks booked")).to_be_visible()
    await expect(page.get_by_role("heading", name="2 dates skipped")).to_be_visible()
    await expect(page.locator("li.date-taken").nth(0)).to_contain_text("Sam is on another walk")
    await expect(page.locator("li.date-taken").nth(1)).to_contain_text("You already have Biscuit out")
    [dates] = await dates_of_series(ann)
    wanted = [monday(week).isoformat() for week in range(52) if week not in (5, 7)]
    assert sorted(dates) == wanted


async def test_a_skipped_date_is_booked_from_the_receipt(
    page: Page, ann: Customer, bob: Customer, riverside: Business
) -> None:
    await riverside.book(bob, "Sam", monday(5), "09:00")
    await sign_in(page, ann, riverside)
    await wish_for_sam(page)
    await page.get_by_role("button", name="Create 51 available bookings").click()
    await expect(page.get_by_role("heading", name="51 walks booked")).to_be_visible()
    await page.get_by_role("button", name="Priya at 09:00: book").click()
    await expect(page.locator("li.date-chosen")).to_contain_text("Booked with Priya")
    booked = await ann.ask("GET", f"/bookings?from={monday(5)}&to={monday(5)}")
    assert [one["walker_name"] for one in booked["items"]] == ["Priya"]


async def test_any_of_ours_says_who_was_picked_and_why(page: Page, ann: Customer, riverside: Business) -> None:
    await riverside.time_off("Sam", monday(3))
    await sign_in(page, ann, riverside)
    await wish_for_a_year(page)
    await summary(page, "All 52 walks are free · £1,040")
    await expect(page.get_by_text("Priya has the most free dates: 52 of 52 (Sam 51).")).to_be_visible()


async def test_months_open_and_close_and_a_cell_leads_to_its_date(
    page: Page, ann: Customer, riverside: Business
) -> None:
    await riverside.time_off("Sam", monday(3))
    await sign_in(page, ann, riverside)
    await wish_for_sam(page)
    await summary(page, "51 of 52 walks are free · £1,020")
    line = page.locator("li.date-taken")
    await expect(line).to_be_visible()
    await page.get_by_role("button", name="Collapse all").click()
    await expect(line).to_be_hidden()
    await page.get_by_role("toolbar", name="All dates").get_by_role("button", name="taken").click()
    await expect(line).to_be_focused()
    await page.get_by_role("button", name="Expand all").click()
    await expect(page.get_by_text(shown(monday(51)), exact=True)).to_be_visible()


async def test_a_double_click_makes_one_series(page: Page, ann: Customer, riverside: Business) -> None:
    await sign_in(page, ann, riverside)
    await wish_for_a_year(page)
    await summary(page, "All 52 walks are free")
    await submit(page).dblclick()
    await expect(page.get_by_role("heading", name="52 walks booked")).to_be_visible()
    assert [len(dates) for dates in await dates_of_series(ann)] == [52]


async def test_an_answer_that_got_lost_is_retried_with_the_same_key_and_books_once(
    page: Page, ann: Customer, riverside: Business
) -> None:
    await sign_in(page, ann, riverside)
    keys = await lose_the_first_answer(page, "**/api/v1/series")
    await submit(page).click()
    lost = toast(page, "We could not reach Packwalk")
    await expect(lost).to_be_visible()
    await expect(page.locator("form")).to_contain_text("We do not know yet whether your 4 walks were booked")
    await lost.get_by_role("button", name="Retry").click()
    await expect(page.get_by_role("heading", name="4 walks booked")).to_be_visible()
    assert len(keys) == 2
    assert len(set(keys)) == 1
    await page.unroute_all(behavior="wait")
    assert [len(dates) for dates in await dates_of_series(ann)] == [4]


async def test_what_the_server_refuses_is_said_at_its_field(page: Page, ann: Customer, riverside: Business) -> None:
    await sign_in(page, ann, riverside)
    await type_date(page, "Starts", date(2020, 1, 6))
    await expect(field(page, "Starts").get_by_role("spinbutton").first).to_have_attribute("aria-invalid", "true")
    await expect(page.locator(".field-error")).to_contain_text("passed")
    await page.get_by_role("button", name="Book walks").click()
    await expect(field(page, "Starts").get_by_role("spinbutton").first).to_be_focused()
    await expect(toasts(page)).to_have_count(0)


async def test_a_series_is_cancelled_with_its_dates_named(page: Page, ann: Customer, riverside: Business) -> None:
    await sign_in(page, ann, riverside)
    await page.get_by_label("Walks", exact=True).fill("3")
    await page.get_by_role("button", name="Book 3 walks").click()
    await page.get_by_role("link", name="See my bookings").click()
    await expect(page.get_by_text("3 walks to come")).to_be_visible()
    await page.get_by_role("button", name="Cancel the walk on").nth(1).click()
    dialog = page.get_by_role("alertdialog")
    await dialog.get_by_text("This walk and those after it").click()
    await expect(dialog.get_by_role("listitem")).to_have_count(2)
    await dialog.get_by_role("button", name="Cancel 2 walks").click()
    await expect(toast(page, "2 walks cancelled.")).to_be_visible()
    await expect(page.get_by_text("1 walk to come")).to_be_visible()


async def test_a_whole_booking_is_made_with_the_keyboard_alone(page: Page, ann: Customer, riverside: Business) -> None:
    await riverside.time_off("Sam", monday(3))
    await sign_in(page, ann, riverside)
    await wish_for_a_year(page)
    await summary(page, "All 52 walks are free")
    await page.keyboard.press("Tab")
    await go_to(page, page.get_by_role("radio", name="Neighbourhood walk"))
    await page.keyboard.press("ArrowDown")
    await go_to(page, page.get_by_label("Walker"))
    await page.keyboard.press("S")
    await summary(page, "51 of 52 walks are free · £1,734")
    await go_to(page, page.get_by_role("button", name="Priya at 09:00 instead"))
    await page.keyboard.press("Enter")
    await go_to(page, submit(page))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="52 walks booked")).to_be_focused()


async def go_to(page: Page, wanted: Locator) -> None:
    """Press Tab until this has the focus; fails when the page has been gone round."""
    for _ in range(120):
        if await wanted.evaluate("(element) => element === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {wanted}")
