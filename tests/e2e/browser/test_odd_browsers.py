"""Browsers that give a page less than most: no storage, or no safe connection."""

from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from .business import Business, Customer
from .screens import dates_of_series, sign_in, submit, wish_for_sam

FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
FORBIDDEN = """for (const name of ['localStorage', 'sessionStorage'])
    Object.defineProperty(window, name, { get() { throw new DOMException('forbidden', 'SecurityError'); } });"""


@pytest.mark.parametrize("storage", [FULL, FORBIDDEN], ids=["full", "forbidden"])
async def test_walks_are_booked_where_nothing_can_be_stored(
    page: Page, context: BrowserContext, ann: Customer, riverside: Business, storage: str
) -> None:
    await context.add_init_script(storage)
    await sign_in(page, ann, riverside)
    await wish_for_sam(page, 3)
    await page.get_by_role("link", name="My bookings").click()
    await page.get_by_role("link", name="Book", exact=True).click()
    await expect(page.get_by_label("Walks", exact=True)).to_have_value("3")
    await submit(page).click()
    await expect(page.get_by_role("heading", name="3 walks booked")).to_be_visible()
    assert [len(dates) for dates in await dates_of_series(ann)] == [3]


async def test_walks_are_booked_over_plain_http(
    chromium: Browser, address: str, ann: Customer, riverside: Business
) -> None:
    context = await chromium.new_context(base_url=f"http://plain.example:{urlsplit(address).port}")
    page = await context.new_page()
    await sign_in(page, ann, riverside)
    assert await page.evaluate("isSecureContext") is False
    await submit(page).click()
    await expect(page.get_by_role("heading", name="4 walks booked")).to_be_visible()
    await context.close()
    assert [len(dates) for dates in await dates_of_series(ann)] == [4]
