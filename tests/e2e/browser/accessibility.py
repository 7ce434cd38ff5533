"""Axe looks at every state that the tests visit: in light, in dark and in the system's own colours.

A state is what a test acts upon, and what it leaves behind; not what a page passes through in a moment. What is looked at of it are the
kinds of element (`accessibility.js`) that no test of this run has shown yet; the workers tell each other which those are.
"""

import functools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.async_api import Error, Locator, Page

Look = tuple[Literal["light", "dark"], Literal["active", "none"]]

ACTS_ON_ELEMENTS = ("click", "dblclick", "check", "uncheck", "fill", "press", "select_option")
ACTS_ON_PAGES = ("goto", "reload", "go_back", "go_forward", "close")
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
ALL = {"rules": {"label-content-name-mismatch": {"enabled": True}}}
# What is the same in all looks is asked about once.
LOOKS: dict[Look, dict[str, Any]] = {("light", "none"): ALL, ("dark", "none"): COLOURS, ("light", "active"): COLOURS}
SCRIPT = Path(__file__).with_suffix(".js").read_text()

# Swagger UI writes this page: axe finds pale texts in it, and a field without a name.
NOT_OURS = "/api-reference.html"

# What Playwright and Chromium say when a page was closed or left meanwhile.
LEFT = re.compile("has been closed|context was destroyed|navigati|frame was detached|crashed", re.IGNORECASE)


class Seen:
    """The kinds that axe has looked at, a line each in a file that all workers append to."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._file.touch()
        self._lines: set[str] = set()
        self._read = 0

    def fresh(self, look: Look, kinds: list[str]) -> list[str]:
        """Those of the kinds that no worker has looked at so."""
        if self._file.stat().st_size > self._read:
            with self._file.open() as told:
                told.seek(self._read)
                self._lines.update(told.read().split("\n"))
                self._read = told.tell()
        return [kind for kind in kinds if _line(look, kind) not in self._lines]

    def add(self, look: Look, kinds: list[str]) -> None:
        """Tell that axe has looked at them."""
        with self._file.open("a") as told:
            told.write("".join(f"{_line(look, kind)}\n" for kind in kinds))


def _line(look: Look, kind: str) -> str:
    return " ".join([*look, kind])


class Accessibility:
    """Looks at pages that have `SCRIPT` in them. Each kind is looked at once as long as `seen` is the same."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    async def look(self, page: Page) -> bool:
        """Ask axe about what is new on the page as it stands. Fails naming each finding. Returns whether there was anything new."""
        if urlsplit(page.url).path == NOT_OURS:
            return False
        try:
            looked, findings = await self._look(page)
            if findings:  # unless the page was passing through what they are about
                _, again = await self._look(page)
                findings = [one for one in findings if one in again]
        except Error as error:
            if page.is_closed() or LEFT.search(error.message):
                return False
            raise
        assert not findings, f"axe, at {page.url}:\n" + "\n".join(findings)
        return looked

    async def _look(self, page: Page) -> tuple[bool, list[str]]:
        state = await page.evaluate("window.packwalkAccessibility?.state()")
        if not state:
            return False, []
        fresh = {look: kinds for look in LOOKS if (kinds := self._seen.fresh(look, state["kinds"]))}
        if not fresh:
            return False, []
        if not state["axe"]:
            await page.evaluate(AXE_SCRIPT)
        return await self._look_at(page, fresh, own=tuple(state["look"]))

    async def _look_at(self, page: Page, fresh: dict[Look, list[str]], own: Look) -> tuple[bool, list[str]]:
        """In its own colours first, for those need no change."""
        looked, findings, shown = False, list[str](), own
        for look in sorted(fresh, key=lambda one: one != own):
            if look != shown:
                await _show(page, look)
                shown = look
            told = await page.evaluate(
                "(given) => packwalkAccessibility.findings(...given)", [fresh[look], LOOKS[look]]
            )
            findings += [f"{look[0]}, forced colours {look[1]}: {one}" for one in told["findings"]]
            if not told["findings"]:
                self._seen.add(look, told["looked"])
                looked = looked or bool(told["looked"])
        if shown != own:
            await _show(page, own)
        return looked, findings

    def watch(self) -> None:
        """Look before every action of every test from now on."""
        for name in ACTS_ON_ELEMENTS:
            setattr(Locator, name, self._looking_first(getattr(Locator, name), lambda locator: locator.page))
        for name in ACTS_ON_PAGES:
            setattr(Page, name, self._looking_first(getattr(Page, name), lambda page: page))

    def watch_keys(self, page: Page) -> None:
        """Look at a page before every key that is pressed on it, but for Tab: where the focus is makes no state of its own."""
        press = page.keyboard.press
        looking = self._looking_first(press, lambda _: page)

        async def looked_then_pressed(key: str, **options: Any) -> None:
            await (press if key == "Tab" else looking)(key, **options)

        page.keyboard.press = looked_then_pressed  # type: ignore[method-assign]

    def _looking_first(self, act: Callable[..., Any], page_of: Callable[[Any], Page]) -> Callable[..., Any]:
        @functools.wraps(act)
        async def looked_then_acted(*values: Any, **options: Any) -> Any:
            await self.look(page_of(values[0]))
            return await act(*values, **options)

        return looked_then_acted


async def _show(page: Page, look: Look) -> None:
    await page.emulate_media(color_scheme=look[0], forced_colors=look[1])
