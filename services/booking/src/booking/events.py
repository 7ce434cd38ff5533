"""What booking tells the others, as `contracts/events/booking/` describes it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from booking.store.booked import Ahead
from booking.store.restored import Undoable
from chassis.events import cloud_event
from chassis.events.cloud_event import OutgoingEvent
from chassis.ids import new_id
from chassis.tokens import Caller

TOPIC = "packwalk.booking.v1"
_OF_A_VISIT = ("id", "walker_id", "scheduled_start", "scheduled_end")


def series_created(
    who: Caller, series: Mapping[str, Any], service_name: str, bookings: Sequence[Mapping[str, Any]]
) -> OutgoingEvent:
    """Tell of a series that was made. series and bookings: as the API shows them."""
    visits = [{name: made[name] for name in _OF_A_VISIT} for made in bookings]
    told = {"series": {**series, "service_name": service_name}, "bookings": visits}
    return _event("series.created", series["id"], who.organization_id, told)


def booking_created(who: Caller, booking: Mapping[str, Any], service_name: str) -> OutgoingEvent:
    """Tell of a single booking that was made. booking: as the API shows it."""
    return _event(
        "booking.created", booking["id"], who.organization_id, {"booking": {**booking, "service_name": service_name}}
    )


def series_booked_into(who: Caller, series_id: UUID, service_name: str, booking: Mapping[str, Any]) -> OutgoingEvent:
    """Tell that a date that a series had skipped was booked after all. booking: as the API shows it."""
    visits = [{name: booking[name] for name in _OF_A_VISIT}]
    return _series_changed(who, series_id, "booked", booking["customer_id"], service_name, visits)


def series_cancelled(who: Caller, series_id: UUID, cancelled: Sequence[Ahead]) -> OutgoingEvent:
    """Tell that bookings of a series were cancelled, at least one."""
    first, visits = cancelled[0], [{**_visit(one), "late": one.late} for one in cancelled]
    return _series_changed(who, series_id, "cancelled", first.customer_id, first.service_name, visits)


def bookings_cancelled(who: Caller, cancelled: Sequence[Ahead]) -> list[OutgoingEvent]:
    """Tell of bookings that one action cancelled: an event each, and in each how much the action was for customer and walker.

    So a reader says it to a person once, whichever of the events comes first.
    """
    action = new_id()
    return [
        _event(
            "booking.cancelled",
            one.series_id or one.id,
            who.organization_id,
            {
                "booking": {
                    **_visit(one),
                    "series_id": one.series_id,
                    "customer_id": one.customer_id,
                    "service_name": one.service_name,
                    "late": one.late,
                },
                "by": _by(who),
                "action": {
                    "id": action,
                    "customer": _extent([other for other in cancelled if other.customer_id == one.customer_id]),
                    "walker": _extent([other for other in cancelled if other.walker_id == one.walker_id]),
                },
            },
        )
        for one in cancelled
    ]


def booking_restored(who: Caller, one: Undoable) -> OutgoingEvent:
    """Tell that a booking whose cancellation was undone is on again."""
    booking = {
        **_visit(one),
        "series_id": one.series_id,
        "customer_id": one.customer_id,
        "service_name": one.service_name,
    }
    told = {"booking": booking, "by": _by(who)}
    return _event("booking.restored", one.series_id or one.id, who.organization_id, told)


def series_restored(who: Caller, series_id: UUID, restored: Sequence[Undoable]) -> OutgoingEvent:
    """Tell that bookings of a series are on again, at least one."""
    first, visits = restored[0], [_visit(one) for one in restored]
    return _series_changed(who, series_id, "restored", first.customer_id, first.service_name, visits)


def _series_changed(
    who: Caller, series_id: UUID, change: str, customer_id: UUID, service_name: str, visits: Sequence[Mapping[str, Any]]
) -> OutgoingEvent:
    told = {
        "series_id": series_id,
        "change": change,
        "customer_id": customer_id,
        "service_name": service_name,
        "bookings": visits,
        "by": _by(who),
    }
    return _event("series.changed", series_id, who.organization_id, told)


def _event(kind: str, key: UUID, organization_id: UUID, told: Mapping[str, Any]) -> OutgoingEvent:
    return cloud_event.new_event("booking", TOPIC, kind, key, organization_id, told)


def _visit(one: Ahead | Undoable) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _OF_A_VISIT}


def _by(who: Caller) -> dict[str, Any]:
    return {"account_id": who.account_id, "role": who.role}


def _extent(some: Sequence[Ahead]) -> dict[str, Any]:
    starts = [one.scheduled_start for one in some]
    late = sum(one.late for one in some)
    return {"bookings": len(some), "late": late, "first_start": min(starts), "last_start": max(starts)}
