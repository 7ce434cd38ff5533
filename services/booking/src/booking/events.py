"""What booking publishes, as `contracts/events/booking/` describes it. The dataclasses here are the events' own, never the API's JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from booking.booking_change import CancellableBooking, ExistingBooking, NewBookings, NewSeries
from booking.plan import Plan
from booking.rules.model import Slot
from chassis.events import cloud_event
from chassis.events.cloud_event import OutgoingEvent
from chassis.ids import new_id
from chassis.tokens import Caller

TOPIC = "packwalk.booking.v1"


@dataclass(frozen=True, slots=True)
class By:
    """The account that acted."""

    account_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class Walk:
    """When a booking is, and with which walker."""

    id: UUID
    walker_id: UUID
    scheduled_start: datetime
    scheduled_end: datetime


@dataclass(frozen=True, slots=True)
class CancelledWalk(Walk):
    """late: it was cancelled later than the business's notice asks for."""

    late: bool


@dataclass(frozen=True, slots=True)
class CustomersWalk(Walk):
    """A booking by itself."""

    series_id: UUID | None
    customer_id: UUID
    service_name: str


@dataclass(frozen=True, slots=True)
class CustomersCancelledWalk(CustomersWalk):
    """A booking by itself that was cancelled."""

    late: bool


@dataclass(frozen=True, slots=True)
class FormerTime:
    """Where a booking stood before it was moved."""

    walker_id: UUID
    scheduled_start: datetime
    scheduled_end: datetime


@dataclass(frozen=True, slots=True)
class Extent:
    """How much one action was for a person."""

    bookings: int
    late: int
    first_start: datetime
    last_start: datetime


@dataclass(frozen=True, slots=True)
class SeriesRule:
    """The rule of a series."""

    starts_on: date
    start_time: str
    weekdays: Sequence[str]
    interval_weeks: int
    count: int | None
    until: date | None


@dataclass(frozen=True, slots=True)
class CreatedSeries:
    """A series that was made."""

    id: UUID
    status: str
    rule: SeriesRule
    time_zone: str
    service_id: UUID
    service_name: str
    walker_id: UUID
    location_id: UUID
    customer_id: UUID
    dog_ids: Sequence[UUID]
    created_at: datetime
    booking_count: int
    skipped_count: int


@dataclass(frozen=True, slots=True)
class CreatedBooking:
    """A single booking that was made."""

    id: UUID
    series_id: UUID | None
    service_id: UUID
    service_name: str
    walker_id: UUID
    location_id: UUID
    customer_id: UUID
    dog_ids: Sequence[UUID]
    date: date
    scheduled_start: datetime
    scheduled_end: datetime
    status: str
    price_cents: int
    currency: str


def series_created(plan: Plan, series: NewSeries, new: NewBookings) -> OutgoingEvent:
    """Say that a series was made."""
    rule = series.rule
    created = CreatedSeries(
        id=series.id,
        status="active",
        rule=SeriesRule(
            rule.starts_on,
            f"{rule.start_time:%H:%M}",
            [day.value for day in rule.weekdays],
            rule.interval_weeks,
            rule.count,
            rule.until,
        ),
        time_zone=series.time_zone,
        service_id=new.service_id,
        service_name=_service_name(plan),
        walker_id=series.walker_id,
        location_id=new.location_id,
        customer_id=new.customer_id,
        dog_ids=new.dog_ids,
        created_at=new.created_at,
        booking_count=len(new.bookings),
        skipped_count=len(series.skipped),
    )
    data = {"series": created, "bookings": _new_walks(new), "by": _by(plan.request.actor)}
    return _event("series.created", series.id, plan.request.actor, data)


def booking_created(plan: Plan, new: NewBookings) -> OutgoingEvent:
    """Say that a single booking was made."""
    [(booking_id, _, slot)] = new.bookings
    created = CreatedBooking(
        id=booking_id,
        series_id=None,
        service_id=new.service_id,
        service_name=_service_name(plan),
        walker_id=slot.walker_id,
        location_id=new.location_id,
        customer_id=new.customer_id,
        dog_ids=new.dog_ids,
        date=slot.date,
        scheduled_start=slot.starts_at,
        scheduled_end=slot.ends_at,
        status="scheduled",
        price_cents=new.price_cents,
        currency=plan.request.actor.currency,
    )
    actor = plan.request.actor
    return _event("booking.created", booking_id, actor, {"booking": created, "by": _by(actor)})


def skipped_date_booked(plan: Plan, series_id: UUID, new: NewBookings) -> OutgoingEvent:
    """Say that a date that a series had skipped was booked after all."""
    actor = plan.request.actor
    return _series_changed(actor, series_id, "booked", new.customer_id, _service_name(plan), _new_walks(new))


def booking_rescheduled(actor: Caller, before: ExistingBooking, slot: Slot) -> OutgoingEvent:
    """Say that a booking was moved to another time or walker."""
    moved = CustomersWalk(
        before.id,
        slot.walker_id,
        slot.starts_at,
        slot.ends_at,
        before.series_id,
        before.customer_id,
        before.service_name,
    )
    former = FormerTime(before.walker_id, before.scheduled_start, before.scheduled_end)
    data = {"booking": moved, "former": former, "by": _by(actor)}
    return _event("booking.rescheduled", before.series_id or before.id, actor, data)


def series_cancelled(actor: Caller, series_id: UUID, cancelled: Sequence[CancellableBooking]) -> OutgoingEvent:
    """Say that bookings of a series were cancelled, at least one."""
    first = cancelled[0]
    walks = [
        CancelledWalk(one.id, one.walker_id, one.scheduled_start, one.scheduled_end, one.late) for one in cancelled
    ]
    return _series_changed(actor, series_id, "cancelled", first.customer_id, first.service_name, walks)


def bookings_cancelled(actor: Caller, cancelled: Sequence[CancellableBooking]) -> list[OutgoingEvent]:
    """Say that one action cancelled bookings: an event each, and in each how much the action was for customer and walker.

    So a reader notifies a person once, whichever of the events comes first.
    """
    action = new_id()
    return [
        _event(
            "booking.cancelled",
            one.series_id or one.id,
            actor,
            {
                "booking": CustomersCancelledWalk(*_customers_walk(one), one.late),
                "by": _by(actor),
                "action": {
                    "id": action,
                    "customer": _extent([other for other in cancelled if other.customer_id == one.customer_id]),
                    "walker": _extent([other for other in cancelled if other.walker_id == one.walker_id]),
                },
            },
        )
        for one in cancelled
    ]


def booking_restored(actor: Caller, one: ExistingBooking) -> OutgoingEvent:
    """Say that a booking whose cancellation was undone takes place."""
    data = {"booking": CustomersWalk(*_customers_walk(one)), "by": _by(actor)}
    return _event("booking.restored", one.series_id or one.id, actor, data)


def series_restored(actor: Caller, series_id: UUID, restored: Sequence[ExistingBooking]) -> OutgoingEvent:
    """Say that cancelled bookings of a series take place, at least one."""
    first = restored[0]
    walks = [Walk(one.id, one.walker_id, one.scheduled_start, one.scheduled_end) for one in restored]
    return _series_changed(actor, series_id, "restored", first.customer_id, first.service_name, walks)


def _series_changed(
    actor: Caller, series_id: UUID, change: str, customer_id: UUID, service_name: str, walks: Sequence[Walk]
) -> OutgoingEvent:
    data = {
        "series_id": series_id,
        "change": change,
        "customer_id": customer_id,
        "service_name": service_name,
        "bookings": walks,
        "by": _by(actor),
    }
    return _event("series.changed", series_id, actor, data)


def _event(kind: str, key: UUID, actor: Caller, data: dict[str, Any]) -> OutgoingEvent:
    return cloud_event.new_event("booking", TOPIC, kind, key, actor.organization_id, data)


def _new_walks(new: NewBookings) -> list[Walk]:
    return [Walk(booking_id, slot.walker_id, slot.starts_at, slot.ends_at) for booking_id, _, slot in new.bookings]


def _customers_walk(
    one: CancellableBooking | ExistingBooking,
) -> tuple[UUID, UUID, datetime, datetime, UUID | None, UUID, str]:
    times = (one.id, one.walker_id, one.scheduled_start, one.scheduled_end)
    return (*times, one.series_id, one.customer_id, one.service_name)


def _service_name(plan: Plan) -> str:
    assert plan.data.service
    return plan.data.service.name


def _by(actor: Caller) -> By:
    return By(actor.account_id, actor.role)


def _extent(some: Sequence[CancellableBooking]) -> Extent:
    starts = [one.scheduled_start for one in some]
    return Extent(len(some), sum(one.late for one in some), min(starts), max(starts))
