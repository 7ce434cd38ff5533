"""Who may not ask, and what cannot be asked."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from chassis.testing import HANG_S, Identity
from google_stand_in import Google
from travel.settings import Settings
from travel_client import trip

POINT = {"lat": 51.5, "lng": -0.12}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"origin": {"lat": 90.1, "lng": 0}}, "trips.0.origin.lat"),
        ({"destination": {"lat": 0, "lng": -180.5}}, "trips.0.destination.lng"),
        ({"origin": {"lat": "51", "lng": 0}}, "trips.0.origin.lat"),
        ({"origin": {"lat": True, "lng": 0}}, "trips.0.origin.lat"),
        ({"origin": {"lat": 51}}, "trips.0.origin.lng"),
        ({"origin": {**POINT, "name": "x"}}, "trips.0.origin.name"),
        ({"origin": None}, "trips.0.origin"),
        ({"depart_at": "2026-12-07T09:00:00"}, "trips.0.depart_at"),
        ({"depart_at": 0}, "trips.0.depart_at"),
        ({"depart_at": "1999-12-07T09:00:00Z"}, "trips.0.depart_at"),
        ({"depart_at": "9999-12-31T23:59:59Z"}, "trips.0.depart_at"),
        ({"depart_at": "9999-12-31T23:59:59-23:59"}, "trips.0.depart_at"),
        ({"mode": "flying"}, "trips.0.mode"),
        ({"mode": "driving\x00"}, "trips.0.mode"),
        ({"traffic": True}, "trips.0.traffic"),
    ],
)
def test_a_wrong_trip_is_refused_by_the_name_of_its_field(serving, ask, google: Google, change, field) -> None:
    refused = ask(serving()).http.post("/travel-times", json={"trips": [{**trip(POINT), **change}]})
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert [one["path"] for one in refused.json()["fields"]] == [field]
    assert google.requests == []


@pytest.mark.parametrize("number", [0, 1001])
def test_a_request_has_between_one_and_a_thousand_trips(serving, ask, number: int) -> None:
    small = {"origin": {"lat": 1, "lng": 2}, "destination": {"lat": 1, "lng": 2}, "depart_at": "2026-12-07T09:00:00Z"}
    refused = ask(serving(google_maps_api_key=None)).http.post("/travel-times", json={"trips": [small] * number})
    assert (refused.status_code, [one["path"] for one in refused.json()["fields"]]) == (422, ["trips"])


def test_a_thousand_trips_with_all_their_decimals_fit(serving, ask) -> None:
    long = {"lat": 51.507400000000004, "lng": -0.12780000000000002}
    trips = [trip(long, {"lat": 51.6 + n / 1e4, "lng": -0.1}, mode="bicycling") for n in range(1000)]
    assert len(ask(serving(google_maps_api_key=None))(*trips)) == 1000


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"trips": {}}', b'{"trips": [1]}', b"\xff"])
def test_what_is_no_request_is_refused(serving, ask, body: bytes) -> None:
    refused = ask(serving()).http.post("/travel-times", content=body, headers={"content-type": "application/json"})
    assert refused.status_code in (400, 422)
    assert refused.json()["detail"]


def test_only_staff_and_booking_ask(serving, identity: Identity, booking: Identity) -> None:
    served, organization = serving(google_maps_api_key=None), uuid4()
    person = identity.person("customer", organization)

    def status(headers: dict[str, str]) -> int:
        return httpx.post(
            f"{served.url}/travel-times", json={"trips": [trip()]}, headers=headers, timeout=HANG_S
        ).status_code

    assert status({}) == 401
    assert status(identity.headers("travel", person)) == 403
    nothing = httpx.post(
        f"{served.url}/travel-times", json={"trips": []}, headers=identity.headers("travel", person), timeout=HANG_S
    )
    assert nothing.status_code == 403
    for role in ("walker", "admin"):
        assert status(identity.headers("travel", identity.person(role, organization))) == 200
        assert status(identity.headers("booking", identity.person(role, organization))) == 401
    assert status(booking.headers("travel", person.through("booking"))) == 200
    assert status(booking.headers("travel", identity.person("admin", organization))) == 401
    assert status(identity.headers("travel", person.through("booking"))) == 401
    assert status(identity.headers("travel", person.through("gateway"))) == 403


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ({"travel_provider": "google_routes"}, "needs GOOGLE_MAPS_API_KEY"),
        ({"travel_provider": "google_distance_matrix", "google_maps_api_key": "  "}, "needs GOOGLE_MAPS_API_KEY"),
        ({"google_maps_api_key_file": "/nowhere/key"}, None),
        ({"travel_provider": "bing"}, "google_routes"),
        ({"travel_cache_hours": -1}, "greater"),
        ({"travel_memory_entries": 0}, "greater"),
    ],
)
def test_settings_that_cannot_work_are_refused_at_the_start(own: dict[str, Any], words: str | None) -> None:
    if words is None:
        with pytest.raises(ValueError, match="cannot be read"):
            _ = Settings(**own).source
        return
    with pytest.raises(ValueError, match=words):
        Settings(**own)


def test_an_empty_setting_is_no_choice() -> None:
    settings = Settings(travel_provider="", google_maps_api_key="")
    assert (settings.source, settings.key) == ("estimate", None)


def test_the_key_may_stand_in_a_file(tmp_path) -> None:
    (tmp_path / "key").write_text("AIzaInAFile\n")
    settings = Settings(google_maps_api_key_file=tmp_path / "key")
    assert settings.key is not None
    assert (settings.key.get_secret_value(), settings.source) == ("AIzaInAFile", "google_routes")
