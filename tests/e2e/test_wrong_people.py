"""Nobody sees or changes what is another's: every operation of the public API, by every wrong person, through the gateway.

The matrix is made from the API's own document: an operation that is missing here fails the test.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import yaml

from chassis.testing import HANG_S
from tests.e2e.browser.business import PASSWORD, Business, Customer, first_monday, instant
from tests.e2e.browser.product import running

CONTRACT = Path(__file__).parents[2] / "contracts" / "openapi" / "gateway.yaml"
METHODS = ("get", "post", "put", "patch", "delete")
WRONG = ("nobody", "other customer", "other walker", "other organization's customer", "other organization's office")
MONDAY = first_monday()

# What anybody may ask: there is nothing of anybody's in it.
PUBLIC = {"post /organizations", "post /accounts", "post /session"}
# What is the asker's own: allowed to every account, and shows nothing of Ann's.
OWN = {
    "get /organization",
    "get /session",
    "delete /session",
    "put /session/password",
    "get /services",
    "get /walkers",
    "get /bookings",
    "get /series",
    "get /dogs",
    "get /locations",
    "post /dogs",
    "post /locations",
    "post /series",
    "post /series/preview",
    "post /bookings",
    "post /services",
    "patch /organization",
    "get /organization/accounts",
    "post /organization/accounts",
    "get /notifications",
    "post /notifications/read",
}
# The asker's own as well, but without an end: gateway/tests/test_notifications.py reads from it.
STREAMS = {"get /notifications/stream"}
# What belongs to Ann, her walker or her business: refused to all of them, or looks missing.
ANNES = {
    "patch /organization/accounts/{account_id}",
    "patch /services/{service_id}",
    "delete /services/{service_id}",
    "put /walkers/{walker_id}",
    "get /calendar",
    "post /walkers/{walker_id}/time-off",
    "get /walkers/{walker_id}/time-off",
    "delete /walkers/{walker_id}/time-off/{block_id}",
    "get /bookings/{booking_id}",
    "post /bookings/{booking_id}/cancel",
    "get /series/{series_id}",
    "post /series/{series_id}/cancel",
    "post /series/{series_id}/skipped/{date}/book",
    "post /series/{series_id}/restore",
    "post /bookings/{booking_id}/restore",
    "post /bookings/{booking_id}/reschedule",
    "patch /locations/{location_id}",
    "delete /locations/{location_id}",
    "patch /dogs/{dog_id}",
    "delete /dogs/{dog_id}",
    "post /notifications/{notification_id}/read",
}
# A walker of one's own organization may be looked at; another's looks missing.
OF_THE_ORGANIZATION = {"get /walkers/{walker_id}"}
# How long a road takes is nobody's secret, but each answer may cost money: customers do not ask.
STAFFS = {"post /travel-times"}

BODIES: dict[str, Any] = {
    "patch /organization/accounts/{account_id}": {"name": "Mine"},
    "patch /services/{service_id}": {"name": "Mine"},
    "put /walkers/{walker_id}": {"working_hours": []},
    "post /walkers/{walker_id}/time-off": {"starts_at": instant(MONDAY, 0), "ends_at": instant(MONDAY, 23)},
    "post /bookings/{booking_id}/reschedule": {"date": str(MONDAY), "start_time": "15:00"},
    "post /series/{series_id}/cancel": {"scope": "all"},
    "post /series/{series_id}/restore": {"booking_ids": [str(uuid4())]},
    "patch /locations/{location_id}": {"label": "Mine"},
    "patch /dogs/{dog_id}": {"group_preference": "opted_in"},
}


class Town:
    """Two businesses, and everybody in them."""

    def __init__(self, ann: Customer, people: dict[str, httpx.AsyncClient], ids: dict[str, str]) -> None:
        self.ann = ann
        self.people = people
        self.ids = ids

    async def ask(self, who: str, operation: str) -> httpx.Response:
        """Ask for what is Ann's."""
        method, path = operation.split(" ")
        for name, value in self.ids.items():
            path = path.replace(f"{{{name}}}", value)
        if operation == "get /calendar":
            path += f"?walker_id={self.ids['walker_id']}&from={MONDAY}&to={MONDAY}"
        body = BODIES.get(operation)
        key = {"X-Idempotency-Key": str(uuid4())}
        return await self.people[who].request(method.upper(), f"/api/v1{path}", json=body, headers=key)

    async def everything_of_annes(self) -> list[Any]:
        """Show all that Ann has."""
        paths = (
            "/bookings",
            "/series",
            "/dogs",
            "/locations",
            f"/series/{self.ids['series_id']}",
            "/walkers",
            "/services",
            "/notifications",
        )
        return [await self.ann.ask("GET", path) for path in paths]


@pytest.fixture(scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """Ann has booked with Sam, who has a day off; everybody else is wrong."""
    with running(tmp_path_factory.mktemp("logs")) as parts:
        address = parts["gateway"].url
        async with (
            Business(address) as here,
            Business(address) as there,
            httpx.AsyncClient(base_url=address, timeout=HANG_S) as nobody,
        ):
            await here.open()
            await there.open()
            ann, bob = await here.customer("Ann", ["Biscuit"]), await here.customer("Bob", ["Rex"])
            priya = await here.sign_in(f"priya@{here.slug}.example")
            stranger = await there.customer("Stella", ["Star"])
            people = dict(
                zip(WRONG, (nobody, bob.client, priya.client, stranger.client, there.admin.client), strict=True)
            )
            yield Town(ann, people, await _annes(here, ann))


async def _annes(here: Business, ann: Customer) -> dict[str, str]:
    wish = {
        "service_id": here.services["Neighbourhood walk"],
        "walker_id": here.walkers["Sam"],
        "location_id": ann.location_id,
        "dog_ids": list(ann.dogs.values()),
        "starts_on": MONDAY.isoformat(),
        "start_time": "09:00",
        "weekdays": ["MO"],
        "count": 5,
        "accepted_dates": [str(MONDAY + timedelta(days=7 * n)) for n in range(4)],
    }
    made = await ann.ask("POST", "/series", wish, **{"X-Idempotency-Key": str(uuid4())})
    span = {"starts_at": instant(MONDAY, 15), "ends_at": instant(MONDAY, 16)}
    off = await here.admin.ask("POST", f"/walkers/{here.walkers['Sam']}/time-off", span)
    account = (await ann.ask("GET", "/session"))["account"]["id"]
    await here.admin.ask("POST", f"/bookings/{made['bookings'][3]['id']}/cancel", {})
    return {
        "account_id": account,
        "service_id": wish["service_id"],
        "walker_id": here.walkers["Sam"],
        "location_id": ann.location_id,
        "dog_id": next(iter(ann.dogs.values())),
        "series_id": made["series"]["id"],
        "date": made["skipped"][0]["date"],
        "booking_id": made["bookings"][0]["id"],
        "block_id": off["id"],
        "notification_id": await _told(ann),
    }


async def _told(who: Customer) -> str:
    async with asyncio.timeout(HANG_S):
        while not (items := (await who.ask("GET", "/notifications"))["items"]):  # noqa: ASYNC110 - another process tells
            await asyncio.sleep(0.05)
    return str(items[0]["id"])


def operations() -> set[str]:
    """Return every operation of the public API."""
    paths = yaml.safe_load(CONTRACT.read_text())["paths"]
    return {
        f"{method} {path.removeprefix('/api/v1')}"
        for path, known in paths.items()
        for method in known
        if method in METHODS
    }


def test_every_operation_is_in_the_matrix() -> None:
    assert operations() == PUBLIC | OWN | STREAMS | ANNES | OF_THE_ORGANIZATION | STAFFS


async def test_nobody_is_let_in_without_signing_in(town: Town) -> None:
    for operation in sorted(operations() - PUBLIC):
        answer = await town.ask("nobody", operation)
        assert (answer.status_code, answer.json()["type"]) == (401, "/problems/not-signed-in"), operation


@pytest.mark.parametrize("who", WRONG[1:])
async def test_what_is_annes_is_refused_or_looks_missing(town: Town, who: str) -> None:
    before = await town.everything_of_annes()
    for operation in sorted(ANNES):
        answer = await town.ask(who, operation)
        assert answer.status_code in (403, 404), f"{operation}: {answer.status_code} {answer.text}"
    assert await town.everything_of_annes() == before


@pytest.mark.parametrize("who", WRONG[1:])
async def test_lists_show_nothing_of_annes(town: Town, who: str) -> None:
    secret = ["booking_id", "series_id", "dog_id", "location_id", "account_id", "notification_id"]
    if who.startswith("other organization's"):
        secret += ["service_id", "walker_id"]
    if who == "other walker":
        secret = ["booking_id", "series_id", "location_id"]  # walkers know all dogs of their organization
    for operation in sorted(one for one in OWN if one.startswith("get ")):
        answer = await town.ask(who, operation)
        if answer.status_code == 403:
            continue
        assert answer.status_code == 200, f"{operation}: {answer.text}"
        assert not [name for name in secret if town.ids[name] in answer.text], operation


@pytest.mark.parametrize("who", ["other organization's customer", "other organization's office"])
async def test_a_walker_of_another_organization_looks_missing(town: Town, who: str) -> None:
    for operation in OF_THE_ORGANIZATION:
        assert (await town.ask(who, operation)).status_code == 404


@pytest.mark.parametrize("who", WRONG[1:])
async def test_staff_alone_ask_how_long_roads_take(town: Town, who: str) -> None:
    trip = {
        "origin": {"lat": 51.5, "lng": -0.12},
        "destination": {"lat": 51.51, "lng": -0.12},
        "depart_at": instant(MONDAY, 9),
        "mode": "driving",
    }
    answer = await town.people[who].post("/api/v1/travel-times", json={"trips": [trip]})
    assert answer.status_code == (403 if "customer" in who else 200)
    if answer.status_code == 200:
        assert [one["source"] for one in answer.json()["trips"]] == ["estimate"]


@pytest.mark.parametrize("who", ["other customer", "other walker", "other organization's customer"])
async def test_the_offices_work_is_refused_to_others(town: Town, who: str) -> None:
    account = {"role": "admin", "name": "Eve", "email": "eve@example.com", "password": PASSWORD}
    walk = {"kind": "walk", "name": "Mine", "duration_minutes": 60, "price_cents": 0}
    client = town.people[who]
    for path, method, body in (
        ("/services", "POST", walk),
        ("/organization", "PATCH", {"name": "Mine"}),
        ("/organization/accounts", "GET", None),
        ("/organization/accounts", "POST", account),
    ):
        answer = await client.request(method, f"/api/v1{path}", json=body)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-allowed"), path


async def test_a_body_cannot_name_what_is_annes(town: Town) -> None:
    bob = town.people["other customer"]
    mine = (await bob.get("/api/v1/dogs")).json()["items"][0]["id"]
    home = (await bob.get("/api/v1/locations")).json()["items"][0]["id"]
    wish = {
        "service_id": town.ids["service_id"],
        "walker_id": town.ids["walker_id"],
        "location_id": home,
        "dog_ids": [mine],
        "starts_on": MONDAY.isoformat(),
        "start_time": "12:00",
        "weekdays": ["MO"],
        "count": 1,
    }
    for field, foreign in (("dog_ids", [town.ids["dog_id"]]), ("location_id", town.ids["location_id"])):
        key = {"X-Idempotency-Key": str(uuid4())}
        answer = await bob.post("/api/v1/series", json={**wish, field: foreign}, headers=key)
        assert answer.status_code == 422
        assert answer.json()["fields"][0]["path"].startswith(field)
