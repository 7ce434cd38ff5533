"""Bookings."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import (
    Literal,
    NotRequired,  # pydantic reads these, and before Python 3.12 no others
)
from uuid import UUID

from typing_extensions import TypedDict

from booking.booking_change import NewBookings
from booking.plan import Plan
from booking.store.rows import Row


class BookingLocation(TypedDict):
    """Where a walk begins."""

    id: UUID | None
    label: str | None
    address: str | None
    lat: float | None
    lng: float | None


class Booking(TypedDict):
    """A walk that is booked. `customer_name` is for staff. `late`: it was cancelled later than the business's notice asks for."""

    id: UUID
    series_id: UUID | None
    service_id: UUID
    service_name: str
    walker_id: UUID
    walker_name: str
    customer_id: UUID
    customer_name: NotRequired[str | None]
    location_id: UUID
    location: BookingLocation
    dog_ids: list[UUID]
    dog_names: list[str]
    date: date
    scheduled_start: datetime
    scheduled_end: datetime
    status: Literal["scheduled", "cancelled"]
    price_cents: int
    currency: str
    cancelled_at: datetime | None
    cancel_reason: str | None
    late: bool


class BookingCreated(TypedDict):
    """A booking, as it is after the request."""

    booking: Booking


class BookingList(TypedDict):
    """A page of bookings by their start."""

    items: list[Booking]
    next_cursor: str | None


def new_bookings(plan: Plan, new: NewBookings) -> list[Booking]:
    """Show bookings that are being made, in time order."""
    data, currency = plan.data, plan.request.actor.currency
    assert data.service
    assert data.location
    service_name, location = data.service.name, new_location(plan)
    dog_ids, dog_names = list(new.dog_ids), new_dog_names(plan)
    return [
        {
            "id": booking_id,
            "series_id": new.series_id,
            "service_id": new.service_id,
            "service_name": service_name,
            "walker_id": slot.walker_id,
            "walker_name": data.around.calendars[slot.walker_id].name,
            "customer_id": new.customer_id,
            "location_id": new.location_id,
            "location": location,
            "dog_ids": dog_ids,
            "dog_names": dog_names,
            "date": slot.date,
            "scheduled_start": slot.starts_at,
            "scheduled_end": slot.ends_at,
            "status": "scheduled",
            "price_cents": new.price_cents,
            "currency": currency,
            "cancelled_at": None,
            "cancel_reason": None,
            "late": False,
        }
        for booking_id, _, slot in new.bookings
    ]


def new_location(plan: Plan) -> BookingLocation:
    """Show where the walks of a plan begin."""
    location = plan.data.location
    assert location
    return {
        "id": location.id,
        "label": location.label,
        "address": location.address,
        "lat": location.lat,
        "lng": location.lng,
    }


def new_dog_names(plan: Plan) -> list[str]:
    """Return the names of a request's dogs in its order."""
    return [plan.data.dogs[dog_id] for dog_id in plan.request.dog_ids]


def visible_to_customer(rows: Sequence[Row]) -> list[Row]:
    """Show bookings without what is for staff."""
    return [{name: value for name, value in row.items() if name != "customer_name"} for row in rows]
