"""Walkers' calendars: what is taken, and the legs between visits."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from typing_extensions import TypedDict

from booking.rules.model import Gap, TravelTime
from booking.store.rows import Row


class CalendarLeg(TypedDict):
    """The leg between two visits. `estimated`: nobody who knows the roads has told; `tight`: it leaves less than the buffer."""

    duration_seconds: int
    buffer_seconds: int
    gap_seconds: int
    estimated: bool
    tight: bool


class CalendarLocation(TypedDict):
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
    location: CalendarLocation
    status: str


class CalendarBlock(TypedDict):
    """A stretch that is taken, with the legs from the visit before it and to the visit after it, where they are near."""

    id: UUID
    kind: Literal["visit", "group_walk", "meet_and_greet", "time_off"]
    starts_at: datetime
    ends_at: datetime
    note: str | None
    bookings: list[CalendarBooking]
    travel_before: CalendarLeg | None
    travel_after: CalendarLeg | None


class Calendar(TypedDict):
    """What is taken, by its start."""

    blocks: list[CalendarBlock]


def leg(gap: Gap, time: TravelTime) -> CalendarLeg:
    """Show how a walker gets from one visit to the next."""
    return {
        "duration_seconds": time.duration_s,
        "buffer_seconds": time.buffer_s,
        "gap_seconds": int(gap.seconds),
        "estimated": time.estimated,
        "tight": gap.seconds < time.duration_s + time.buffer_s,
    }


def calendar_block(block: Row, before: CalendarLeg | None, after: CalendarLeg | None) -> CalendarBlock:
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
