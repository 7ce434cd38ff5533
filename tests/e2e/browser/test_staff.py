"""What walkers and the office see: the walks that are booked, and for whom."""

import pytest
from playwright.async_api import Page, expect

from .business import Business, Customer, monday
from .screens import fill_in_credentials


@pytest.mark.parametrize("person", ["admin", "sam"])
async def test_staff_see_the_walks_with_customer_and_address(
    page: Page, ann: Customer, riverside: Business, person: str
) -> None:
    await riverside.book(ann, "Sam", monday(0), "09:00")
    await page.goto("/sign-in?back=/book")
    await fill_in_credentials(page, f"{person}@{riverside.slug}.example")
    await page.wait_for_url("**/bookings")
    await expect(page.get_by_role("heading", name="09:00 for Ann Archer")).to_be_visible()
    await expect(page.get_by_role("listitem").filter(has_text="Ann Archer")).to_contain_text("12 Elm Row, London NW3")
    await expect(page.get_by_role("link", name="Book", exact=True)).to_have_count(0)


async def test_a_walker_does_not_see_another_walkers_walks(page: Page, ann: Customer, riverside: Business) -> None:
    await riverside.book(ann, "Sam", monday(0), "09:00")
    await page.goto("/sign-in")
    await fill_in_credentials(page, f"priya@{riverside.slug}.example")
    await expect(page.get_by_role("heading", name="No walks yet")).to_be_visible()
