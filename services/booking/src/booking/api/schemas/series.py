"""Series."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel
from typing_extensions import TypedDict

from booking.api.schemas.bookings import Booking, BookingMade
from booking.api.schemas.occurrences import Occurrence, wall_clock
from booking.rules.model import Rule
from booking.store.booking_rows import Series as SeriesRows
from booking.store.booking_rows import Visits
from chassis.api_types import Id


class SeriesRule(TypedDict):
    """Every `interval_weeks` weeks on `weekdays` at `start_time`, local; either `count` or `until` is null."""

    starts_on: date
    start_time: str
    weekdays: list[Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"]]
    interval_weeks: int
    count: int | None
    until: date | None


class SeriesMade(TypedDict):
    """A series that was just made."""

    id: UUID
    status: Literal["active", "cancelled"]
    rule: SeriesRule
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

    series: SeriesMade
    bookings: list[BookingMade]
    skipped: list[Occurrence]


class WalkerCount(TypedDict):
    """How many dates of a rule a walker could take."""

    walker_id: UUID
    name: str
    available_count: int


class SeriesPreview(TypedDict):
    """What a series would become now. The price is that of all dates but the conflicting ones."""

    walker_id: UUID
    walker_name: str
    occurrences: list[Occurrence]
    available_count: int
    warning_count: int
    conflict_count: int
    price_cents: int
    currency: str
    walkers: list[WalkerCount] | None


class Series(BaseModel):
    """A series. `booking_count` counts what is not cancelled, `skipped_count` the skipped dates that were not booked later."""

    id: Id
    status: Literal["active", "cancelled"]
    rule: SeriesRule
    time_zone: str
    service_id: Id
    service_name: str
    walker_id: Id
    walker_name: str
    customer_id: Id
    location_id: Id
    dog_ids: list[Id]
    dog_names: list[str]
    created_at: datetime
    booking_count: int
    skipped_count: int


class SkippedBooked(BaseModel):
    """A date of a series that was skipped and is booked now, and the series as it is then."""

    booking: BookingMade
    series: Series


class SeriesList(BaseModel):
    """A page of series, the newest first."""

    items: list[Series]
    next_cursor: str | None


class SkippedOccurrence(Occurrence):
    """A date that the series skipped, with its reasons; `booked_as` is the booking that was made of it later."""

    booked_as: Id | None


class WholeSeries(BaseModel):
    """A series with its bookings and the dates that it skipped."""

    series: Series
    bookings: list[Booking]
    skipped: list[SkippedOccurrence]


class SeriesCancelled(BaseModel):
    """What was cancelled, in time order, how many of it at short notice, and how many bookings are kept."""

    series: Series
    cancelled: list[Id]
    late_count: int
    kept: int


class SeriesRestored(BaseModel):
    """The series as it is then, and what was restored, by its start; what was scheduled already is not among it."""

    series: Series
    restored: list[Id]


def rule(of: Rule) -> SeriesRule:
    """Show a rule."""
    return {
        "starts_on": of.starts_on,
        "start_time": wall_clock(of.start_time),
        "weekdays": [day.value for day in of.weekdays],
        "interval_weeks": of.interval_weeks,
        "count": of.count,
        "until": of.until,
    }


def series_made(series: SeriesRows, visits: Visits) -> SeriesMade:
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
