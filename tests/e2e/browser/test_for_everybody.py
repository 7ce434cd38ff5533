"""Every page for everybody: light and dark, small and large, with a screen reader."""

from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from .business import Business, Customer, monday
from .screens import list_months, sign_in, summary, toasts, wish_for_sam

Check = Callable[[Page, str], Coroutine[None, None, None]]


async def no_sideways(page: Page, name: str) -> None:
    """Nothing is wider than the window."""
    widths = await page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert widths[0] <= widths[1], f"{name} is {widths[0]} wide"


async def walk_through(page: Page, ann: Customer, riverside: Business, check: Check, pictures: Path) -> None:
    """Show every page once, in every state that looks different, and check each."""

    async def look(name: str) -> None:
        await check(page, name)
        await page.screenshot(path=pictures / f"{name}.png", full_page=True)

    for door in ("sign-in", "register", "start"):
        await page.goto(f"/{door}")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await look(door)
    await page.goto("/sign-in")
    await page.get_by_label("E-mail").fill(ann.email)
    await page.get_by_label("Password").fill("not-the-password")
    await page.get_by_role("button", name="Sign in").click()
    await expect(toasts(page)).to_be_visible()
    await look("sign-in-refused")
    await sign_in(page, ann, riverside)
    await wish_for_sam(page)
    await summary(page, "51 of 52 walks are free")
    await page.get_by_text("Away for a while?").click()
    await look("book")
    await list_months(page)
    await page.get_by_role("button", name="Priya at 09:00 instead").click()
    await look("book-chosen")
    await page.get_by_role("button", name="Undo the choice").click()
    await page.get_by_role("button", name="Add an address").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await look("add-address")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Create 51 available bookings").click()
    await expect(page.get_by_role("heading", name="51 walks booked")).to_be_visible()
    await look("receipt")
    await page.get_by_role("link", name="See my bookings").click()
    await expect(page.get_by_text("51 walks to come")).to_be_visible()
    await page.get_by_text("1 date skipped").click()
    await look("bookings")
    await page.get_by_role("button", name="Cancel the series").click()
    await expect(page.get_by_role("button", name="Cancel 51 walks")).to_be_visible()
    await look("cancel")


@pytest.fixture(params=[360, 640])
async def small(request: pytest.FixtureRequest, chromium: Browser, address: str) -> AsyncIterator[Page]:
    """A phone; and 1280 pixels at 200 % zoom, which are 640."""
    context = await chromium.new_context(
        base_url=address,
        viewport={"width": request.param, "height": 740},
        has_touch=True,
        reduced_motion="reduce",
        timezone_id="Europe/London",
        locale="en-GB",
    )
    yield await context.new_page()
    await context.close()


async def test_no_page_scrolls_sideways_when_it_is_small(
    small: Page, ann: Customer, riverside: Business, tmp_path: Path
) -> None:
    await riverside.time_off("Sam", monday(3))
    await walk_through(small, ann, riverside, no_sideways, tmp_path)


async def test_toasts_are_at_the_bottom_of_a_phone(chromium: Browser, address: str, ann: Customer) -> None:
    context = await chromium.new_context(base_url=address, viewport={"width": 360, "height": 740})
    page = await context.new_page()
    await page.goto("/sign-in")
    await page.get_by_label("E-mail").fill(ann.email)
    await page.get_by_label("Password").fill("not-the-password")
    await page.get_by_role("button", name="Sign in").click()
    await expect(toasts(page)).to_have_attribute("data-y-position", "bottom")
    await context.close()


async def test_times_name_their_zone_where_it_is_not_the_browsers(
    chromium: Browser, address: str, ann: Customer, riverside: Business
) -> None:
    context = await chromium.new_context(base_url=address, timezone_id="America/New_York", locale="en-GB")
    page = await context.new_page()
    await sign_in(page, ann, riverside)
    await expect(page.get_by_text("London time")).to_be_visible()
    await context.close()


async def test_the_skip_link_leads_to_the_content(page: Page, ann: Customer, riverside: Business) -> None:
    await sign_in(page, ann, riverside)
    await page.get_by_role("link", name="Skip to the content").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#content")).to_be_focused()
    await expect(page).to_have_title("Book walks · Packwalk")


async def test_the_way_to_the_form_brings_little_script_and_all_of_it_compressed(
    page: Page, riverside: Business, ann: Customer
) -> None:
    await sign_in(page, ann, riverside)
    scripts = await page.evaluate(
        """performance.getEntriesByType('resource').filter((one) => one.name.endsWith('.js'))
            .map((one) => [one.name, one.encodedBodySize, one.decodedBodySize])"""
    )
    assert scripts
    for name, carried, meant in scripts:
        assert 0 < carried < meant, f"{name} is not compressed"
    assert sum(carried for _, carried, _ in scripts) <= 250_000
