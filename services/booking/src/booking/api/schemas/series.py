"""Series."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from typing_extensions import TypedDict  # pydantic reads these, and before Python 3.12 no others

from booking.api.schemas.bookings import Booking, new_dog_names
from booking.api.schemas.occurrences import Occurrence, occurrences, wall_clock
from booking.booking_change import NewBookings, NewSeries
from booking.plan import Plan
from booking.rules.model import Outcome, Rule
from booking.store.rows import Row


class RuleOfSeries(TypedDict):
    """Every `interval_weeks` weeks on `weekdays` at `start_time`, local; either `count` or `until` is null."""

    starts_on: date
    start_time: str
    weekdays: list[Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"]]
    interval_weeks: int
    count: int | None
    until: date | None


class Series(TypedDict):
    """A series. `booking_count` counts what is not cancelled, `skipped_count` the skipped dates that were not booked later."""

    id: UUID
    status: Literal["active", "cancelled"]
    rule: RuleOfSeries
    time_zone: str
    service_id: UUID
    service_name: str
    walker_id: UUID
    walker_name: str
    customer_id: UUID
    location_id: UUID
    dog_ids: list[UUID]
    dog_names: list[str]
    created_at: datetime
    booking_count: int
    skipped_count: int


class SeriesList(TypedDict):
    """A page of series, the newest first."""

    items: list[Series]
    next_cursor: str | None


class SeriesCreated(TypedDict):
    """The answer to a series: what was made, and what was skipped and why."""

    series: Series
    bookings: list[Booking]
    skipped: list[Occurrence]


class SkippedOccurrence(Occurrence):
    """A date that the series skipped, with its reasons; `booked_as` is the booking that was made of it later."""

    booked_as: UUID | None


class WholeSeries(TypedDict):
    """A series with its bookings and the dates that it skipped."""

    series: Series
    bookings: list[Booking]
    skipped: list[SkippedOccurrence]


class SkippedBooked(TypedDict):
    """A date of a series that was skipped and is booked now, and the series as it is then."""

    booking: Booking
    series: Series


class SeriesCancelled(TypedDict):
    """What was cancelled, in time order, how many of it at short notice, and how many bookings are kept."""

    series: Series
    cancelled: list[UUID]
    late_count: int
    kept: int


class SeriesRestored(TypedDict):
    """The series as it is then, and what was restored, by its start; what was scheduled already is not among it."""

    series: Series
    restored: list[UUID]


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


def rule(of: Rule) -> RuleOfSeries:
    """Show a rule."""
    return {
        "starts_on": of.starts_on,
        "start_time": wall_clock(of.start_time),
        "weekdays": [day.value for day in of.weekdays],
        "interval_weeks": of.interval_weeks,
        "count": of.count,
        "until": of.until,
    }


def new_series(plan: Plan, series: NewSeries, new: NewBookings) -> Series:
    """Show a series that is being made."""
    assert plan.data.service
    return {
        "id": series.id,
        "status": "active",
        "rule": rule(series.rule),
        "time_zone": series.time_zone,
        "service_id": new.service_id,
        "service_name": plan.data.service.name,
        "walker_id": series.walker_id,
        "walker_name": plan.walker_name(series.walker_id),
        "customer_id": new.customer_id,
        "location_id": new.location_id,
        "dog_ids": list(new.dog_ids),
        "dog_names": new_dog_names(plan),
        "created_at": new.created_at,
        "booking_count": len(new.bookings),
        "skipped_count": len(series.skipped),
    }


def with_rule(row: Row) -> Row:
    """Show a series that was read, with its rule."""
    names = ("starts_on", "start_time", "weekdays", "interval_weeks", "count", "until")
    of = {name: row[name] for name in names}
    others = {name: value for name, value in row.items() if name not in names}
    return {**others, "rule": {**of, "start_time": wall_clock(of["start_time"])}}


def preview(plan: Plan) -> SeriesPreview:
    """Show a plan."""
    conflicts = plan.count(Outcome.CONFLICT)
    return {
        "walker_id": plan.walker_id,
        "walker_name": plan.walker_name(plan.walker_id),
        "occurrences": occurrences(plan.occurrences, plan.data.around),
        "available_count": plan.count(Outcome.AVAILABLE),
        "warning_count": plan.count(Outcome.WARNING),
        "conflict_count": conflicts,
        "price_cents": plan.terms.price_cents * (len(plan.occurrences) - conflicts),
        "currency": plan.request.actor.currency,
        "walkers": _walkers(plan) if plan.request.walker_id is None else None,
    }


def _walkers(plan: Plan) -> list[WalkerCount]:
    return [
        {"walker_id": walker_id, "name": plan.walker_name(walker_id), "available_count": bookable}
        for walker_id, bookable in plan.others.items()
    ]
