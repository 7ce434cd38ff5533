"""Read bookings and series as people see them, and cancel them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

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

_SERIES = """
SELECT r.id, r.status, r.starts_on, r.start_time, r.weekdays, r.interval_weeks, r.count, r.until, r.time_zone,
       r.service_id, s.name AS service_name, r.walker_id, w.name AS walker_name, r.customer_id, r.location_id, r.dog_ids,
       array(SELECT d.name FROM dogs d WHERE d.organization_id = r.organization_id AND d.id = ANY(r.dog_ids)
             ORDER BY array_position(r.dog_ids, d.id)) AS dog_names,
       r.created_at,
       (SELECT count(*) FROM bookings b WHERE b.organization_id = r.organization_id AND b.series_id = r.id
        AND b.status <> 'cancelled') AS booking_count,
       (SELECT count(*) FROM series_skips k WHERE k.organization_id = r.organization_id AND k.series_id = r.id
        AND k.booked_as IS NULL) AS skipped_count
FROM recurring_booking_series r
JOIN services s ON s.organization_id = r.organization_id AND s.id = r.service_id
JOIN walkers w ON w.organization_id = r.organization_id AND w.id = r.walker_id
WHERE r.organization_id = %(org)s::uuid
  AND (%(customer)s::uuid IS NULL OR r.customer_id = %(customer)s::uuid)
  AND (%(walker)s::uuid IS NULL OR r.walker_id = %(walker)s::uuid)
  AND (%(id)s::uuid IS NULL OR r.id = %(id)s::uuid)
  AND (%(before)s::uuid IS NULL OR r.id < %(before)s::uuid)
ORDER BY r.id DESC LIMIT %(limit)s
"""

_SKIPPED = """
SELECT occurrence, booked_as FROM series_skips
WHERE organization_id = %(org)s::uuid AND series_id = %(id)s::uuid ORDER BY date
"""

_SKIPPED_ON = """
SELECT occurrence, booked_as FROM series_skips
WHERE organization_id = %(org)s::uuid AND series_id = %(id)s::uuid AND date = %(date)s::date
"""

# In the order of their starts, as everybody writes blocks.
_AHEAD = """
SELECT b.id, b.block_id, b.customer_id, k.walker_id, b.series_id, b.scheduled_start, b.scheduled_end, s.name FROM bookings b
JOIN calendar_blocks k ON k.organization_id = b.organization_id AND k.id = b.block_id
JOIN services s ON s.organization_id = b.organization_id AND s.id = b.service_id
WHERE b.organization_id = %(org)s::uuid AND b.status <> 'cancelled' AND b.scheduled_start > %(now)s
  AND (%(ids)s::uuid[] IS NULL OR b.id = ANY(%(ids)s::uuid[]))
  AND (%(series)s::uuid IS NULL OR b.series_id = %(series)s::uuid)
  AND (%(from)s::date IS NULL OR b.occurrence_date >= %(from)s::date)
ORDER BY b.scheduled_start
"""

_CANCEL = """
UPDATE bookings SET status = 'cancelled', cancelled_at = %(now)s, cancel_reason = %(reason)s, cancelled_by = %(by)s::uuid,
    late = id = ANY(%(late)s::uuid[])
WHERE organization_id = %(org)s::uuid AND id = ANY(%(ids)s::uuid[]) AND status <> 'cancelled'
"""

# What was booked of a skipped date is skipped again.
_SKIP_AGAIN = """
UPDATE series_skips SET booked_as = NULL
WHERE organization_id = %(org)s::uuid AND series_id = ANY(%(ids)s::uuid[]) AND booked_as = ANY(%(bookings)s::uuid[])
"""

# A group walk's block stays while anybody's dog is in it.
_RELEASE = """
UPDATE calendar_blocks k SET released_at = %(now)s
WHERE k.organization_id = %(org)s::uuid AND k.id = ANY(%(blocks)s::uuid[]) AND k.released_at IS NULL
  AND NOT EXISTS (SELECT FROM bookings b WHERE b.organization_id = k.organization_id AND b.block_id = k.id
                  AND b.status <> 'cancelled')
"""

_END_SERIES = """
UPDATE recurring_booking_series r SET status = 'cancelled'
WHERE organization_id = %(org)s::uuid AND id = ANY(%(ids)s::uuid[]) AND status = 'active'
  AND NOT EXISTS (SELECT FROM bookings b WHERE b.organization_id = r.organization_id AND b.series_id = r.id
                  AND b.status <> 'cancelled' AND b.scheduled_start > %(now)s)
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


@dataclass(frozen=True, slots=True)
class Ahead:
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


async def bookings(
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


async def booking(tx: Tx, whose: Whose, booking_id: UUID) -> Row | None:
    """Return a booking."""
    return await one(tx, _ONE, whose.values(id=booking_id))


async def series(
    tx: Tx, whose: Whose, *, limit: int = 1, before: UUID | None = None, only: UUID | None = None
) -> list[Row]:
    """Return series, the newest first."""
    return await many(tx, _SERIES, whose.values(limit=limit, before=before, id=only))


async def inside(tx: Tx, organization_id: UUID, series_id: UUID) -> tuple[list[Row], list[Row]]:
    """Return the bookings of a series by their start, and what it skipped by its date."""
    values = Whose(organization_id).values(id=series_id)
    return await many(tx, _OF_SERIES, values), await many(tx, _SKIPPED, values)


async def skipped_on(tx: Tx, organization_id: UUID, series_id: UUID, day: date) -> Row | None:
    """Return what a series skipped on a date of its rule, and what was booked of it."""
    return await one(tx, _SKIPPED_ON, {"org": organization_id, "id": series_id, "date": day})


async def ahead(
    tx: Tx,
    organization_id: UUID,
    now: datetime,
    *,
    ids: Collection[UUID] | None = None,
    series_id: UUID | None = None,
    from_date: date | None = None,
) -> list[Ahead]:
    """Return bookings that can still be cancelled, by their start."""
    assert ids is not None or series_id is not None
    values = {"org": organization_id, "now": now, "series": series_id, "from": from_date}
    cursor = await tx.execute(_AHEAD, {**values, "ids": None if ids is None else list(ids)})
    return [Ahead(*row) for row in await cursor.fetchall()]


async def cancel(
    tx: Tx, organization_id: UUID, found: Sequence[Ahead], now: datetime, by: UUID, reason: str | None
) -> None:
    """Cancel bookings whose calendars are locked; free their blocks, and end series that have nothing ahead."""
    values = {"org": organization_id, "now": now}
    ids, late = [b.id for b in found], [b.id for b in found if b.late]
    await tx.execute(_CANCEL, {**values, "ids": ids, "late": late, "by": by, "reason": reason})
    await tx.execute(_RELEASE, {**values, "blocks": [b.block_id for b in found]})
    touched = list({b.series_id for b in found if b.series_id})
    if touched:
        await tx.execute(_SKIP_AGAIN, {**values, "ids": touched, "bookings": [b.id for b in found]})
        await tx.execute(_END_SERIES, {**values, "ids": touched})
