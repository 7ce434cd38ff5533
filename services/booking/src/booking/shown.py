"""Occurrences, bookings and series as the API shows them. The types are for the API's document; values are made once."""

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import (
    Literal,
    NotRequired,  # pydantic reads it, and before Python 3.12 only this one
)
from uuid import UUID

from typing_extensions import TypedDict

from booking.rules.model import Assessed, Conflict, Gap, OwnBooking, Reason, Rule, Surroundings, TravelTime
from booking.store.booking_rows import Series, Visits
from booking.store.rows import Row


class ShownOwnBooking(TypedDict):
    """A booking of the customer's own that stands in the way."""

    id: UUID
    dog_names: list[str]
    walker_name: str
    scheduled_start: datetime
    scheduled_end: datetime


class ShownConflict(TypedDict):
    """Why a date cannot be booked, why it may be tight, or (`left_out`) why it was not booked although it was free.

    `cause` is finer than `reason`. `own_booking` (with `own_booking`): which it is. `estimated` (with `travel_time`): the way's time is a
    guess.
    """

    reason: Literal["overlap", "block", "travel_time", "left_out"]
    cause: Literal[
        "another_walk",
        "time_off",
        "not_a_working_day",
        "outside_hours",
        "inactive",
        "own_booking",
        "same_series",
        "travel_time",
        "clock_change",
        "left_out",
    ]
    severity: Literal["hard", "warning"]
    message: str
    walker_id: UUID
    walker_name: str
    own_booking: ShownOwnBooking | None
    estimated: NotRequired[bool]


class ShownAlternative(TypedDict):
    """What would work instead."""

    scheduled_start: datetime
    walker_id: UUID
    walker_name: str


class ShownOccurrence(TypedDict):
    """A date of the rule, with its outcome."""

    date: date
    time: str
    scheduled_start: datetime
    scheduled_end: datetime
    walker_id: UUID
    outcome: Literal["available", "warning", "conflict"]
    conflicts: list[ShownConflict]
    alternatives: list[ShownAlternative]


class ShownRule(TypedDict):
    """Every `interval_weeks` weeks on `weekdays` at `start_time`, local; either `count` or `until` is null."""

    starts_on: date
    start_time: str
    weekdays: list[Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"]]
    interval_weeks: int
    count: int | None
    until: date | None


class MadeBooking(TypedDict):
    """A booking that was just made."""

    id: UUID
    series_id: UUID | None
    service_id: UUID
    walker_id: UUID
    location_id: UUID
    customer_id: UUID
    dog_ids: list[UUID]
    date: date
    scheduled_start: datetime
    scheduled_end: datetime
    status: Literal["scheduled", "cancelled"]
    price_cents: int
    currency: str


class MadeSeries(TypedDict):
    """A series that was just made."""

    id: UUID
    status: Literal["active", "cancelled"]
    rule: ShownRule
    time_zone: str
    service_id: UUID
    walker_id: UUID
    location_id: UUID
    customer_id: UUID
    dog_ids: list[UUID]
    created_at: datetime
    booking_count: int
    skipped_count: int


class SeriesCreated(TypedDict):
    """The answer to a series: what was made, and what was skipped and why."""

    series: MadeSeries
    bookings: list[MadeBooking]
    skipped: list[ShownOccurrence]


class BookingCreated(TypedDict):
    """The answer to a single booking."""

    booking: MadeBooking


class WalkerCount(TypedDict):
    """How many dates of a rule a walker could take."""

    walker_id: UUID
    name: str
    available_count: int


class SeriesPreview(TypedDict):
    """What a series would become now. The price is that of all dates but the conflicting ones."""

    walker_id: UUID
    walker_name: str
    occurrences: list[ShownOccurrence]
    available_count: int
    warning_count: int
    conflict_count: int
    price_cents: int
    currency: str
    walkers: list[WalkerCount] | None


class ShownWay(TypedDict):
    """The way between two visits. `estimated`: nobody who knows the roads has told; `tight`: it leaves less than the buffer."""

    duration_seconds: int
    buffer_seconds: int
    gap_seconds: int
    estimated: bool
    tight: bool


class CalendarPlace(TypedDict):
    """Where a visit is."""

    id: UUID
    label: str
    address: str
    lat: float
    lng: float


class CalendarDog(TypedDict):
    """A dog that is walked, with what its owner wants the walker to know."""

    id: UUID
    name: str
    breed: str | None
    notes: str | None


class CalendarBooking(TypedDict):
    """A booking in a block."""

    id: UUID
    customer_name: str | None
    dog_names: list[str]
    dogs: list[CalendarDog]
    location: CalendarPlace
    status: str


class CalendarBlock(TypedDict):
    """A stretch that is taken, with the ways from the visit before it and to the visit after it, where they are near."""

    id: UUID
    kind: Literal["visit", "group_walk", "meet_and_greet", "time_off"]
    starts_at: datetime
    ends_at: datetime
    note: str | None
    bookings: list[CalendarBooking]
    travel_before: ShownWay | None
    travel_after: ShownWay | None


def way(gap: Gap, time: TravelTime) -> ShownWay:
    """Show how a walker gets from one visit to the next."""
    return {
        "duration_seconds": time.duration_s,
        "buffer_seconds": time.buffer_s,
        "gap_seconds": int(gap.seconds),
        "estimated": time.estimated,
        "tight": gap.seconds < time.duration_s + time.buffer_s,
    }


def calendar_block(block: Row, before: ShownWay | None, after: ShownWay | None) -> CalendarBlock:
    """Show a block as the store found it."""
    return {
        "id": block["id"],
        "kind": block["kind"],
        "starts_at": block["starts_at"],
        "ends_at": block["ends_at"],
        "note": block["note"],
        "bookings": block["bookings"],
        "travel_before": before,
        "travel_after": after,
    }


def occurrence(assessed: Assessed, around: Surroundings) -> ShownOccurrence:
    """Show an occurrence. around: where its walkers' names are."""
    wanted = assessed.occurrence
    return {
        "date": wanted.date,
        "time": wall_clock(wanted.time),
        "scheduled_start": wanted.starts_at,
        "scheduled_end": wanted.ends_at,
        "walker_id": wanted.walker_id,
        "outcome": assessed.outcome.value,
        "conflicts": [_conflict(conflict, around) for conflict in assessed.conflicts],
        "alternatives": [
            {"scheduled_start": other.starts_at, "walker_id": other.walker_id, "walker_name": other.walker_name}
            for other in assessed.alternatives
        ],
    }


def _conflict(conflict: Conflict, around: Surroundings) -> ShownConflict:
    shown: ShownConflict = {
        "reason": conflict.reason.value,
        "cause": conflict.cause.value,
        "severity": conflict.severity.value,
        "message": conflict.message,
        "walker_id": conflict.walker_id,
        "walker_name": around.calendars[conflict.walker_id].name,
        "own_booking": _own_booking(conflict.own) if conflict.own else None,
    }
    if conflict.reason is Reason.TRAVEL_TIME:
        shown["estimated"] = conflict.estimated
    return shown


def _own_booking(own: OwnBooking) -> ShownOwnBooking | None:
    if own.details is None:
        return None
    return {
        "id": own.details.id,
        "dog_names": list(own.details.dog_names),
        "walker_name": own.details.walker_name,
        "scheduled_start": own.starts_at,
        "scheduled_end": own.ends_at,
    }


def occurrences(assessed: Sequence[Assessed], around: Surroundings) -> list[ShownOccurrence]:
    """Show occurrences in their order. around: where their walkers' names are."""
    return [occurrence(one, around) for one in assessed]


def rule(of: Rule) -> ShownRule:
    """Show a rule."""
    return {
        "starts_on": of.starts_on,
        "start_time": wall_clock(of.start_time),
        "weekdays": [day.value for day in of.weekdays],
        "interval_weeks": of.interval_weeks,
        "count": of.count,
        "until": of.until,
    }


@lru_cache(maxsize=1440)  # the same few starts, for every date of every rule
def wall_clock(at: time) -> str:
    """Show a local time as HH:MM."""
    return f"{at.hour:02}:{at.minute:02}"


def made_bookings(visits: Visits, currency: str) -> list[MadeBooking]:
    """Show bookings that are being made, in time order."""
    return [
        {
            "id": visit.booking_id,
            "series_id": visits.series_id,
            "service_id": visits.service_id,
            "walker_id": visit.occurrence.walker_id,
            "location_id": visits.location_id,
            "customer_id": visits.customer_id,
            "dog_ids": list(visits.dog_ids),
            "date": visit.occurrence.date,
            "scheduled_start": visit.occurrence.starts_at,
            "scheduled_end": visit.occurrence.ends_at,
            "status": "scheduled",
            "price_cents": visits.price_cents,
            "currency": currency,
        }
        for visit in visits.visits
    ]


def made_series(series: Series, visits: Visits) -> MadeSeries:
    """Show a series that is being made."""
    return {
        "id": series.id,
        "status": "active",
        "rule": rule(series.rule),
        "time_zone": series.time_zone,
        "service_id": visits.service_id,
        "walker_id": series.walker_id,
        "location_id": visits.location_id,
        "customer_id": visits.customer_id,
        "dog_ids": list(visits.dog_ids),
        "created_at": visits.created_at,
        "booking_count": len(visits.visits),
        "skipped_count": len(series.skipped),
    }
