"""Browsers that give a page less than most: no storage, no safe connection, a clock that is wrong."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from .business import LONDON, Business, Customer
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


@pytest.mark.parametrize("hours", [30, -30])
async def test_a_device_whose_clock_is_off_goes_by_the_servers(
    page: Page, context: BrowserContext, ann: Customer, riverside: Business, hours: int
) -> None:
    await riverside.every_day("Sam")
    soon = (datetime.now(LONDON) + timedelta(hours=23)).replace(minute=0)
    await riverside.book(ann, "Sam", soon.date(), f"{soon:%H:%M}")
    await context.add_init_script(
        f"""const Real = Date;
        window.Date = class extends Real {{
            constructor(...given) {{ given.length ? super(...given) : super(Real.now() + {hours} * 3_600_000); }}
            static now() {{ return Real.now() + {hours} * 3_600_000; }}
        }};"""
    )
    await sign_in(page, ann, riverside)
    await page.get_by_role("link", name="My bookings").click()
    await page.get_by_role("button", name="Cancel the walk on").click()
    dialog = page.get_by_role("alertdialog")
    await expect(dialog).to_contain_text("This walk begins in less than 24 hours and may be charged.")
