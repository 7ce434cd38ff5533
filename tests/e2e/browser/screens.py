"""What a person does on the screens, in the words of the screens."""

import asyncio
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from playwright.async_api import Locator, Page, Route, expect

from chassis.testing import HANG_S

from .business import PASSWORD, Business, Customer


async def sign_in(page: Page, who: Customer, business: Business) -> None:
    """Fill in the sign-in page and wait until the customer's home has come up."""
    await page.goto("/sign-in")
    await fill_in_credentials(page, who.email)
    await page.wait_for_url("**/book")
    await expect(page.get_by_text(business.name)).to_be_visible()
    await expect(page.locator(".submit-bar")).to_be_visible()


async def fill_in_credentials(page: Page, email: str, password: str = PASSWORD) -> None:
    """Send the form of the sign-in page."""
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in").click()


async def wish_for_a_year(page: Page) -> None:
    """A year of Mondays at nine: a fresh form, but for how many."""
    await page.get_by_label("Walks", exact=True).fill("52")


async def wish_for_sam(page: Page, walks: int = 52) -> None:
    """A year of Mondays at nine with Sam: a fresh form, but for the walker and how many."""
    await page.get_by_label("Walker").select_option(label="Sam")
    await page.get_by_label("Walks", exact=True).fill(str(walks))


async def summary(page: Page, text: str) -> None:
    """Wait until the preview says this, and says it of what the form holds now."""
    await expect(page.get_by_role("heading", name=text)).to_be_visible()
    await expect(page.locator("[aria-busy=true]")).to_have_count(0)


async def list_months(page: Page) -> None:
    """Open every month of the list; on a small screen the list itself is closed at first."""
    listed = page.get_by_role("button", name="Dates by month")
    if await listed.get_attribute("aria-expanded") == "false":
        await listed.click()
    await page.get_by_role("button", name="Expand all").click()


def submit(page: Page) -> Locator:
    """The button that says in numbers what it does."""
    return page.locator(".submit-bar").get_by_role("button", name=re.compile(r"^(Book \d+ walk|Create \d+ available)"))


def toasts(page: Page) -> Locator:
    """Toasts from the top of the screen down."""
    return page.locator("[data-sonner-toast]")


def toast(page: Page, text: str) -> Locator:
    """The toast that says this."""
    return toasts(page).filter(has_text=text)


async def lies_at(where: Callable[..., bool], *elements: Locator) -> None:
    """Wait until the elements' boxes, in their order, lie where they belong: what has just come may still move."""
    async with asyncio.timeout(HANG_S):
        while not all(boxes := [await _box(element) for element in elements]) or not where(*boxes):
            await _a_frame(elements[0].page)


async def _box(element: Locator) -> Any:
    """None: it went again."""
    await expect(element).to_be_visible()
    return await element.bounding_box()


def above(upper: dict[str, float], lower: dict[str, float]) -> bool:
    """Whether one box ends before the other begins."""
    return upper["y"] + upper["height"] <= lower["y"]


async def becomes(page: Page, expression: str, wanted: object) -> None:
    """Wait until an expression on the page has this value."""
    async with asyncio.timeout(HANG_S):
        while await page.evaluate(expression) != wanted:
            await _a_frame(page)


async def _a_frame(page: Page) -> None:
    await page.evaluate("new Promise(requestAnimationFrame)")


async def dates_of_series(who: Customer) -> list[list[str]]:
    """The dates that were booked, by series."""
    listed = await who.ask("GET", "/series")
    found = [await who.ask("GET", f"/series/{one['id']}") for one in listed["items"]]
    return [[booking["scheduled_start"][:10] for booking in one["bookings"]] for one in found]


def field(page: Page, label: str) -> Locator:
    """A date or a time, which is a group of parts to type."""
    return page.get_by_role("group", name=label, exact=True)


async def type_date(page: Page, label: str, day: date) -> None:
    """Type a date part by part, in a British business's order."""
    await field(page, label).get_by_role("spinbutton").first.click()
    await page.keyboard.type(f"{day:%d%m%Y}")


async def type_time(page: Page, label: str, at: str) -> None:
    """Type a time (HH:MM) by a clock of 24 hours."""
    await field(page, label).get_by_role("spinbutton").first.click()
    await page.keyboard.type(at.replace(":", ""))


async def lose_the_first_answer(page: Page, path: str) -> list[str | None]:
    """Let the server work and its first answer get lost. Returns the keys that were sent, as they come."""
    keys: list[str | None] = []

    async def lose(route: Route) -> None:
        keys.append(await route.request.header_value("X-Idempotency-Key"))
        answer = await route.fetch()  # the server did its work
        if len(keys) == 1:
            await route.abort("connectionreset")
        else:
            await route.fulfill(response=answer)

    await page.route(path, lose)
    return keys
