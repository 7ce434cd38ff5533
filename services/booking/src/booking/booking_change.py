"""What one transaction writes about bookings: `commit.write` writes it, and nothing else writes bookings, blocks and skipped dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from booking.rules.model import Place, Rule, Slot
from chassis.events.cloud_event import OutgoingEvent


class NewBooking(NamedTuple):
    """An occurrence that becomes a booking, in a block of its own."""

    id: UUID
    block_id: UUID
    slot: Slot


@dataclass(frozen=True, slots=True)
class NewBookings:
    """Bookings of one customer that differ in their times and walkers only. bookings: in time order."""

    customer_id: UUID
    service_id: UUID
    location_id: UUID
    dog_ids: Sequence[UUID]
    kind: str
    from_place: Place
    price_cents: int
    created_at: datetime
    bookings: Sequence[NewBooking]
    series_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewSeries:
    """The rule that makes bookings, and what it skips: date -> the occurrence as JSON text. key_owner: the account whose the key is."""

    id: UUID
    walker_id: UUID
    rule: Rule
    time_zone: str
    ends_at: datetime
    key: UUID | None
    key_owner: UUID
    skipped: Sequence[tuple[date, str]]


@dataclass(frozen=True, slots=True)
class CancellableBooking:
    """A booking that has not begun, with what cancelling it touches. late: it is cancelled later than the notice asks for."""

    id: UUID
    block_id: UUID
    customer_id: UUID
    walker_id: UUID
    series_id: UUID | None
    scheduled_start: datetime
    scheduled_end: datetime
    service_name: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Cancellation:
    """Bookings that are cancelled, by their start. by: the account that acts."""

    bookings: Sequence[CancellableBooking]
    at: datetime
    by: UUID
    reason: str | None


@dataclass(frozen=True, slots=True)
class ExistingBooking:
    """A booking with what moving it, or undoing its cancellation, needs. rebooked: its date of the series was booked again meanwhile.

    cancelled_by: None for a cancellation that was made before this was kept.
    """

    id: UUID
    block_id: UUID
    customer_id: UUID
    walker_id: UUID
    series_id: UUID | None
    service_id: UUID
    service_name: str
    location_id: UUID
    dog_ids: Sequence[UUID]
    date: date
    scheduled_start: datetime
    scheduled_end: datetime
    price_cents: int
    lat: float
    lng: float
    cancelled: bool
    cancelled_at: datetime | None
    cancelled_by: UUID | None
    rebooked: bool

    @property
    def place(self) -> Place:
        """Return where it was booked."""
        return Place(self.lat, self.lng)


@dataclass(frozen=True, slots=True)
class MovedBooking:
    """A booking that leaves a block for a new one. at: the instant of the change."""

    id: UUID
    series_id: UUID | None
    left_block_id: UUID
    block_id: UUID
    slot: Slot
    kind: str
    from_place: Place
    at: datetime


@dataclass(frozen=True, slots=True)
class NewTimeOff:
    """Time off of one walker. parts: id, start and end in time order, none longer than a day."""

    walker_id: UUID
    parts: Sequence[tuple[UUID, datetime, datetime]]
    note: str


@dataclass(frozen=True, slots=True)
class BookingChange:
    """Everything that one transaction writes; the calendars that it touches are locked.

    cancel: the bookings' blocks are released, unless another booking stands in them. restore: takes the blocks again.
    add: with the series that they make, or (series_id of `add`, `fills_skip`) in place of a date that their series had skipped.
    release: time off (walker, id) that ends. response: JSON text that the request's key stands for from now on.
    """

    cancel: Cancellation | None = None
    release: tuple[UUID, UUID] | None = None
    restore: Sequence[ExistingBooking] = ()
    move: MovedBooking | None = None
    add: NewBookings | None = None
    series: NewSeries | None = None
    fills_skip: bool = False
    time_off: NewTimeOff | None = None
    events: Sequence[OutgoingEvent] = ()
    response: str = ""
    status: int = 201
