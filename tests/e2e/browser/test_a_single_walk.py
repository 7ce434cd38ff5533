"""A walk without any repetition is a booking of its own, and no series of one."""

import re

from playwright.async_api import Page, expect

from .business import Body, Business, Customer, monday
from .screens import dates_of_series, field, sign_in, submit, summary
from .submissions import Submissions


async def wish_once(page: Page, ann: Customer, riverside: Business) -> None:
    """One walk with Sam, next Monday at nine."""
    await sign_in(page, ann, riverside)
    await page.get_by_role("radio", name="Once").check(force=True)
    await page.get_by_label("Walker").select_option(label="Sam")


async def only_booking(who: Customer) -> Body:
    """What was booked, which is one walk and no series."""
    assert await dates_of_series(who) == []
    [booking] = (await who.ask("GET", "/bookings"))["items"]
    return dict(booking)


async def test_a_walk_that_is_booked_once_is_a_single_walk_everywhere(
    page: Page, ann: Customer, riverside: Business
) -> None:
    await wish_once(page, ann, riverside)
    await expect(page.get_by_label("Walks", exact=True)).to_have_count(0)
    await expect(field(page, "At")).to_be_visible()
    await page.get_by_role("button", name="Book 1 walk").click()
    await expect(page.get_by_role("heading", name="Walk booked")).to_be_focused()
    booking = await only_booking(ann)
    assert (booking["date"], booking["series_id"]) == (monday(0).isoformat(), None)

    await page.get_by_role("link", name="See my bookings").click()
    cancel = page.get_by_role("button", name="Cancel the walk on")
    await expect(cancel).to_be_visible()
    await expect(page.locator("main")).not_to_contain_text("Every ")
    await expect(page.locator("main")).not_to_contain_text("part of a series")
    await cancel.click()
    dialog = page.get_by_role("alertdialog")
    await expect(dialog.get_by_role("button", name="Cancel 1 walk")).to_be_visible()
    await expect(dialog.get_by_role("radio")).to_have_count(0)
    await expect(dialog).not_to_contain_text("those after it")


async def test_its_receipt_has_an_address_of_its_own(page: Page, ann: Customer, riverside: Business) -> None:
    await wish_once(page, ann, riverside)
    await submit(page).click()
    await expect(page.get_by_role("heading", name="Walk booked")).to_be_visible()
    booking = await only_booking(ann)
    assert page.url.endswith(f"/bookings/{booking['id']}")
    await page.reload()
    await expect(page.get_by_role("heading", name="Walk booked")).to_be_visible()
    await expect(page.locator(".lead")).to_contain_text("£20")
    await expect(page.locator("main")).to_contain_text("Biscuit with Sam")
    await page.get_by_role("link", name="See my bookings").click()
    await expect(page.get_by_role("button", name="Cancel the walk on")).to_be_visible()
    await ann.ask("POST", f"/bookings/{booking['id']}/cancel", {})
    await page.go_back()
    await expect(page.get_by_role("heading", name="Walk cancelled")).to_be_visible()


async def test_a_single_walk_whose_answer_was_lost_is_found_again_after_a_reload(
    page: Page, ann: Customer, riverside: Business, sent: Submissions
) -> None:
    sent.answers = ["lost after"]
    await wish_once(page, ann, riverside)
    await submit(page).click()
    await expect(page.get_by_text("We do not know yet whether your 1 walk was booked")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="Walk booked")).to_be_visible()
    await expect(page.get_by_text("Your booking did arrive")).to_be_visible()
    assert len(set(sent.keys)) == 1
    assert {one.url.rsplit("/", 1)[-1] for one in sent.requests} == {"bookings"}
    await only_booking(ann)
    await page.reload()
    await expect(page.get_by_text("Your booking did arrive")).to_be_visible()


async def test_a_single_walk_whose_time_went_is_booked_at_the_alternative_that_was_chosen(
    page: Page, ann: Customer, bob: Customer, riverside: Business
) -> None:
    await wish_once(page, ann, riverside)
    await summary(page, "1 walk is free")
    await riverside.book(bob, "Sam", monday(0), "09:00")
    await submit(page).click()
    await expect(page.get_by_role("heading", name="1 date was taken while you looked")).to_be_focused()
    later = page.locator("li.date-taken").get_by_role("button", name="instead").filter(has_text=re.compile(r"^1\d:"))
    start = await later.first.inner_text()
    await later.first.click()
    await page.get_by_role("button", name="Book 1 walk").click()
    await expect(page.get_by_role("heading", name="Walk booked")).to_be_visible()
    await expect(page.locator(".lead")).to_contain_text(f"at {start}")
    booking = await only_booking(ann)
    assert (booking["date"], booking["walker_name"]) == (monday(0).isoformat(), "Sam")
