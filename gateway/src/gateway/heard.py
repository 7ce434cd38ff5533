"""What the gateway reads of others' events; `contracts/events/` says what else there is in them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chassis.events.listeners import EventPayload
from gateway.saying import Extent, Role


class By(EventPayload):
    """Who did it."""

    account_id: UUID
    role: Role


class Visit(EventPayload):
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
    bookings: tuple[Visit, ...]


class SeriesChanged(EventPayload):
    """Bookings of a series were changed, as `change` says."""

    series_id: UUID
    change: str
    customer_id: UUID
    service_name: str
    bookings: tuple[Visit, ...]
    by: By


class Single(EventPayload):
    """A booking by itself."""

    id: UUID
    customer_id: UUID
    walker_id: UUID
    service_name: str
    scheduled_start: datetime


class BookingCreated(EventPayload):
    """A single booking was made."""

    booking: Single


class Extended(EventPayload):
    """How much an action was for a person."""

    bookings: int
    first_start: datetime
    last_start: datetime
    late: int = 0

    def extent(self) -> Extent:
        """Return it as it is said."""
        return Extent(self.bookings, self.first_start, self.last_start, self.late)


class Action(EventPayload):
    """What a booking was cancelled by."""

    id: UUID
    customer: Extended
    walker: Extended


class BookingCancelled(EventPayload):
    """A booking was cancelled, perhaps with others by one action."""

    booking: Single
    by: By
    action: Action


class BookingRestored(EventPayload):
    """A booking that had been cancelled is on again."""

    booking: Single
    by: By


def by_walker(visits: tuple[Visit, ...]) -> dict[UUID, Extent]:
    """Say how much some visits are for each of their walkers."""
    found: dict[UUID, list[Visit]] = {}
    for visit in visits:
        found.setdefault(visit.walker_id, []).append(visit)
    return {walker: extent(some) for walker, some in found.items()}


def extent(visits: Sequence[Visit]) -> Extent:
    """Say how much some visits are, at least one."""
    starts = [visit.scheduled_start for visit in visits]
    return Extent(len(starts), min(starts), max(starts), sum(visit.late for visit in visits))
