"""Cancelling: what it costs, what it leaves on the screen, and how it is undone."""

from datetime import datetime, timedelta

from playwright.async_api import Page, expect

from .business import LONDON, Business, Customer, monday
from .screens import dates_of_series, sign_in, toast, toasts

MONDAY = monday(1)  # next week's may be tomorrow, which is short notice


async def cancel_the_only_walk(page: Page) -> None:
    """Open the list, press Cancel at the walk, and again in the dialog."""
    await page.get_by_role("link", name="My bookings").click()
    await page.get_by_role("button", name="Cancel the walk on").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Cancel 1 walk").click()


async def scheduled(who: Customer) -> list[str]:
    """The days of what is booked."""
    found = await who.ask("GET", "/bookings?status=scheduled")
    return [booking["date"] for booking in found["items"]]


async def test_a_cancelled_walk_is_on_again_after_undo(page: Page, ann: Customer, riverside: Business) -> None:
    await riverside.book(ann, "Sam", MONDAY, "09:00")
    await sign_in(page, ann, riverside)
    await cancel_the_only_walk(page)
    said = toast(page, "1 walk cancelled.")
    await expect(page.get_by_role("heading", name="No walks yet")).to_be_visible()
    await expect(page.locator("main :focus, main:focus")).to_have_count(1)
    await said.get_by_role("button", name="Undo").click()
    await expect(toast(page, "1 walk is on again.")).to_be_visible()
    await expect(page.get_by_role("button", name="Cancel the walk on")).to_be_visible()
    assert await scheduled(ann) == [MONDAY.isoformat()]


async def test_undo_is_one_tab_away_for_who_cancels_with_the_keyboard(
    page: Page, ann: Customer, riverside: Business
) -> None:
    await riverside.book(ann, "Sam", MONDAY, "09:00")
    await sign_in(page, ann, riverside)
    await page.get_by_role("link", name="My bookings").click()
    await page.get_by_role("button", name="Cancel the walk on").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(toasts(page).filter(has_text="1 walk cancelled.")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(toast(page, "1 walk is on again.")).to_be_visible()
    await expect(page.locator("main h1")).to_be_focused()
    assert await scheduled(ann) == [MONDAY.isoformat()]


async def test_a_cancelled_series_is_on_again_after_undo(page: Page, ann: Customer, riverside: Business) -> None:
    await riverside.series(ann, "Sam", MONDAY, count=3)
    await sign_in(page, ann, riverside)
    await page.get_by_role("link", name="My bookings").click()
    await page.get_by_role("button", name="Cancel the series").click()
    await page.get_by_role("button", name="Cancel 3 walks").click()
    await toast(page, "3 walks cancelled.").get_by_role("button", name="Undo").click()
    await expect(toast(page, "3 walks are on again.")).to_be_visible()
    await expect(page.get_by_text("3 walks to come")).to_be_visible()
    [dates] = await dates_of_series(ann)
    assert sorted(dates) == [monday(week).isoformat() for week in range(1, 4)]


async def test_undo_says_when_the_time_has_gone(page: Page, ann: Customer, bob: Customer, riverside: Business) -> None:
    await riverside.book(ann, "Sam", MONDAY, "09:00")
    await sign_in(page, ann, riverside)
    await cancel_the_only_walk(page)
    said = toast(page, "1 walk cancelled.")
    await expect(said).to_be_visible()
    await riverside.book(bob, "Sam", MONDAY, "09:00")
    await said.get_by_role("button", name="Undo").click()
    await expect(toasts(page).get_by_role("alert")).to_be_visible()
    assert await scheduled(ann) == []


async def test_the_toast_of_a_failed_cancellation_goes_with_the_next_one(
    page: Page, ann: Customer, riverside: Business
) -> None:
    await riverside.book(ann, "Sam", MONDAY, "09:00")
    await sign_in(page, ann, riverside)
    await page.get_by_role("link", name="My bookings").click()
    await page.get_by_role("button", name="Cancel the walk on").click()
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Cancel 1 walk").click()
    away = toast(page, "We could not reach Packwalk")
    await expect(away).to_be_visible()
    await page.context.set_offline(False)
    await page.get_by_role("button", name="Cancel 1 walk").click()
    await expect(toast(page, "1 walk cancelled.")).to_be_visible()
    await expect(away).to_have_count(0)


async def test_a_cancellation_at_short_notice_says_so_before_and_after(
    page: Page, ann: Customer, riverside: Business
) -> None:
    await riverside.every_day("Sam")
    tomorrow = (datetime.now(LONDON) + timedelta(hours=23)).replace(minute=0)
    await riverside.book(ann, "Sam", tomorrow.date(), f"{tomorrow:%H:%M}")
    await sign_in(page, ann, riverside)
    await page.get_by_role("link", name="My bookings").click()
    await page.get_by_role("button", name="Cancel the walk on").click()
    dialog = page.get_by_role("alertdialog")
    await expect(dialog).to_contain_text("This walk begins in less than 24 hours and may be charged.")
    await expect(dialog).not_to_contain_text("others")
    await dialog.get_by_role("button", name="Cancel 1 walk").click()
    await expect(toast(page, "1 walk cancelled at short notice: it may be charged.")).to_be_visible()
