"""Read series and the dates that they skipped."""

from datetime import date
from uuid import UUID

from booking.store.bookings import Whose
from booking.store.rows import Row, many, one
from chassis.database import Tx

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


async def find(
    tx: Tx, whose: Whose, *, limit: int = 1, before: UUID | None = None, only: UUID | None = None
) -> list[Row]:
    """Return series, the newest first."""
    return await many(tx, _SERIES, whose.values(limit=limit, before=before, id=only))


async def skipped(tx: Tx, organization_id: UUID, series_id: UUID) -> list[Row]:
    """Return what a series skipped by its date."""
    return await many(tx, _SKIPPED, {"org": organization_id, "id": series_id})


async def skipped_on(tx: Tx, organization_id: UUID, series_id: UUID, day: date) -> Row | None:
    """Return what a series skipped on a date of its rule, and what was booked of it."""
    return await one(tx, _SKIPPED_ON, {"org": organization_id, "id": series_id, "date": day})
