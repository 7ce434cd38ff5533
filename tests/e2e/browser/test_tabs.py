"""Tabs of one browser: all are signed in as the same person, and nothing of the one before is left in any."""

import asyncio

from playwright.async_api import BrowserContext, Page, Route, expect

from .business import Business, Customer
from .screens import dates_of_series, fill_in_credentials, sign_in, submit, summary, toast, wish_for_sam


async def sign_out(page: Page) -> None:
    """Press the button, and wait for the page that follows."""
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_signing_out_and_in_by_one_tab_is_seen_in_the_others(
    page: Page, context: BrowserContext, ann: Customer, riverside: Business
) -> None:
    await sign_in(page, ann, riverside)
    other = await context.new_page()
    await other.goto("/bookings")
    await sign_out(other)
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await fill_in_credentials(other, ann.email)
    await expect(page.locator(".submit-bar")).to_be_visible()


async def test_another_account_begins_with_nothing_of_the_one_before(
    page: Page, context: BrowserContext, ann: Customer, bob: Customer, riverside: Business
) -> None:
    await sign_in(page, ann, riverside)
    await wish_for_sam(page, 7)
    await summary(page, "All 7 walks are free")
    other = await context.new_page()
    await other.goto("/bookings")
    await context.clear_cookies()  # so that no tab hears that Ann has left
    await other.goto("/sign-in")
    await fill_in_credentials(other, bob.email)
    await expect(toast(page, "Bob Archer has signed in")).to_be_visible()
    await expect(page.get_by_role("button", name="Rex")).to_be_visible()
    await expect(page.get_by_role("button", name="Biscuit")).to_have_count(0)
    await expect(page.get_by_label("Walks", exact=True)).to_have_value("4")
    await submit(page).click()
    await expect(page.get_by_role("heading", name="4 walks booked")).to_be_visible()
    assert [len(dates) for dates in await dates_of_series(bob)] == [4]
    assert await dates_of_series(ann) == []


async def test_what_was_being_sent_when_another_tab_signed_out_is_booked_once(
    page: Page, context: BrowserContext, ann: Customer, riverside: Business
) -> None:
    await sign_in(page, ann, riverside)
    answer = await hold_the_answer(page)
    await submit(page).click()
    other = await context.new_page()
    await other.goto("/bookings")
    await sign_out(other)
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    answer.set()
    await fill_in_credentials(page, ann.email)
    await page.wait_for_url("**/book")
    await summary(page, "All 4 walks are free")
    assert [len(dates) for dates in await dates_of_series(ann)] == [4]


async def test_what_is_answered_after_back_is_told_where_the_customer_is(
    page: Page, ann: Customer, riverside: Business
) -> None:
    await sign_in(page, ann, riverside)
    await page.get_by_role("link", name="My bookings").click()
    await page.get_by_role("link", name="Book", exact=True).click()
    answer = await hold_the_answer(page)
    await submit(page).click()
    await page.go_back()
    await expect(page.get_by_role("heading", name="My bookings")).to_be_visible()
    await page.go_forward()
    await expect(page.get_by_role("button", name="Booking…")).to_be_visible()
    await page.go_back()
    answer.set()
    await expect(toast(page, "4 walks booked.")).to_be_visible()
    await expect(page.get_by_text("4 walks to come")).to_be_visible()
    await page.go_forward()
    await summary(page, "All 4 walks are free")
    assert [len(dates) for dates in await dates_of_series(ann)] == [4]


async def hold_the_answer(page: Page) -> asyncio.Event:
    """Let the server book, and its answer wait for the event."""
    answered = asyncio.Event()

    async def hold(route: Route) -> None:
        answer = await route.fetch()
        await answered.wait()
        await route.fulfill(response=answer)

    await page.route("**/api/v1/series", hold)
    return answered
