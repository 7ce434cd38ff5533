"""The parts of other services' events that the gateway reads; `contracts/events/` has the whole of them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chassis.events.listeners import EventPayload
from gateway.rules.notification_texts import Role, WalksSummary


class Actor(EventPayload):
    """The account that acted."""

    account_id: UUID
    role: Role


class SeriesBooking(EventPayload):
    """A booking of a series."""

    walker_id: UUID
    scheduled_start: datetime
    late: bool = False


class Series(EventPayload):
    """A series that was made."""

    id: UUID
    customer_id: UUID
    service_name: str


class SeriesCreated(EventPayload):
    """A series was booked."""

    series: Series
    bookings: tuple[SeriesBooking, ...]
    by: Actor | None = None


class SeriesChanged(EventPayload):
    """Bookings of a series were changed, as `change` says."""

    series_id: UUID
    change: str
    customer_id: UUID
    service_name: str
    bookings: tuple[SeriesBooking, ...]
    by: Actor


class SingleBooking(EventPayload):
    """A booking that is in no series, or is told of by itself."""

    id: UUID
    customer_id: UUID
    walker_id: UUID
    service_name: str
    scheduled_start: datetime


class BookingCreated(EventPayload):
    """A single booking was made."""

    booking: SingleBooking
    by: Actor | None = None


class AffectedBookings(EventPayload):
    """The bookings of one person that an action affected."""

    bookings: int
    first_start: datetime
    last_start: datetime
    late: int = 0

    def summary(self) -> WalksSummary:
        """Return the bookings as the text's walks."""
        return WalksSummary(self.bookings, self.first_start, self.last_start, self.late)


class Action(EventPayload):
    """The action that cancelled a booking, perhaps with others."""

    id: UUID
    customer: AffectedBookings
    walker: AffectedBookings


class BookingCancelled(EventPayload):
    """A booking was cancelled, perhaps with others by one action."""

    booking: SingleBooking
    by: Actor
    action: Action


class BookingRestored(EventPayload):
    """A booking that had been cancelled is on again."""

    booking: SingleBooking
    by: Actor


class FormerTime(EventPayload):
    """Where a booking stood before it was moved."""

    walker_id: UUID
    scheduled_start: datetime


class BookingRescheduled(EventPayload):
    """A booking was moved to another time or walker."""

    booking: SingleBooking
    former: FormerTime
    by: Actor


def by_walker(bookings: tuple[SeriesBooking, ...]) -> dict[UUID, WalksSummary]:
    """Sum bookings up for each of their walkers."""
    by_walker_id: dict[UUID, list[SeriesBooking]] = {}
    for booking in bookings:
        by_walker_id.setdefault(booking.walker_id, []).append(booking)
    return {walker: summary(some) for walker, some in by_walker_id.items()}


def summary(bookings: Sequence[SeriesBooking]) -> WalksSummary:
    """Sum bookings up, at least one."""
    starts = [booking.scheduled_start for booking in bookings]
    return WalksSummary(len(starts), min(starts), max(starts), sum(booking.late for booking in bookings))
