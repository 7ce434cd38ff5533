"""Bookings."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel
from typing_extensions import TypedDict

from booking.store.booking_rows import Visits
from chassis.api_types import Id, LocalDate


class BookingMade(TypedDict):
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


class BookingCreated(TypedDict):
    """The answer to a single booking."""

    booking: BookingMade


class BookingLocation(BaseModel):
    """Where a walk begins."""

    id: Id | None
    label: str | None
    address: str | None
    lat: float | None
    lng: float | None


class Booking(BaseModel):
    """A walk that is booked. `customer_name` is for staff. `late`: it was cancelled later than the business's notice asks for."""

    id: Id
    series_id: Id | None
    service_id: Id
    service_name: str
    walker_id: Id
    walker_name: str
    customer_id: Id
    customer_name: str | None = None
    location_id: Id
    location: BookingLocation
    dog_ids: list[Id]
    dog_names: list[str]
    date: LocalDate
    scheduled_start: datetime
    scheduled_end: datetime
    status: Literal["scheduled", "cancelled"]
    price_cents: int
    currency: str
    cancelled_at: datetime | None
    cancel_reason: str | None
    late: bool


class BookingList(BaseModel):
    """A page of bookings by their start."""

    items: list[Booking]
    next_cursor: str | None


class OneBooking(BaseModel):
    """A booking."""

    booking: Booking


def bookings_made(visits: Visits, currency: str) -> list[BookingMade]:
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
