"""Dates and times: typed part by part in the business's order, or taken from a calendar that shows what is free."""

from datetime import timedelta

from playwright.async_api import Page, expect

from .business import Business, Customer, monday
from .screens import field, sign_in, summary, type_date, type_time, wish_for_sam


async def test_the_calendar_dots_the_days_that_are_free(page: Page, ann: Customer, riverside: Business) -> None:
    await riverside.time_off("Sam", monday(2))
    await sign_in(page, ann, riverside)
    await wish_for_sam(page)
    await type_date(page, "Starts", monday(1))
    await field(page, "Starts").get_by_role("button").click()
    calendar = page.get_by_role("dialog", name="Starts")
    await expect(calendar.locator(".date-dot").nth(1)).to_be_visible()
    dotted = calendar.locator("[role=button]:has(.date-dot)")
    free, off = (calendar.locator(f"[aria-label*=' {monday(week):%-d %B %Y}']") for week in (1, 2))
    await expect(free.locator(".date-dot")).to_have_count(1)
    if monday(1).month == monday(2).month:
        await expect(off.locator(".date-dot")).to_have_count(0)
    assert await dotted.count() > 1
    await page.keyboard.press("Escape")
    await expect(field(page, "Starts").get_by_role("button")).to_be_focused()


async def test_a_day_is_taken_from_the_calendar_with_the_keyboard(
    page: Page, ann: Customer, riverside: Business
) -> None:
    await sign_in(page, ann, riverside)
    await field(page, "Starts").get_by_role("button").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("grid")).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(field(page, "Starts")).to_contain_text(f"{monday(1):%d/%m/%Y}")


async def test_the_weekday_follows_a_first_day_that_is_typed_with_its_year(
    page: Page, ann: Customer, riverside: Business
) -> None:
    await sign_in(page, ann, riverside)
    await type_date(page, "Starts", monday(20) + timedelta(days=4))
    await expect(page.get_by_role("button", name="Friday")).to_have_attribute("aria-pressed", "true")
    await expect(page.get_by_role("button", name="Monday")).to_have_attribute("aria-pressed", "false")


async def test_what_was_typed_of_a_date_stays_while_a_part_is_missing(
    page: Page, ann: Customer, riverside: Business
) -> None:
    await sign_in(page, ann, riverside)
    day = field(page, "Starts").get_by_role("spinbutton").first
    await day.click()
    await page.keyboard.press("Backspace")
    await page.keyboard.press("Backspace")
    await expect(day).to_have_text("dd")
    await page.get_by_role("button", name="Book walks").click()
    await expect(day).to_be_focused()
    await expect(day).to_have_attribute("aria-invalid", "true")
    await expect(field(page, "Starts")).to_contain_text(f"{monday(0):%Y}")
    await page.keyboard.type(f"{monday(0):%d}")
    await summary(page, "All 4 walks are free")


async def test_a_time_is_typed_by_the_clock_of_the_country(page: Page, ann: Customer, riverside: Business) -> None:
    await sign_in(page, ann, riverside)
    await type_time(page, "At", "14:30")
    await expect(field(page, "At")).to_contain_text("14:30")
    await expect(page.get_by_text("14:30").first).to_be_visible()
