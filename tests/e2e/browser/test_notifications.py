"""The bell: what others did is there at once, is counted, and is read."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Error, Page, Route, expect

from .business import PASSWORD, Business, Customer, monday
from .product import running
from .screens import fill_in_credentials, sign_in, toast
from .test_for_everybody import no_sideways


async def sam_at_work(page: Page, riverside: Business) -> None:
    """Sign Sam in, and wait until his page listens."""
    await page.goto("/sign-in")
    async with page.expect_response("**/notifications/stream"):
        await fill_in_credentials(page, f"sam@{riverside.slug}.example")
    await expect(page.get_by_role("button", name="Notifications", exact=True)).to_be_visible()


async def test_a_walker_hears_of_a_booking_without_reloading_and_reads_it(
    page: Page, ann: Customer, riverside: Business, tmp_path: Path
) -> None:
    await sam_at_work(page, riverside)
    await expect(page.get_by_role("heading", name="No walks yet")).to_be_visible()
    await riverside.book(ann, "Sam", monday(0), "09:00")
    await expect(toast(page, "Ann Archer booked a walk with you")).to_be_visible()
    await expect(page.get_by_role("heading", name="09:00 for Ann Archer")).to_be_visible()
    bell = page.get_by_role("button", name="Notifications, 1 unread")
    await bell.click()
    inside = page.get_by_role("dialog", name="Notifications")
    await expect(inside).to_contain_text("Neighbourhood walk on Mon")
    await page.screenshot(path=tmp_path / "bell.png")
    await inside.get_by_role("button", name="New: Ann Archer booked a walk with you").click()
    await expect(inside).to_have_count(0)
    await expect(page.get_by_role("button", name="Notifications", exact=True)).to_be_visible()


async def test_a_customer_hears_that_the_office_cancelled(page: Page, ann: Customer, riverside: Business) -> None:
    made = await riverside.book(ann, "Sam", monday(0), "09:00")
    await sign_in(page, ann, riverside)
    await page.goto("/bookings")
    await expect(page.get_by_role("heading", name="09:00 with Sam")).to_be_visible()
    await riverside.admin.ask("POST", f"/bookings/{made['booking']['id']}/cancel", {})
    await expect(page.get_by_role("button", name="Notifications, 1 unread")).to_be_visible()
    await expect(page.get_by_role("heading", name="No walks yet")).to_be_visible()
    await page.get_by_role("button", name="Notifications, 1 unread").press("Enter")
    inside = page.get_by_role("dialog", name="Notifications")
    await expect(inside).to_contain_text("The office cancelled a walk of yours")
    await inside.get_by_role("button", name="Mark 1 notification as read").press("Enter")
    await expect(inside.get_by_role("button", name="Mark 1 notification as read")).to_have_count(0)
    await expect(inside).to_be_focused()  # the button took its focus along
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Notifications", exact=True)).to_be_focused()


async def test_nothing_yet_says_so_and_fits_a_phone(page: Page, ann: Customer, riverside: Business) -> None:
    await page.set_viewport_size({"width": 360, "height": 700})
    await sign_in(page, ann, riverside)
    await page.get_by_role("button", name="Notifications", exact=True).click()
    await expect(page.get_by_role("dialog", name="Notifications")).to_contain_text("Nothing yet.")
    await no_sideways(page, "notifications")


async def test_what_is_heard_while_the_list_is_on_its_way_is_in_it(
    page: Page, ann: Customer, riverside: Business
) -> None:
    await sam_at_work(page, riverside)
    read, heard = asyncio.Event(), asyncio.Event()

    async def slow(route: Route) -> None:
        answer = await route.fetch()
        read.set()
        await heard.wait()
        with suppress(Error):  # nobody waits for it any more
            await route.fulfill(response=answer)

    await page.route("**/api/v1/bookings?**", slow, times=1)
    await page.reload()
    await read.wait()
    await expect(page.get_by_role("button", name="Notifications", exact=True)).to_be_visible()
    await riverside.book(ann, "Sam", monday(0), "09:00")
    await expect(toast(page, "Ann Archer booked a walk with you")).to_be_visible()
    heard.set()
    await expect(page.get_by_role("heading", name="09:00 for Ann Archer")).to_be_visible()


async def test_many_tabs_share_one_stream(context: BrowserContext, ann: Customer, riverside: Business) -> None:
    streams: list[str] = []
    context.on("request", lambda request: streams.append(request.url) if "/stream" in request.url else None)
    first = await context.new_page()
    await sam_at_work(first, riverside)
    others = [await context.new_page() for _ in range(7)]
    for other in others:
        await other.goto("/bookings")
        await expect(other.get_by_role("button", name="Notifications", exact=True)).to_be_visible()
    await riverside.book(ann, "Sam", monday(0), "09:00")
    for one in (first, *others):
        await expect(one.get_by_role("button", name="Notifications, 1 unread")).to_be_visible()
    assert len(streams) == 1
    async with context.expect_event("request", lambda request: "/stream" in request.url):
        await first.close()
    await riverside.book(ann, "Sam", monday(1), "09:00")
    for one in others:
        await expect(one.get_by_role("button", name="Notifications, 2 unread")).to_be_visible()


@pytest.mark.kill
async def test_a_gateway_that_was_killed_is_met_again_without_a_gap(
    context: BrowserContext, tmp_path: Path, page: Page
) -> None:
    with running(tmp_path) as parts:
        gateway = parts["gateway"]
        async with Business(gateway.url) as business:
            await business.open()
            ann = await business.customer("Ann", dogs=["Biscuit"])
            await page.goto(f"{gateway.url}/sign-in")
            await page.get_by_label("E-mail").fill(f"sam@{business.slug}.example")
            await page.get_by_label("Password").fill(PASSWORD)
            await page.get_by_role("button", name="Sign in").click()
            await expect(page.get_by_role("button", name="Notifications", exact=True)).to_be_visible()
            await business.book(ann, "Sam", monday(0), "09:00")
            await expect(page.get_by_role("button", name="Notifications, 1 unread")).to_be_visible()
            gateway.kill()
            gateway.start()
            gateway.wait_until_ready()
            await business.book(ann, "Sam", monday(1), "09:00")
            await expect(page.get_by_role("button", name="Notifications, 2 unread")).to_be_visible()
