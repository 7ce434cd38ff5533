"""What a customer sees when booking dies and comes back: nothing is lost, and nothing is booked twice."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.async_api import Error, Locator, Page, expect

from chassis.testing import HANG_S, Process

from .business import Business, Customer
from .product import running
from .screens import dates_of_series, sign_in, submit, toast

pytestmark = pytest.mark.kill


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Process]]:
    """A product of this file's own, of which parts may be killed."""
    with running(tmp_path_factory.mktemp("logs")) as started:
        yield started


@pytest.fixture(scope="module")
def address(parts: dict[str, Process]) -> str:
    """Where this file's own product answers."""
    return parts["gateway"].url


async def test_a_series_is_booked_once_after_booking_was_killed_and_came_back(
    page: Page, ann: Customer, riverside: Business, parts: dict[str, Process]
) -> None:
    await sign_in(page, ann, riverside)
    await expect(submit(page)).to_be_enabled()
    keys: list[str | None] = []
    page.on(
        "request", lambda asked: keys.append(asked.headers.get("x-idempotency-key")) if is_series(asked.url) else None
    )
    parts["booking"].kill()
    async with page.expect_response(lambda one: is_series(one.url)) as answer:
        await submit(page).click()
    refused = await answer.value
    assert refused.status in {502, 503, 504}
    problem = await refused.json()
    assert problem["retryable"] is True
    said = toast(page, problem["detail"])
    await expect(said).to_be_visible()
    parts["booking"].start()
    parts["booking"].wait_until_ready()
    booked = page.get_by_role("heading", name="4 walks booked")
    async with asyncio.timeout(HANG_S):
        # The gateway spares a service that has just died, and says so for a moment longer.
        while not await booked.is_visible():
            await _press_again(page, said)
    assert len(set(keys)) == 1
    assert [len(dates) for dates in await dates_of_series(ann)] == [4]


async def _press_again(page: Page, said: Locator) -> None:
    """Send it once more by what the page offers, unless the page is at it already."""
    again = said.get_by_role("button", name="Retry").or_(page.get_by_role("button", name=re.compile("Ask again|^Book")))
    with suppress(Error):
        await again.first.click(timeout=5_000)


def is_series(url: str) -> bool:
    """Whether this is the submission and not the preview."""
    return url.endswith("/api/v1/series")
