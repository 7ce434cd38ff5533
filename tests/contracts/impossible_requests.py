"""Requests that fit their schema and cannot be had all the same: what each rule of the business refuses."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from tests.contracts.asking import PASSWORD, PREFIX, Asking
from tests.contracts.wrong_requests import Document

WALK = {"kind": "walk", "name": "Walk", "duration_minutes": 60, "price_cents": 2000}
GROUP = {"kind": "group_walk", "max_dogs": 4, "group_discount_percent": 20}
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR"]
HOURS = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in WEEKDAYS]
NEW_YEARS_DAY = "2040-01-01"


class Town:
    """What is there to be booked, and the days by which requests go wrong."""

    def __init__(self, asking: Asking) -> None:
        self.today: date = datetime.now(ZoneInfo("Europe/London")).date()
        self.monday = self.today + timedelta(days=14 - self.today.weekday())
        home = {"label": "Home", "address": "12 Elm Row", "lat": 51.5, "lng": 0}
        self.dog = asking.ann.post("/dogs", json={"name": "Biscuit"}).json()["id"]
        self.home = asking.ann.post("/locations", json=home).json()["id"]
        self.walk, self.group = (
            asking.office.post("/services", json={**WALK, **more}).json()["id"] for more in ({}, GROUP)
        )
        sam = {"role": "walker", "name": "Sam", "email": "sam@river.example", "password": PASSWORD}
        self.walker = asking.office.post("/organization/accounts", json=sam).json()["account"]["id"]
        asking.office.put(f"/walkers/{self.walker}", json={"working_hours": HOURS})

    def day(self, after_monday: int) -> str:
        """Return a day, counted from the Monday that series begin on."""
        return str(self.monday + timedelta(days=after_monday))

    def visit(self) -> dict[str, Any]:
        """Write what a series and a single booking have in common."""
        return {
            "service_id": self.walk,
            "walker_id": self.walker,
            "location_id": self.home,
            "dog_ids": [self.dog],
            "start_time": "09:00",
        }


def ask_for_what_the_business_refuses(asking: Asking, document: Document) -> None:
    """Send every request that a rule refuses."""
    town = Town(asking)
    _series(asking, town)
    _bookings(asking, town)
    _walkers(asking, town)
    _time_off(asking, town)
    _services(asking)
    new = document.good(document.body(dict(_named(document))["post /organizations"]) or {})
    _organizations(asking, new)
    _accounts(asking)
    _travel_times(asking)
    for operation in sorted(name for name, known in _named(document) if _has_cursor(known)):
        path = f"/walkers/{town.walker}/time-off" if "{" in operation else None
        asking.ask(operation, path=path, params={"cursor": "x"})


def _series(asking: Asking, town: Town) -> None:
    series = {**town.visit(), "starts_on": town.day(0), "weekdays": ["MO"], "count": 4}
    for changes in (_of_days, _of_ids, _of_accepted_dates):
        for change in changes(town):
            assert asking.ask("post /series", json={**series, **change}) == 422, change
            if change != {"walker_id": None}:
                asking.ask("post /series/preview", json={**series, **change})
    for body in ({"scope": "following"}, {"scope": "all", "from": town.day(0)}):
        assert asking.ask("post /series/{series_id}/cancel", json=body) == 422


def _of_days(town: Town) -> Iterator[dict[str, Any]]:
    until = {"count": None, "until": town.day(2)}
    yield {"starts_on": str(town.today - timedelta(days=2))}
    yield {"starts_on": "2090-01-01"}
    yield {"starts_on": str(town.today), "weekdays": [*WEEKDAYS, "SA", "SU"], "start_time": "00:00"}
    yield {**until, "weekdays": ["TH"]}
    yield {**until, "count": 4}
    yield {**until, "until": town.day(-1)}
    yield {**until, "until": "2090-01-01"}
    yield {**until, "until": town.day(700), "weekdays": WEEKDAYS}
    yield {"count": None}
    yield {"count": 367}
    yield {"count": 100, "interval_weeks": 2}
    yield {"weekdays": ["MO", "MO"]}


def _of_ids(town: Town) -> Iterator[dict[str, Any]]:
    yield {"dog_ids": [town.dog, town.dog]}
    yield {"dog_ids": [str(uuid4())]}
    yield {"location_id": str(uuid4())}
    yield {"service_id": str(uuid4())}
    yield {"service_id": town.group}
    yield {"walker_id": str(uuid4())}
    yield {"walker_id": None}
    yield {"service_id": str(uuid4()), "location_id": str(uuid4())}


def _of_accepted_dates(town: Town) -> Iterator[dict[str, Any]]:
    chosen = {"date": town.day(0), "scheduled_start": f"{town.day(0)}T11:00:00Z", "walker_id": town.walker}
    accepted = {"accepted_dates": [town.day(0)]}
    yield {"accepted_dates": []}
    yield {"accepted_dates": [NEW_YEARS_DAY]}
    yield {**accepted, "replacements": [{**chosen, "date": NEW_YEARS_DAY}]}
    yield {**accepted, "replacements": [{**chosen, "walker_id": str(uuid4())}]}
    yield {**accepted, "replacements": [chosen, chosen]}
    yield {"replacements": [chosen]}


def _bookings(asking: Asking, town: Town) -> None:
    asking.ask("post /bookings", json={**town.visit(), "date": str(town.today - timedelta(days=2))})
    days = {"walker_id": town.walker, "from": town.day(0), "to": town.day(80)}
    assert asking.ask("get /calendar", params=days) == 422


def _walkers(asking: Asking, town: Town) -> None:
    for hours in ([{**HOURS[0], "opens": "10:00", "closes": "09:00"}], [HOURS[0], HOURS[0]]):
        assert asking.ask("put /walkers/{walker_id}", f"/walkers/{town.walker}", json={"working_hours": hours}) == 422


def _time_off(asking: Asking, town: Town) -> None:
    def ask(starts_at: str, ends_at: str) -> int:
        span = {"starts_at": starts_at, "ends_at": ends_at}
        return asking.ask("post /walkers/{walker_id}/time-off", f"/walkers/{town.walker}/time-off", json=span)

    at_ten = f"{town.day(0)}T10:00:00Z"
    assert ask(at_ten, f"{town.day(0)}T09:00:00Z") == 422
    assert ask(at_ten, f"{town.day(400)}T10:00:00Z") == 422
    assert ask("2020-01-01T10:00:00Z", "2020-01-02T10:00:00Z") == 422
    assert [ask(at_ten, f"{town.day(0)}T11:00:00Z") for _ in range(2)] == [201, 422]


def _services(asking: Asking) -> None:
    for more in ({"max_dogs": 3}, {"kind": "group_walk", "max_dogs": 3}):
        assert asking.ask("post /services", json={**WALK, **more}) == 422


def _organizations(asking: Asking, new: dict[str, Any]) -> None:
    for wrong in ({"slug": asking.slug}, {"time_zone": "Europe/Atlantis", "currency": "XXX"}):
        assert asking.ask("post /organizations", json={**new, **wrong}) == 422


def _accounts(asking: Asking) -> None:
    for slug in ("Not A Slug", "no-such-business"):
        body = {"organization": slug, "name": "Bob", "email": "bob@river.example", "password": PASSWORD}
        assert asking.ask("post /accounts", json=body) == 422
    for password in ("password1", "river-river", "tab\tin it"):
        body = {"organization": asking.slug, "name": "Bob", "email": "bob@river.example", "password": password}
        assert asking.ask("post /accounts", json=body) == 422
    for name in ("Bob\u202ebob", "\u200b"):
        body = {"organization": asking.slug, "name": name, "email": "bob@river.example", "password": PASSWORD}
        assert asking.ask("post /accounts", json=body) == 422
    assert asking.ask("post /session", json={"email": "nobody", "password": "nul\x00nul"}) == 422
    own = asking.office.get("/session").json()["account"]["id"]
    address = f"/organization/accounts/{own}"
    for change in ({"active": False}, {"password": PASSWORD}):
        assert asking.ask("patch /organization/accounts/{account_id}", address, json=change) == 422
    changed = {"current_password": "not this one", "new_password": PASSWORD}
    assert asking.ask("put /session/password", json=changed) == 422


def _travel_times(asking: Asking) -> None:
    here = {"lat": 51, "lng": 0}
    trip = {"origin": here, "destination": here, "depart_at": "1999-01-01T09:00:00Z", "mode": "driving"}
    assert asking.ask("post /travel-times", json={"trips": [trip]}) == 422


def _named(document: Document) -> Iterator[tuple[str, Any]]:
    for method, path, operation in document.operations():
        yield f"{method} {path.removeprefix(PREFIX)}", operation


def _has_cursor(operation: Any) -> bool:
    return any(parameter["name"] == "cursor" for parameter in operation.get("parameters", ()))
