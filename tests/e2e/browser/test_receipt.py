"""The receipt counts what it books later, each once, and is found again at its address."""

import pytest
from playwright.async_api import Page, expect

from .business import Business, Customer, monday
from .screens import dates_of_series, list_months, lose_the_first_answer, sign_in, submit, toasts, wish_for_sam
from .test_booking_a_year import shown


async def test_the_receipt_counts_what_it_books_and_has_an_address_of_its_own(
    page: Page, ann: Customer, bob: Customer, riverside: Business
) -> None:
    for week in (1, 2):
        await riverside.book(bob, "Sam", monday(week), "09:00")
    await sign_in(page, ann, riverside)
    await wish_for_sam(page, 4)
    await page.get_by_role("button", name="Create 2 available bookings").click()
    await expect(page.get_by_role("heading", name="2 walks booked")).to_be_focused()
    await expect(page.locator(".lead")).to_contain_text("£40")
    await page.get_by_role("button", name="Priya at 09:00: book").first.click()
    await expect(page.get_by_role("heading", name="3 walks booked")).to_be_visible()
    await expect(page.locator(".lead")).to_contain_text("£60")
    await expect(page.get_by_role("heading", name="1 date skipped")).to_be_visible()
    await expect(page.locator("li.date-chosen")).to_be_focused()
    await expect(page.locator(".made-dates li")).to_have_count(3)
    [dates] = await dates_of_series(ann)
    assert sorted(dates) == [monday(week).isoformat() for week in (0, 1, 3)]

    assert "/series/" in page.url
    await page.reload()
    await expect(page.get_by_role("heading", name="3 walks booked")).to_be_visible()
    await expect(page.locator("li.date-chosen")).to_contain_text("Booked with Priya")
    await page.get_by_role("link", name="See my bookings").click()
    await page.wait_for_url("**/bookings")
    await page.go_back()
    await expect(page.get_by_role("heading", name="3 walks booked")).to_be_visible()

    await page.get_by_role("link", name="See my bookings").click()
    await page.get_by_text("1 date skipped").click()
    await expect(page.get_by_text("Sam is on another walk")).to_be_visible()
    await expect(page.get_by_role("toolbar", name="Dates of the series").get_by_role("button")).to_have_count(4)
    await page.get_by_role("link", name="Book it after all").click()
    await expect(page.get_by_role("heading", name="3 walks booked")).to_be_visible()


@pytest.mark.parametrize("kind", ["series", "bookings"])
@pytest.mark.parametrize("which", ["mistyped", "0196d9a0-0000-7000-8000-000000000000"])
async def test_what_is_not_there_says_so_and_leads_on(
    page: Page, ann: Customer, riverside: Business, kind: str, which: str
) -> None:
    await sign_in(page, ann, riverside)
    await page.goto(f"/{kind}/{which}")
    await expect(page.get_by_role("heading", name="We cannot find these walks")).to_be_visible()
    await page.get_by_role("link", name="See my bookings").click()
    await page.wait_for_url("**/bookings")


async def test_a_date_that_was_left_out_is_booked_from_the_receipt_at_its_own_time(
    page: Page, ann: Customer, riverside: Business
) -> None:
    await sign_in(page, ann, riverside)
    await wish_for_sam(page, 3)
    await list_months(page)
    await page.get_by_role("checkbox", name=shown(monday(1)), exact=True).first.uncheck()
    await page.get_by_role("button", name="Book 2 walks").click()
    await expect(page.locator("li.date-taken")).to_contain_text("You left this date out")
    await page.get_by_role("button", name="09:00: book").click()
    await expect(page.get_by_role("heading", name="3 walks booked")).to_be_visible()
    await expect(page.get_by_role("heading", name="Booked after all")).to_be_visible()


async def test_a_skipped_date_whose_answer_was_lost_is_booked_once(
    page: Page, ann: Customer, bob: Customer, riverside: Business
) -> None:
    await riverside.book(bob, "Sam", monday(1), "09:00")
    await sign_in(page, ann, riverside)
    await wish_for_sam(page, 2)
    await submit(page).click()
    keys = await lose_the_first_answer(page, "**/skipped/*/book")
    await page.get_by_role("button", name="Priya at 09:00: book").click()
    await toasts(page).get_by_role("button", name="Retry").click()
    await expect(page.get_by_role("heading", name="2 walks booked")).to_be_visible()
    await expect(toasts(page)).to_have_count(0)
    assert len(keys) == 2
    assert len(set(keys)) == 1
