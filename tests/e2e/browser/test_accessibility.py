"""Axe looks wherever the other tests go (`accessibility.py`): here something is wrong, and it is found."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

from .accessibility import Accessibility, Seen
from .business import Business, Customer
from .screens import sign_in, summary

LIGHT, DARK, FORCED = "light, forced colours none", "dark, forced colours none", "light, forced colours active"
SEED = """([html, css]) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
    document.querySelector('form').insertAdjacentHTML('beforeend', html);
}"""
PALE = "<p class='seeded'>Hard to read</p>"


@pytest.fixture
async def own(page: Page, tmp_path: Path) -> Accessibility:
    """Looks that know nothing yet, at a page that is in order."""
    await page.goto("/sign-in")
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    return Accessibility(Seen(tmp_path / "seen"))


@pytest.mark.parametrize(
    ("html", "css", "finding"),
    [
        ("<button class='seeded'></button>", "", f"{LIGHT}: button-name"),
        ("<input class='seeded'>", "", f"{LIGHT}: label"),
        (PALE, ".seeded { color: #ccc; background: #fff }", f"{LIGHT}: color-contrast"),
        (
            PALE,
            "@media (prefers-color-scheme: dark) { .seeded { color: #333; background: #222 } }",
            f"{DARK}: color-contrast",
        ),
        (
            PALE,
            "@media (forced-colors: active) { .seeded { forced-color-adjust: none; color: #ccc; background: #fff } }",
            f"{FORCED}: color-contrast",
        ),
    ],
    ids=["name", "label", "light", "dark", "forced"],
)
@pytest.mark.parametrize("page_was_seen", [False, True], ids=["new page", "seen page"])
async def test_what_is_wrong_is_found(
    page: Page, own: Accessibility, html: str, css: str, finding: str, page_was_seen: bool
) -> None:
    if page_was_seen:
        await own.look(page)
    await page.evaluate(SEED, [html, css])
    for _ in range(2):  # nothing in which there is a finding passes as seen
        with pytest.raises(AssertionError, match=finding):
            await own.look(page)
    await page.locator(".seeded").evaluate("(one) => one.remove()")


async def test_what_was_looked_at_is_looked_at_again_when_something_else_is_said_of_it(
    page: Page, own: Accessibility, tmp_path: Path
) -> None:
    assert await own.look(page)
    assert not await own.look(page)
    assert not await Accessibility(Seen(tmp_path / "seen")).look(page)
    await page.get_by_role("button", name="Sign in").evaluate("(one) => one.setAttribute('aria-pressed', 'true')")
    assert await own.look(page)


async def test_dates_that_are_asked_for_anew_stay_as_easy_to_read(
    page: Page, ann: Customer, riverside: Business, tmp_path: Path
) -> None:
    answered = asyncio.Event()

    async def hold(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    await sign_in(page, ann, riverside)
    await summary(page, "All 4 walks are free")
    await page.route("**/api/v1/series/preview", hold)
    await page.get_by_label("Walker").select_option(label="Sam")
    await expect(page.locator("[data-outdated]")).to_be_visible()
    await Accessibility(Seen(tmp_path / "seen")).look(page)
    answered.set()
    await summary(page, "All 4 walks are free")
