"""What people read when a form is refused: every refused field of every operation, gathered from the running services.

`contracts/problems/refused-requests.json` holds it; the page's tests read it. `PACKWALK_WRITE_CONTRACTS=1` writes it anew.
"""

import json
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest
import yaml
from pydantic import SecretStr

from booking.app import create_app as create_booking
from booking.settings import Settings as BookingSettings
from chassis.testing import HANG_S, create_database, drop_database, free_port, serve
from gateway.app import create_app as create_gateway
from gateway.settings import Settings as GatewaySettings
from tests.contracts.wrong_requests import Document
from travel.app import create_app as create_travel
from travel.settings import Settings as TravelSettings

REPOSITORY = Path(__file__).parents[2]
CONTRACTS = REPOSITORY / "contracts"
FIXTURE = CONTRACTS / "problems" / "refused-requests.json"
PREFIX = "/api/v1"
PASSWORD = "a-password-for-tests"
HOMES = {"travel": "services/travel", "booking": "services/booking", "gateway": "gateway"}
Refusal = dict[str, Any]


@pytest.fixture(scope="module")
def api() -> Iterator[str]:
    """The three services in this process; returns the public API's address."""
    with ExitStack() as stack:
        urls = {}
        for name, home in HOMES.items():
            database = create_database(name, REPOSITORY / home)
            stack.callback(drop_database, database)
            urls[name] = SecretStr(database.url)
        gateway, booking, travel = (f"http://127.0.0.1:{free_port()}" for _ in HOMES)
        keys = f"{gateway}/.well-known/jwks.json"
        of_gateway = GatewaySettings(database_url=urls["gateway"], booking_url=booking, travel_url=travel)
        of_booking = BookingSettings(database_url=urls["booking"], jwks_url=keys, travel_url="")
        of_travel = TravelSettings(database_url=urls["travel"], jwks_url=keys)
        apps = (create_gateway(of_gateway), create_booking(of_booking), create_travel(of_travel))
        for url, app in zip((gateway, booking, travel), apps, strict=True):
            stack.enter_context(serve(app, int(url.rpartition(":")[2])))
        yield gateway + PREFIX


class Asking:
    """A customer and the office of a business, who ask for what they cannot have."""

    def __init__(self, api: str) -> None:
        self.slug = f"river-{uuid4().hex[:12]}"
        self.found: list[Refusal] = []
        self._nobody = httpx.Client(base_url=api, timeout=HANG_S)
        admin = {"name": "Olive", "email": "olive@river.example", "password": PASSWORD}
        made = self._nobody.post("/organizations", json={**self.business(), "admin": admin})
        assert made.status_code == 201, made.text
        ann = {"organization": self.slug, "name": "Ann", "email": "ann@river.example", "password": PASSWORD}
        assert self._nobody.post("/accounts", json=ann).status_code == 201
        self.ann, self.office = (self._signed_in(api, f"{name}@river.example") for name in ("ann", "olive"))

    def business(self) -> dict[str, Any]:
        return {"slug": self.slug, "name": "River", "time_zone": "Europe/London", "currency": "GBP"}

    def _signed_in(self, api: str, email: str) -> httpx.Client:
        body = {"email": email, "password": PASSWORD, "organization": self.slug}
        token = self._nobody.post("/session", json=body).json()["token"]
        return httpx.Client(base_url=api, timeout=HANG_S, headers={"authorization": f"Bearer {token}"})

    def ask(self, operation: str, path: str | None = None, **request: Any) -> int:
        """Send a request as somebody who may, and keep what is said of its fields. Returns the status."""
        method, template = operation.split(" ")
        url = path or re.sub(r"\{\w+\}", str(uuid4()), template)
        headers = {"x-idempotency-key": str(uuid4()), **request.pop("headers", {})}
        for who in (self.ann, self.office):
            answer = who.request(method, url, headers=headers, **request)
            if answer.status_code != 403:
                break
        if answer.status_code == 422:
            problem = answer.json()
            self._keep({"operation": operation, "fields": problem["fields"], "detail": problem["detail"]})
        return answer.status_code

    def _keep(self, refusal: Refusal) -> None:
        if refusal not in self.found:
            self.found.append(refusal)

    def close(self) -> None:
        for client in (self._nobody, self.ann, self.office):
            client.close()


def ask_for_all_that_does_not_fit(asking: Asking, document: Document) -> None:
    """Send every operation every wrong body and parameter that its schema lets one think of."""
    for method, path, operation in document.operations():
        name = f"{method} {path.removeprefix(PREFIX)}"
        body = document.body(operation)
        for wrong in document.wrong(body) if body else ():
            if wrong is None and not operation["requestBody"].get("required"):
                continue
            status = asking.ask(name, json=wrong)
            assert status == 422, f"{name} took {str(wrong)[:200]}: {status}"
        for parameter in operation.get("parameters", ()):
            _ask_with_wrong(asking, document, name, parameter, operation)


def _ask_with_wrong(asking: Asking, document: Document, name: str, parameter: Any, operation: Any) -> None:
    place, called, schema = parameter["in"], parameter["name"], parameter["schema"]
    body = document.body(operation)
    good = {"json": document.good(body)} if body else {}
    query = {
        p["name"]: document.good(p["schema"])
        for p in operation.get("parameters", ())
        if p["in"] == "query" and p.get("required")
    }
    if place == "query" and parameter.get("required"):
        assert asking.ask(name, params={k: v for k, v in query.items() if k != called}, **good) == 422, called
    # Whatever stands in an address is text: a number is no other type there.
    texts = {str(wrong) for wrong in document.wrong(schema) if wrong not in (None, 5, "")} | {"\x07"}
    for text in sorted(texts):
        if place == "query":
            asking.ask(name, params={**query, called: text}, **good)
        elif place == "path" and text.isalpha():
            asking.ask(name, name.split(" ")[1].replace(f"{{{called}}}", text), params=query, **good)
        elif called.lower() == "last-event-id" and text.isprintable():
            asking.ask(name, headers={called: text})


def ask_for_what_the_business_refuses(asking: Asking, document: Document) -> None:
    """Send what fits its schema and cannot be had all the same."""
    today = datetime.now(ZoneInfo("Europe/London")).date()
    dog = asking.ann.post("/dogs", json={"name": "Biscuit"}).json()["id"]
    home = asking.ann.post("/locations", json={"label": "Home", "address": "12 Elm Row", "lat": 51.5, "lng": 0}).json()[
        "id"
    ]
    walk = {"kind": "walk", "name": "Walk", "duration_minutes": 60, "price_cents": 2000}
    walks = [asking.office.post("/services", json={**walk, **more}).json()["id"] for more in ({}, GROUP)]
    sam = {"role": "walker", "name": "Sam", "email": "sam@river.example", "password": PASSWORD}
    walker = asking.office.post("/organization/accounts", json=sam).json()["account"]["id"]
    hours = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in ("MO", "TU", "WE", "TH", "FR")]
    asking.office.put(f"/walkers/{walker}", json={"working_hours": hours})
    monday = today + timedelta(days=14 - today.weekday())
    new_years_day = "2040-01-01"
    series = {
        "service_id": walks[0],
        "walker_id": walker,
        "location_id": home,
        "dog_ids": [dog],
        "starts_on": str(monday),
        "start_time": "09:00",
        "weekdays": ["MO"],
        "count": 4,
    }
    until = {"count": None, "until": str(monday + timedelta(days=2))}
    chosen = {"date": str(monday), "scheduled_start": f"{monday}T11:00:00Z", "walker_id": walker}
    accepted = {"accepted_dates": [str(monday)]}
    for change in (
        {"starts_on": str(today - timedelta(days=2))},
        {"starts_on": "2090-01-01"},
        {"starts_on": str(today), "weekdays": ["MO", "TU", "WE", "TH", "FR", "SA", "SU"], "start_time": "00:00"},
        {**until, "weekdays": ["TH"]},
        {**until, "count": 4},
        {**until, "until": str(monday - timedelta(days=1))},
        {**until, "until": "2090-01-01"},
        {**until, "until": str(monday + timedelta(days=700)), "weekdays": ["MO", "TU", "WE", "TH", "FR"]},
        {"count": None},
        {"count": 367},
        {"count": 100, "interval_weeks": 2},
        {"weekdays": ["MO", "MO"]},
        {"dog_ids": [dog, dog]},
        {"dog_ids": [str(uuid4())]},
        {"location_id": str(uuid4())},
        {"service_id": str(uuid4())},
        {"service_id": walks[1]},
        {"walker_id": str(uuid4())},
        {"walker_id": None},
        {"service_id": str(uuid4()), "location_id": str(uuid4())},
        {"accepted_dates": []},
        {"accepted_dates": [new_years_day]},
        {**accepted, "replacements": [{**chosen, "date": new_years_day}]},
        {**accepted, "replacements": [{**chosen, "walker_id": str(uuid4())}]},
        {**accepted, "replacements": [chosen, chosen]},
        {"replacements": [chosen]},
    ):
        assert asking.ask("post /series", json={**series, **change}) == 422, change
        if change != {"walker_id": None}:
            asking.ask("post /series/preview", json={**series, **change})
    one = {name: series[name] for name in ("service_id", "walker_id", "location_id", "dog_ids", "start_time")}
    asking.ask("post /bookings", json={**one, "date": str(today - timedelta(days=2))})
    cancelling = [{"scope": "following"}, {"scope": "all", "from": str(monday)}]
    for body in cancelling:
        assert asking.ask("post /series/{series_id}/cancel", json=body) == 422
    for wrong in [[{**hours[0], "opens": "10:00", "closes": "09:00"}], [hours[0], hours[0]]]:
        assert asking.ask("put /walkers/{walker_id}", f"/walkers/{walker}", json={"working_hours": wrong}) == 422
    for span in (
        (f"{monday}T10:00:00Z", f"{monday}T09:00:00Z"),
        (f"{monday}T10:00:00Z", f"{monday + timedelta(days=400)}T10:00:00Z"),
        ("2020-01-01T10:00:00Z", "2020-01-02T10:00:00Z"),
    ):
        off = {"starts_at": span[0], "ends_at": span[1]}
        assert asking.ask("post /walkers/{walker_id}/time-off", f"/walkers/{walker}/time-off", json=off) == 422
    off = {"starts_at": f"{monday}T10:00:00Z", "ends_at": f"{monday}T11:00:00Z"}
    statuses = [asking.ask("post /walkers/{walker_id}/time-off", f"/walkers/{walker}/time-off", json=off) for _ in "12"]
    assert statuses == [201, 422]
    days = {"walker_id": walker, "from": str(monday), "to": str(monday + timedelta(days=80))}
    assert asking.ask("get /calendar", params=days) == 422
    for more in ({"max_dogs": 3}, {"kind": "group_walk", "max_dogs": 3}):
        assert asking.ask("post /services", json={**walk, **more}) == 422
    new = document.good(document.body(dict(_named(document))["post /organizations"]) or {})
    assert asking.ask("post /organizations", json={**new, "slug": asking.slug}) == 422
    for slug in ("Not A Slug", "no-such-business"):
        body = {"organization": slug, "name": "Bob", "email": "bob@river.example", "password": PASSWORD}
        assert asking.ask("post /accounts", json=body) == 422
    for zone, currency in (("Europe/Atlantis", "XXX"),):
        assert asking.ask("post /organizations", json={**new, "time_zone": zone, "currency": currency}) == 422
    assert asking.ask("post /session", json={"email": "nobody", "password": "nul\x00nul"}) == 422
    own = asking.office.get("/session").json()["account"]["id"]
    address = f"/organization/accounts/{own}"
    assert asking.ask("patch /organization/accounts/{account_id}", address, json={"active": False}) == 422
    changed = {"current_password": "not this one", "new_password": PASSWORD}
    assert asking.ask("put /session/password", json=changed) == 422
    trip = {"origin": {"lat": 51, "lng": 0}, "destination": {"lat": 51, "lng": 0}, "depart_at": "1999-01-01T09:00:00Z"}
    assert asking.ask("post /travel-times", json={"trips": [{**trip, "mode": "driving"}]}) == 422
    for operation in sorted(name for name, known in _named(document) if _has_cursor(known)):
        asking.ask(operation, path=f"/walkers/{walker}/time-off" if "{" in operation else None, params={"cursor": "x"})


GROUP = {"kind": "group_walk", "max_dogs": 4, "group_discount_percent": 20}


def _named(document: Document) -> Iterator[tuple[str, Any]]:
    for method, path, operation in document.operations():
        yield f"{method} {path.removeprefix(PREFIX)}", operation


def _has_cursor(operation: Any) -> bool:
    return any(parameter["name"] == "cursor" for parameter in operation.get("parameters", ()))


def test_the_committed_refusals_are_what_the_services_say_today(api: str) -> None:
    document = Document(yaml.safe_load((CONTRACTS / "openapi" / "gateway.yaml").read_text()))
    with closing(Asking(api)) as asking:
        ask_for_all_that_does_not_fit(asking, document)
        ask_for_what_the_business_refuses(asking, document)
    found = sorted(asking.found, key=lambda one: (one["operation"], json.dumps(one)))
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("PACKWALK_WRITE_CONTRACTS"):
        FIXTURE.write_text(text)
    assert text == FIXTURE.read_text(), "run this test with PACKWALK_WRITE_CONTRACTS=1 and read what changed"


def words_of_a_programmer(refusal: Refusal) -> list[str]:
    """Find what nobody should have to read."""
    texts = [refusal["detail"], *(field["message"] for field in refusal["fields"])]
    found = [text for text in texts if _PROGRAMMERS.search(text) or not _SENTENCE.fullmatch(text)]
    names = {name for field in refusal["fields"] for name in field["path"].split(".") if not name.isdigit()}
    return found + [
        text for text in texts for name in names if re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE)
    ]


_PROGRAMMERS = re.compile(
    r"\b(values?|items?|None|null|UUID|JSON|fields?|string|integer)\b|[\[\]{}<>_]|input should", re.IGNORECASE
)
_SENTENCE = re.compile(r"[A-Z][^\n]*[.?]")


def test_every_refusal_is_a_sentence_for_a_person() -> None:
    refusals = json.loads(FIXTURE.read_text())
    assert len(refusals) > 300
    assert {one["operation"]: words for one in refusals if (words := words_of_a_programmer(one))} == {}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("starts_on", "is in the past"),
        ("count", "Count must be 366 at most."),
        ("admin.password", "Value should have at least 8 items after validation, not 3."),
        ("dog_ids.0", "Input should be a valid string."),
        ("kind", "Input should be 'walk' or 'group_walk'."),
        ("label", "Field required."),
        ("label", "The label is missing."),
    ],
)
def test_a_programmers_words_are_found(path: str, text: str) -> None:
    good = {"operation": "x", "fields": [{"path": path, "message": "Please fill this in."}], "detail": text}
    assert words_of_a_programmer(good)
    bad = {"operation": "x", "fields": [{"path": path, "message": text}], "detail": "Please fill this in."}
    assert words_of_a_programmer(bad)
