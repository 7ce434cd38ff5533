"""A real Chromium at the real product: the built frontend behind the gateway, with booking behind that."""

import functools
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from chassis.testing import HANG_S

from .accessibility import SCRIPT, Accessibility, Seen
from .business import Business, Customer
from .product import running
from .responses import check_responses
from .submissions import CREATES, Submissions

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP plain.example 127.0.0.1",
]


# A busy machine takes longer than a toast's eight seconds from one step of a test to the next. The tests of those eight
# seconds bring a clock of their own.
TOASTS_STAY = f"""
    const start = window.setTimeout;
    window.setTimeout = (then, ms, ...rest) => start(then, ms === 8_000 ? {HANG_S * 1000} : ms, ...rest);
"""

expect.set_options(timeout=HANG_S * 1000)


def prepared(browser: Browser, accessibility: Accessibility) -> Browser:
    """Let whatever is opened in a browser wait for as long as only a hang takes, and be looked at by axe."""
    open_context = browser.new_context

    async def new_context(**options: Any) -> BrowserContext:
        context = await open_context(**options)
        context.set_default_timeout(HANG_S * 1000)
        await context.add_init_script(TOASTS_STAY)
        await context.add_init_script(SCRIPT)
        context.on("page", accessibility.watch_keys)
        context.close = functools.partial(looked_at, accessibility, context, context.close)  # type: ignore[method-assign]
        check_responses(context)
        return context

    browser.new_context = new_context  # type: ignore[method-assign]
    return browser


async def looked_at(
    accessibility: Accessibility, context: BrowserContext, close: Callable[[], Awaitable[None]]
) -> None:
    """Close a browser's window when axe has seen what is left in it."""
    try:
        for page in context.pages:
            while await accessibility.look(page):
                pass  # it became something else meanwhile
    finally:
        await close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives the browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the product answers; one a worker, for tests keep apart by organization."""
    with running(tmp_path_factory.mktemp("logs")) as parts:
        yield parts["gateway"].url


@pytest.fixture(scope="session")
async def chromium(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    """One browser a worker; every test has a context, and so cookies, of its own."""
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    accessibility = Accessibility(Seen(folder / "seen-by-axe"))
    accessibility.watch()
    async with async_playwright() as playwright:
        path = os.environ.get("PACKWALK_TEST_CHROMIUM", "/usr/bin/chromium")
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS, timeout=HANG_S * 1000)
        yield prepared(browser, accessibility)
        await browser.close()


@pytest.fixture
async def context(chromium: Browser, address: str) -> AsyncIterator[BrowserContext]:
    """A browser in London; tests of other looks open their own."""
    made = await chromium.new_context(
        base_url=address, viewport={"width": 1280, "height": 900}, timezone_id="Europe/London", locale="en-GB"
    )
    yield made
    await made.close()


@pytest.fixture
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """A page on which nothing may be thrown and not caught."""
    thrown: list[str] = []
    opened = await context.new_page()
    opened.on("pageerror", lambda error: thrown.append(str(error)))
    yield opened
    assert thrown == []


@pytest.fixture
async def phone(chromium: Browser, address: str) -> AsyncIterator[Page]:
    """A page on a phone in London."""
    made = await chromium.new_context(
        base_url=address,
        viewport={"width": 360, "height": 740},
        has_touch=True,
        reduced_motion="reduce",
        timezone_id="Europe/London",
        locale="en-GB",
    )
    yield await made.new_page()
    await made.close()


@pytest.fixture
async def sent(context: BrowserContext) -> AsyncIterator[Submissions]:
    """Every submission of the test's browser."""
    submissions = Submissions()
    for address in CREATES:
        await context.route(address, submissions)
    yield submissions
    await context.unroute_all(behavior="wait")


@pytest.fixture
async def riverside(address: str) -> AsyncIterator[Business]:
    """A business of this test alone, with two walkers and two services."""
    async with Business(address) as business:
        await business.open()
        yield business


@pytest.fixture
async def ann(riverside: Business) -> Customer:
    """A customer with a dog and an address."""
    return await riverside.customer("Ann", dogs=["Biscuit"])


@pytest.fixture
async def bob(riverside: Business) -> Customer:
    """Another customer, who lives a few streets away."""
    return await riverside.customer("Bob", dogs=["Rex"], lat=51.5552, lng=-0.1655)
