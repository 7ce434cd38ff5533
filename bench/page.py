"""From a click on the booking page to the list that answers it, in a real Chromium, beside the request's own time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any
from uuid import uuid4

import httpx
from playwright.sync_api import Browser, sync_playwright

from bench import measure, up
from bench.gateway import register, sign_in
from bench.measure import Figure, Limit
from launcher import browser

_DAYS = ("MO", "TU", "WE", "TH", "FR")
_TAKEN, _WEEKS = 38, 52
_CLICKED = "Long walk"
_SHOWN = f"{_WEEKS - _TAKEN} of {_WEEKS} walks are free"
# From the click's own time to the frame after the one in which the list stands; the request by the browser's own clock.
_WATCH = """(words) => {
    window.shown = new Promise((done) => {
        let clicked_ms = 0;
        addEventListener('click', (event) => { clicked_ms ||= event.timeStamp; }, { capture: true });
        const seen = new MutationObserver(() => {
            if (!document.getElementById('sum')?.textContent.startsWith(words)) return;
            seen.disconnect();
            requestAnimationFrame(() => {
                const painted = new MessageChannel();
                painted.port1.onmessage = () => {
                    const asked = performance.getEntriesByType('resource')
                        .filter((one) => one.name.endsWith('/series/preview') && one.startTime > clicked_ms).at(-1);
                    done({ request: asked.responseEnd - asked.startTime, list: performance.now() - clicked_ms,
                           drawing: performance.now() - asked.responseEnd,
                           lines: document.querySelectorAll('li.date').length });
                };
                painted.port2.postMessage(null);
            });
        });
        seen.observe(document.body, { subtree: true, childList: true, characterData: true });
    });
}"""


@dataclass(frozen=True)
class _Turn:
    request_ms: float
    list_ms: float
    drawing_ms: float


def from_click_to_list() -> list[Figure | Limit]:
    """Measure a click after which 38 of 52 dates conflict, each round on a page that was loaded afresh."""
    with up.running() as url:
        customer = _business(url)
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=browser.ready(), args=["--no-sandbox", "--disable-gpu"]
            )
            turns = [_turn(chromium, url, customer) for _ in range(measure.ROUNDS + 1)][1:]
            chromium.close()
    requests, lists = [turn.request_ms for turn in turns], [turn.list_ms for turn in turns]
    drawing = median(turn.drawing_ms for turn in turns)
    what = f"booking page: from a click to the list with {_TAKEN} conflicts, beside its request"
    return [
        Figure(what, requests, lists),
        Limit("the same", median(lists), at_most=150),
        Limit("of it from the answer to the frame with the list", drawing),
    ]


def _turn(chromium: Browser, url: str, customer: dict[str, str]) -> _Turn:
    # A context of its own: neither a kept draft nor an answer of the round before.
    page = chromium.new_context(base_url=url, viewport={"width": 1280, "height": 800}).new_page()
    if not (answer := page.request.post("/api/v1/session", data=customer)).ok:
        raise RuntimeError(answer.text())
    page.goto("/book")
    page.get_by_label("Walks", exact=True).fill(str(_WEEKS))
    page.get_by_text(f"All {_WEEKS} walks are free").first.wait_for()
    page.locator("[aria-busy=true]").wait_for(state="detached")
    page.evaluate(_WATCH, _SHOWN)
    page.get_by_text(_CLICKED, exact=True).click()
    seen = page.evaluate("window.shown")
    page.context.close()
    if seen["lines"] < _TAKEN:
        raise RuntimeError(f"the list holds {seen['lines']} lines only")
    return _Turn(seen["request"], seen["list"], seen["drawing"])


def _business(url: str) -> dict[str, str]:
    """Make a business whose one walker is free for a short walk every Monday, and busy an hour later on most of them."""
    office = register(url)
    post = _posting(url, office)
    walker = _walker(url, office, post)
    short = post("/services", _service("Short walk", 60))["id"]
    post("/services", _service(_CLICKED, 120))
    rival = _customer(url, office, "bob")
    _fill(url, rival, walker, short)
    return _customer(url, office, "ann")


def _posting(url: str, who: dict[str, str]) -> Callable[[str, dict[str, Any]], Any]:
    client = httpx.Client(base_url=f"{url}/api/v1", headers=sign_in(url, who), timeout=20)

    def post(path: str, body: dict[str, Any]) -> Any:
        return client.post(path, json=body, headers={"x-idempotency-key": str(uuid4())}).raise_for_status().json()

    return post


def _service(name: str, minutes: int) -> dict[str, Any]:
    return {"kind": "walk", "name": name, "duration_minutes": minutes, "price_cents": minutes * 30}


def _walker(url: str, office: dict[str, str], post: Callable[[str, dict[str, Any]], Any]) -> str:
    account = {"role": "walker", "name": "Sam", "email": "sam@bench.example", "password": office["password"]}
    made = post("/organization/accounts", account)
    walker_id = str(made.get("account", made)["id"])
    hours = [{"weekday": day, "opens": "08:00", "closes": "18:00"} for day in _DAYS]
    body = {"travel_mode": "driving", "working_hours": hours, "active": True}
    httpx.put(
        f"{url}/api/v1/walkers/{walker_id}", json=body, headers=sign_in(url, office), timeout=20
    ).raise_for_status()
    return walker_id


def _customer(url: str, office: dict[str, str], name: str) -> dict[str, str]:
    who = {**office, "email": f"{name}@bench.example"}
    httpx.post(f"{url}/api/v1/accounts", json={**who, "name": name.title()}, timeout=20).raise_for_status()
    post = _posting(url, who)
    post("/dogs", {"name": f"{name.title()}'s dog"})
    post("/locations", {"label": "Home", "address": "12 Elm Row", "lat": 51.5560, "lng": -0.1640})
    return who


def _fill(url: str, who: dict[str, str], walker: str, service: str) -> None:
    headers = sign_in(url, who)
    today = datetime.now(UTC).date()
    first = today + timedelta(days=7 - today.weekday())
    named = {
        path: httpx.get(f"{url}/api/v1/{path}", headers=headers, timeout=20).raise_for_status().json()["items"]
        for path in ("dogs", "locations")
    }
    body = {
        "service_id": service,
        "walker_id": walker,
        "location_id": named["locations"][0]["id"],
        "dog_ids": [named["dogs"][0]["id"]],
        "starts_on": first.isoformat(),
        "start_time": "10:30",
        "weekdays": ["MO"],
        "interval_weeks": 1,
        "count": _TAKEN,
    }
    _posting(url, who)("/series", body)
