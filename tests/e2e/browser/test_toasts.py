"""Toasts: long enough to be read, never in the way, and saying the same as the form."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, expect

from chassis.testing import HANG_S

from .business import Business, Customer
from .screens import above, fill_in_credentials, lies_at, sign_in, toast, toasts
from .submissions import DETAIL, UNAVAILABLE

AWAY = "We could not reach Packwalk"


@pytest.fixture
async def still(page: Page) -> AsyncIterator[Page]:
    """The sign-in page, on which time passes only when the test says so."""
    await page.clock.install()
    await page.goto("/sign-in")
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await page.clock.pause_at(await page.evaluate("Date.now()") + 1_000)
    yield page
    await page.clock.resume()


async def fail(page: Page, who: Customer, password: str = "not-the-password") -> None:
    """Get an error from the server."""
    await fill_in_credentials(page, who.email, password)
    await appears(page, page.get_by_role("alert").first)


async def appears(page: Page, wanted: Locator) -> None:
    """Wait for what the server's answer brings, with the page's own timers running as little as that takes."""
    async with asyncio.timeout(HANG_S):
        while not await wanted.count():
            await page.clock.run_for(2)


async def leaves(page: Page, wanted: Locator, within_ms: int = 1_000) -> None:
    """Wait until something has left, in so much of the page's own time."""
    for _ in range(within_ms // 20):
        await page.clock.run_for(20)
        if not await wanted.count():
            return
    raise AssertionError(f"{wanted} is still there")


async def slide_in(page: Page) -> None:
    """Let toasts come to rest where they belong."""
    await page.clock.run_for(500)
    await page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null)))")


async def test_a_toast_leaves_after_eight_seconds(still: Page, ann: Customer) -> None:
    await fail(still, ann)
    await still.clock.run_for(7_900)
    await expect(toasts(still)).to_have_count(1)
    await leaves(still, toasts(still))


async def test_a_toast_stays_while_the_pointer_is_on_it(still: Page, ann: Customer) -> None:
    await fail(still, ann)
    await slide_in(still)
    await toasts(still).hover()
    await still.clock.run_for(30_000)
    await expect(toasts(still)).to_have_count(1)
    await still.mouse.move(10, 10)
    await leaves(still, toasts(still), within_ms=9_000)


async def test_a_toast_stays_while_it_has_the_focus(still: Page, ann: Customer) -> None:
    await fail(still, ann)
    await slide_in(still)
    await toasts(still).get_by_role("button", name="Dismiss").focus()
    await still.clock.run_for(30_000)
    await expect(toasts(still)).to_have_count(1)
    await still.keyboard.press("Enter")
    await leaves(still, toasts(still))


async def test_the_newest_toast_is_on_top_and_the_others_below_it(
    page: Page, ann: Customer, riverside: Business
) -> None:
    await sign_in(page, ann, riverside)
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Sign out").click()
    await expect(toast(page, AWAY)).to_be_visible()
    await page.context.set_offline(False)
    problem = "application/problem+json"
    await page.route(
        "**/api/v1/session", lambda route: route.fulfill(status=503, content_type=problem, json=UNAVAILABLE)
    )
    await page.get_by_role("button", name="Sign out").click()
    await lies_at(above, toast(page, DETAIL), toast(page, AWAY))


async def test_the_same_error_twice_counts_up(still: Page, ann: Customer) -> None:
    await still.context.set_offline(True)
    await fail(still, ann)
    await still.clock.run_for(6_000)
    await still.get_by_role("button", name="Sign in").click()
    await appears(still, toast(still, "(\N{MULTIPLICATION SIGN}2)"))
    await still.clock.run_for(6_000)
    await expect(toasts(still)).to_have_count(1)


async def test_a_toast_is_dismissed_by_hand(still: Page, ann: Customer) -> None:
    await fail(still, ann)
    await slide_in(still)
    await toasts(still).get_by_role("button", name="Dismiss").click()
    await leaves(still, toasts(still))


async def test_retry_is_offered_when_the_server_is_away_and_then_works(page: Page, ann: Customer) -> None:
    await page.goto("/sign-in")
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await page.context.set_offline(True)
    await fill_in_credentials(page, ann.email)
    away = toast(page, AWAY)
    await expect(away).to_be_visible()
    await expect(page.locator("form").get_by_text(AWAY)).to_be_visible()
    await page.context.set_offline(False)
    await away.get_by_role("button", name="Retry").click()
    await page.wait_for_url("**/book")


async def test_retry_is_not_offered_where_it_cannot_help(page: Page, ann: Customer) -> None:
    await page.goto("/sign-in")
    await fill_in_credentials(page, ann.email, "not-the-password")
    await expect(page.get_by_role("alert")).to_be_visible()
    await expect(page.get_by_role("button", name="Retry")).to_have_count(0)
