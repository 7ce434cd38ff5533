"""A walker's calendar as staff see it: blocks with the bookings that stand in them."""

from datetime import datetime
from uuid import UUID

from booking.rules.model import LONGEST_BLOCK
from booking.store.rows import Row, many
from chassis.database import Tx

_CALENDAR = """
SELECT k.id, k.kind, k.starts_at, k.ends_at, k.note, k.lat, k.lng, coalesce((
    SELECT json_agg(json_build_object(
        'id', b.id, 'customer_name', c.name, 'status', b.status,
        'dog_names', array(SELECT d.name FROM dogs d WHERE d.organization_id = b.organization_id AND d.id = ANY(b.dog_ids)
                           ORDER BY array_position(b.dog_ids, d.id)),
        'dogs', coalesce((
            SELECT json_agg(json_build_object('id', d.id, 'name', d.name, 'breed', d.breed, 'notes', d.notes)
                            ORDER BY array_position(b.dog_ids, d.id))
            FROM dogs d WHERE d.organization_id = b.organization_id AND d.id = ANY(b.dog_ids)), '[]'),
        'location', json_build_object('id', l.id, 'label', l.label, 'address', l.address, 'lat', l.lat, 'lng', l.lng))
        ORDER BY b.id)
    FROM bookings b
    LEFT JOIN customers c ON c.organization_id = b.organization_id AND c.id = b.customer_id
    LEFT JOIN locations l ON l.organization_id = b.organization_id AND l.id = b.location_id
    WHERE b.organization_id = k.organization_id AND b.block_id = k.id AND b.status <> 'cancelled'), '[]') AS bookings
FROM calendar_blocks k
WHERE k.organization_id = %(org)s::uuid AND k.walker_id = %(walker)s::uuid AND k.released_at IS NULL
  AND k.starts_at > %(began_after)s AND k.starts_at < %(to)s AND k.ends_at > %(from)s
ORDER BY k.starts_at
"""


async def blocks(tx: Tx, organization_id: UUID, walker_id: UUID, begins: datetime, ends: datetime) -> list[Row]:
    """Return the blocks that overlap [begins, ends), by their start."""
    values = {"from": begins, "to": ends, "began_after": begins - LONGEST_BLOCK}
    return await many(tx, _CALENDAR, {"org": organization_id, "walker": walker_id, **values})
