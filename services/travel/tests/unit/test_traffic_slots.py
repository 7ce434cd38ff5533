"""Slots: trips that are alike share one, and what nobody can predict is asked for at the next such time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travel.rules.model import Mode, Place, Trip
from travel.rules.traffic_slots import departure_to_request, traffic_slot

A, B = Place(51.5, -0.12), Place(51.6, -0.12)
zones = st.sampled_from(sorted(available_timezones() - {"localtime"}))
instants = st.datetimes(datetime(2000, 1, 2), datetime(2099, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001


def at(text: str, zone: str = "Europe/London") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def slot(text: str, zone: str = "Europe/London", a: Place = A, b: Place = B, mode: Mode = Mode.DRIVING):
    return traffic_slot(Trip(a, b, at(text, zone), mode), zone)


def test_the_same_hour_of_any_weekday_is_alike_in_summer_and_in_winter() -> None:
    assert slot("2026-12-07T09:00") == slot("2026-12-10T09:59") == slot("2027-07-02T09:30")


@pytest.mark.parametrize(
    "other",
    [
        slot("2026-12-07T10:00"),
        slot("2026-12-12T09:00"),
        slot("2026-12-13T09:00"),
        slot("2026-12-07T09:00", "America/New_York"),
        slot("2026-12-07T09:00", a=B, b=A),
        slot("2026-12-07T09:00", mode=Mode.WALKING),
        slot("2026-12-07T09:00", b=Place(51.60001, -0.12)),
    ],
    ids=["hour", "saturday", "sunday", "zone", "direction", "mode", "a metre away"],
)
def test_whatever_makes_a_way_another_makes_another_slot(other) -> None:
    assert slot("2026-12-07T09:00") != other


def test_saturday_is_not_sunday() -> None:
    assert slot("2026-12-12T09:00") != slot("2026-12-13T09:00")


@given(instants, instants, zones)
def test_a_departure_lies_ahead_within_the_horizon_at_the_same_time_of_the_same_weekday(depart_at, now, zone) -> None:
    horizon = timedelta(days=90)
    asked = departure_to_request(depart_at, zone, now, horizon)
    assert now < asked <= now + horizon
    wanted, found = depart_at.astimezone(ZoneInfo(zone)), asked.astimezone(ZoneInfo(zone))
    if not now + timedelta(minutes=1) <= depart_at <= now + horizon:
        assert asked <= now + timedelta(days=15)
    # Where the clocks skip that very time the next valid instant is meant.
    if found.replace(tzinfo=None) == (found.astimezone(UTC).astimezone(ZoneInfo(zone))).replace(tzinfo=None):
        skipped = abs((found - found.replace(hour=wanted.hour, minute=wanted.minute)).total_seconds())
        assert found.weekday() == wanted.weekday() or skipped
        assert skipped == 0 or skipped <= 24 * 3600


def test_what_lies_ahead_is_asked_for_as_it_is() -> None:
    now = at("2026-12-01T12:00")
    assert departure_to_request(at("2026-12-07T09:00"), "Europe/London", now, timedelta(days=700)) == at(
        "2026-12-07T09:00"
    )


def test_the_past_becomes_the_next_such_weekday_and_hour() -> None:
    now = at("2026-12-01T12:00")  # a Tuesday
    year = timedelta(days=700)
    assert departure_to_request(at("2026-11-30T09:00"), "Europe/London", now, year) == at("2026-12-07T09:00")
    assert departure_to_request(at("2026-12-01T11:59"), "Europe/London", now, year) == at("2026-12-08T11:59")
    assert departure_to_request(at("2026-07-01T09:00"), "Europe/London", now, year) == at(
        "2026-12-02T09:00"
    )  # across the clocks
    assert departure_to_request(at("2027-12-06T09:00"), "Europe/London", now, timedelta(days=90)) == at(
        "2026-12-07T09:00"
    )
