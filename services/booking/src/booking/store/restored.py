"""Undo cancellations: the same bookings in the same blocks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from booking.rules.model import Place
from booking.store.booked import Whose
from chassis.database import Tx

_FIND = """
SELECT b.id, b.block_id, b.customer_id, k.walker_id, b.series_id, b.service_id, s.name, b.location_id, b.dog_ids, b.occurrence_date,
       b.scheduled_start, b.scheduled_end, k.lat, k.lng, b.status = 'cancelled', b.cancelled_at, b.cancelled_by,
       EXISTS (SELECT FROM series_skips x WHERE x.organization_id = b.organization_id AND x.series_id = b.series_id
               AND x.date = b.occurrence_date AND x.booked_as IS NOT NULL)
FROM bookings b
JOIN calendar_blocks k ON k.organization_id = b.organization_id AND k.id = b.block_id
JOIN services s ON s.organization_id = b.organization_id AND s.id = b.service_id
WHERE b.organization_id = %(org)s::uuid AND b.id = ANY(%(ids)s::uuid[])
  AND (%(customer)s::uuid IS NULL OR b.customer_id = %(customer)s::uuid)
  AND (%(walker)s::uuid IS NULL OR k.walker_id = %(walker)s::uuid)
ORDER BY b.scheduled_start, b.id
"""

_TAKE_AGAIN = """
UPDATE calendar_blocks SET released_at = NULL
WHERE organization_id = %(org)s::uuid AND id = ANY(%(blocks)s::uuid[]) AND released_at IS NOT NULL
"""

_SCHEDULE = """
UPDATE bookings SET status = 'scheduled', cancelled_at = NULL, cancel_reason = NULL, cancelled_by = NULL, late = false
WHERE organization_id = %(org)s::uuid AND id = ANY(%(ids)s::uuid[]) AND status = 'cancelled'
"""

# A booking of a date that its series had skipped stands for that date again.
_STAND_FOR_SKIPS = """
UPDATE series_skips x SET booked_as = b.id FROM bookings b
WHERE b.organization_id = %(org)s::uuid AND b.id = ANY(%(ids)s::uuid[]) AND x.organization_id = b.organization_id
  AND x.series_id = b.series_id AND x.date = b.occurrence_date AND x.booked_as IS NULL
"""

_GO_ON = """
UPDATE recurring_booking_series SET status = 'active'
WHERE organization_id = %(org)s::uuid AND id = ANY(%(series)s::uuid[]) AND status <> 'active'
"""


@dataclass(frozen=True, slots=True)
class Undoable:
    """A booking whose cancellation somebody wants undone. rebooked: its date of the series was booked again meanwhile.

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
    lat: float
    lng: float
    cancelled: bool
    cancelled_at: datetime | None
    cancelled_by: UUID | None
    rebooked: bool

    @property
    def place(self) -> Place:
        """Where it was booked."""
        return Place(self.lat, self.lng)


async def find(tx: Tx, whose: Whose, ids: Collection[UUID]) -> list[Undoable]:
    """Return bookings by their start, cancelled or not."""
    cursor = await tx.execute(_FIND, whose.values(ids=list(ids)))
    return [Undoable(*row) for row in await cursor.fetchall()]


async def restore(tx: Tx, organization_id: UUID, found: Sequence[Undoable]) -> None:
    """Make cancelled bookings whose calendars are locked what they were; series that had ended go on."""
    values = {"org": organization_id, "ids": [one.id for one in found]}
    await tx.execute(_TAKE_AGAIN, {**values, "blocks": [one.block_id for one in found]})
    await tx.execute(_SCHEDULE, values)
    touched = list({one.series_id for one in found if one.series_id})
    if touched:
        await tx.execute(_STAND_FOR_SKIPS, values)
        await tx.execute(_GO_ON, {**values, "series": touched})
