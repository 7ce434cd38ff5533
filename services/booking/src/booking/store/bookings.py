"""Read bookings: as people see them, and what can be cancelled, moved or restored of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from booking.booking_change import CancellableBooking, ExistingBooking
from booking.store.rows import Row, many, one
from chassis.database import Tx

_BOOKING = """
SELECT b.id, b.series_id, b.service_id, s.name AS service_name, k.walker_id, w.name AS walker_name,
       b.customer_id, c.name AS customer_name, b.location_id,
       json_build_object('id', l.id, 'label', l.label, 'address', l.address, 'lat', l.lat, 'lng', l.lng) AS location,
       b.dog_ids, array(SELECT d.name FROM dogs d WHERE d.organization_id = b.organization_id AND d.id = ANY(b.dog_ids)
                        ORDER BY array_position(b.dog_ids, d.id)) AS dog_names,
       b.occurrence_date AS date, b.scheduled_start, b.scheduled_end, b.status, b.price_cents, s.currency,
       b.cancelled_at, b.cancel_reason, b.late
FROM bookings b
JOIN calendar_blocks k ON k.organization_id = b.organization_id AND k.id = b.block_id
JOIN services s ON s.organization_id = b.organization_id AND s.id = b.service_id
JOIN walkers w ON w.organization_id = b.organization_id AND w.id = k.walker_id
LEFT JOIN customers c ON c.organization_id = b.organization_id AND c.id = b.customer_id
LEFT JOIN locations l ON l.organization_id = b.organization_id AND l.id = b.location_id
WHERE b.organization_id = %(org)s::uuid
  AND (%(customer)s::uuid IS NULL OR b.customer_id = %(customer)s::uuid)
  AND (%(walker)s::uuid IS NULL OR k.walker_id = %(walker)s::uuid)
"""

_LIST = (
    _BOOKING
    + """
  AND (%(from)s::timestamptz IS NULL OR b.scheduled_start >= %(from)s::timestamptz)
  AND (%(to)s::timestamptz IS NULL OR b.scheduled_start < %(to)s::timestamptz)
  AND (%(status)s::text IS NULL OR b.status = %(status)s)
  AND (%(after_start)s::timestamptz IS NULL OR (b.scheduled_start, b.id) > (%(after_start)s::timestamptz, %(after_id)s::uuid))
ORDER BY b.scheduled_start, b.id LIMIT %(limit)s
"""
)

_ONE = _BOOKING + " AND b.id = %(id)s::uuid"
_OF_SERIES = _BOOKING + " AND b.series_id = %(id)s::uuid ORDER BY b.scheduled_start, b.id"

# In the order of their starts, as everybody writes blocks.
_CANCELLABLE = """
SELECT b.id, b.block_id, b.customer_id, k.walker_id, b.series_id, b.scheduled_start, b.scheduled_end, s.name FROM bookings b
JOIN calendar_blocks k ON k.organization_id = b.organization_id AND k.id = b.block_id
JOIN services s ON s.organization_id = b.organization_id AND s.id = b.service_id
WHERE b.organization_id = %(org)s::uuid AND b.status <> 'cancelled' AND b.scheduled_start > %(now)s
  AND (%(ids)s::uuid[] IS NULL OR b.id = ANY(%(ids)s::uuid[]))
  AND (%(series)s::uuid IS NULL OR b.series_id = %(series)s::uuid)
  AND (%(from)s::date IS NULL OR b.occurrence_date >= %(from)s::date)
ORDER BY b.scheduled_start
"""

_EXISTING = """
SELECT b.id, b.block_id, b.customer_id, k.walker_id, b.series_id, b.service_id, s.name, b.location_id, b.dog_ids, b.occurrence_date,
       b.scheduled_start, b.scheduled_end, b.price_cents, k.lat, k.lng, b.status = 'cancelled', b.cancelled_at, b.cancelled_by,
       EXISTS (SELECT FROM series_skips x WHERE x.organization_id = b.organization_id AND x.series_id = b.series_id
               AND x.date = coalesce(b.rule_date, b.occurrence_date) AND x.booked_as IS NOT NULL)
FROM bookings b
JOIN calendar_blocks k ON k.organization_id = b.organization_id AND k.id = b.block_id
JOIN services s ON s.organization_id = b.organization_id AND s.id = b.service_id
WHERE b.organization_id = %(org)s::uuid AND b.id = ANY(%(ids)s::uuid[])
  AND (%(customer)s::uuid IS NULL OR b.customer_id = %(customer)s::uuid)
  AND (%(walker)s::uuid IS NULL OR k.walker_id = %(walker)s::uuid)
ORDER BY b.scheduled_start, b.id
"""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose bookings somebody may see: a customer's, a walker's, or (both None) all of the organization."""

    organization_id: UUID
    customer_id: UUID | None = None
    walker_id: UUID | None = None

    def values(self, **more: Any) -> dict[str, Any]:
        """Return what every question here filters by."""
        return {"org": self.organization_id, "customer": self.customer_id, "walker": self.walker_id, **more}


async def find(
    tx: Tx,
    whose: Whose,
    *,
    limit: int,
    span: tuple[datetime | None, datetime | None] = (None, None),
    status: str | None = None,
    after: tuple[datetime, UUID] | None = None,
) -> list[Row]:
    """Return bookings by their start, within [from, to)."""
    at, last = after or (None, None)
    more = {"from": span[0], "to": span[1], "status": status, "after_start": at, "after_id": last, "limit": limit}
    return await many(tx, _LIST, whose.values(**more))


async def read(tx: Tx, whose: Whose, booking_id: UUID) -> Row | None:
    """Return a booking."""
    return await one(tx, _ONE, whose.values(id=booking_id))


async def of_series(tx: Tx, organization_id: UUID, series_id: UUID) -> list[Row]:
    """Return the bookings of a series by their start."""
    return await many(tx, _OF_SERIES, Whose(organization_id).values(id=series_id))


async def cancellable(
    tx: Tx,
    organization_id: UUID,
    now: datetime,
    *,
    ids: Collection[UUID] | None = None,
    series_id: UUID | None = None,
    from_date: date | None = None,
) -> list[CancellableBooking]:
    """Return bookings that can still be cancelled, by their start."""
    assert ids is not None or series_id is not None
    values = {"org": organization_id, "now": now, "series": series_id, "from": from_date}
    cursor = await tx.execute(_CANCELLABLE, {**values, "ids": None if ids is None else list(ids)})
    return [CancellableBooking(*row) for row in await cursor.fetchall()]


async def existing(tx: Tx, whose: Whose, ids: Collection[UUID]) -> list[ExistingBooking]:
    """Return bookings by their start, with what moving or restoring them needs."""
    cursor = await tx.execute(_EXISTING, whose.values(ids=list(ids)))
    return [ExistingBooking(*row) for row in await cursor.fetchall()]
