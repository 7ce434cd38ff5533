"""What walkers and the office see: the walks that are booked, and for whom."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, Page, expect

from .business import Business, Customer, monday
from .screens import fill_in_credentials, sign_in, wish_for_sam
from .test_for_everybody import no_sideways


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


async def three_visits(riverside: Business, ann: Customer, bob: Customer) -> None:
    """Sam's Monday: Ann at nine, Bob round the corner ten minutes later, Cleo across the town at noon."""
    cleo = await riverside.customer("Cleo", dogs=["Pip"], lat=51.5010, lng=-0.1240)
    await riverside.book(ann, "Sam", monday(0), "09:00")
    await riverside.book(bob, "Sam", monday(0), "10:10")
    await riverside.book(cleo, "Sam", monday(0), "12:00")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
async def test_a_walkers_calendar_shows_the_travel_before_and_after_each_visit(
    chromium: Browser,
    address: str,
    riverside: Business,
    ann: Customer,
    bob: Customer,
    tmp_path: Path,
    width: int,
    scheme: Literal["light", "dark"],
) -> None:
    await three_visits(riverside, ann, bob)
    page = await chromium.new_page(
        base_url=address, viewport={"width": width, "height": 900}, color_scheme=scheme, timezone_id="Europe/London"
    )
    await page.goto("/sign-in")
    await fill_in_credentials(page, f"sam@{riverside.slug}.example")
    await page.get_by_role("link", name="Calendar").click()
    await page.get_by_role("button", name="Week after").click()
    ways = page.get_by_role("listitem").filter(has_text="to travel")
    await expect(ways).to_have_text(
        [
            "About 1 min to travel, 10 min between · Tight: less than 15 min to spare",
            "About 21 min to travel, 50 min between",
        ]
    )
    await no_sideways(page, "calendar")
    await page.screenshot(path=tmp_path / "calendar.png", full_page=True)
    await page.get_by_role("button", name="Details of Walk with Rex").click()
    details = page.get_by_role("dialog")
    await expect(details).to_contain_text("12 Elm Row")
    await expect(details).to_contain_text("Travel beforeAbout 1 min to travel, 10 min between")
    await expect(details).to_contain_text("Travel afterAbout 21 min to travel, 50 min between")
    await page.screenshot(path=tmp_path / "details.png")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Details of Walk with Pip").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Travel afterNo other visit near")
    await page.close()


async def test_a_walker_reads_what_the_owner_wants_them_to_know(page: Page, ann: Customer, riverside: Business) -> None:
    await ann.ask("PATCH", f"/dogs/{ann.dogs['Biscuit']}", {"notes": "Pulls on the lead."})
    await riverside.book(ann, "Sam", monday(0), "09:00")
    await page.goto("/sign-in?back=/calendar")
    await fill_in_credentials(page, f"sam@{riverside.slug}.example")
    await page.get_by_role("button", name="Week after").click()
    await page.get_by_role("button", name="Details of Walk with Biscuit").click()
    await expect(page.get_by_role("dialog").get_by_text("Biscuit: Pulls on the lead.")).to_be_visible()


async def test_the_office_chooses_whose_calendar_it_sees(
    page: Page, riverside: Business, ann: Customer, bob: Customer
) -> None:
    await three_visits(riverside, ann, bob)
    await page.goto("/sign-in?back=/calendar")
    await fill_in_credentials(page, f"admin@{riverside.slug}.example")
    await page.get_by_role("button", name="Week after").click()
    await page.get_by_label("Walker").select_option(label="Sam")
    await expect(page.get_by_text("Walk with Pip")).to_be_visible()
    await page.get_by_label("Walker").select_option(label="Priya")
    await expect(page.get_by_text("Nothing is booked this week")).to_be_visible()


async def test_a_week_is_left_and_come_back_to_with_the_keyboard_on_a_phone(phone: Page, riverside: Business) -> None:
    await riverside.time_off("Sam", monday(0))
    await phone.goto("/sign-in?back=/calendar")
    await fill_in_credentials(phone, f"sam@{riverside.slug}.example")
    ways = [phone.get_by_role("button", name=name) for name in ("Week before", "This week", "Week after")]
    await ways[2].focus()
    await phone.keyboard.press("Enter")
    await expect(phone.get_by_text("All day", exact=True)).to_be_visible()
    tops = [box["y"] for way in ways if (box := await way.bounding_box())]
    assert len(set(tops)) == 1, "the buttons stand in one line"
    await ways[1].focus()
    await phone.keyboard.press("Enter")
    await expect(ways[1]).to_be_disabled()
    await expect(ways[1]).to_be_focused()


async def test_customers_have_no_calendar(page: Page, ann: Customer, riverside: Business) -> None:
    await sign_in(page, ann, riverside)
    await expect(page.get_by_role("link", name="Calendar")).to_have_count(0)
    await page.goto("/calendar")
    await page.wait_for_url("**/bookings")


async def test_a_guessed_way_that_may_be_tight_is_a_warning_and_says_so(
    page: Page, ann: Customer, bob: Customer, riverside: Business
) -> None:
    await riverside.book(bob, "Sam", monday(0), "10:10")
    await sign_in(page, ann, riverside)
    await wish_for_sam(page)
    warned = page.locator(f"#date-{monday(0)}")
    await expect(warned).to_contain_text("Little time for Sam to get to the next visit · travel time estimated")
    await expect(warned).to_contain_text("Booked all the same")
