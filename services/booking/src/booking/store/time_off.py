"""Time off: blocks of kind `time_off`. What is longer than a day is several blocks, all part of the first one."""

from datetime import datetime
from uuid import UUID

from booking.booking_change import NewTimeOff
from booking.rules.model import LONGEST_BLOCK
from booking.store.rows import Row, many
from chassis.database import Tx

Span = tuple[datetime, datetime]

_TAKEN = """
SELECT k.kind, b.id, c.name AS customer_name, b.scheduled_start, b.scheduled_end,
       array(SELECT d.name FROM dogs d WHERE d.organization_id = b.organization_id AND d.id = ANY(b.dog_ids)) AS dog_names
FROM calendar_blocks k
LEFT JOIN bookings b ON b.organization_id = k.organization_id AND b.block_id = k.id AND b.status <> 'cancelled'
LEFT JOIN customers c ON c.organization_id = b.organization_id AND c.id = b.customer_id
WHERE k.organization_id = %(org)s::uuid AND k.walker_id = %(walker)s::uuid AND k.released_at IS NULL
  AND k.starts_at > %(began_after)s AND k.starts_at < %(ends)s AND k.ends_at > %(starts)s
ORDER BY k.starts_at
"""

_ADD = """
INSERT INTO calendar_blocks (organization_id, id, walker_id, kind, starts_at, ends_at, note, part_of)
SELECT %(org)s::uuid, id, %(walker)s::uuid, 'time_off', starts_at, ends_at, %(note)s, %(first)s::uuid
FROM unnest(%(ids)s::uuid[], %(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS b (id, starts_at, ends_at)
"""

_LIST = """
SELECT part_of AS id, min(starts_at) AS starts_at, max(ends_at) AS ends_at, min(note) AS note FROM calendar_blocks
WHERE organization_id = %(org)s::uuid AND walker_id = %(walker)s::uuid AND kind = 'time_off' AND released_at IS NULL
GROUP BY part_of
HAVING max(ends_at) > %(now)s AND (%(at)s::timestamptz IS NULL OR (min(starts_at), part_of) > (%(at)s::timestamptz, %(after)s::uuid))
ORDER BY min(starts_at), part_of LIMIT %(limit)s
"""

_RELEASE = """
UPDATE calendar_blocks SET released_at = now()
WHERE organization_id = %(org)s::uuid AND walker_id = %(walker)s::uuid AND kind = 'time_off'
  AND part_of = %(id)s::uuid AND released_at IS NULL
RETURNING id
"""


async def taken(tx: Tx, organization_id: UUID, walker_id: UUID, span: Span) -> list[Row]:
    """Return what lies in a span of a walker's calendar, by its start: blocks with their bookings."""
    values = {
        "org": organization_id,
        "walker": walker_id,
        "starts": span[0],
        "ends": span[1],
        "began_after": span[0] - LONGEST_BLOCK,
    }
    return await many(tx, _TAKEN, values)


async def add(tx: Tx, organization_id: UUID, new: NewTimeOff) -> None:
    """Write time off whose calendar is locked. Only `commit.write` calls this."""
    ids, starts, ends = zip(*new.parts, strict=True)
    values = {"org": organization_id, "walker": new.walker_id, "note": new.note, "first": ids[0]}
    await tx.execute(_ADD, {**values, "ids": list(ids), "starts": list(starts), "ends": list(ends)})


async def listed(
    tx: Tx, organization_id: UUID, walker_id: UUID, now: datetime, limit: int, after: tuple[datetime, UUID] | None
) -> list[Row]:
    """Return time off that is not over, by its start."""
    at, last = after or (None, None)
    values = {"org": organization_id, "walker": walker_id, "now": now, "limit": limit, "at": at, "after": last}
    return await many(tx, _LIST, values)


async def release(tx: Tx, organization_id: UUID, walker_id: UUID, block_id: UUID) -> bool:
    """Free all parts. Returns whether there were any. Only `commit.write` calls this."""
    return bool(await many(tx, _RELEASE, {"org": organization_id, "walker": walker_id, "id": block_id}))
