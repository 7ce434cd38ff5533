"""Walkers as accounts make them, and their working hours."""

from collections.abc import Sequence
from uuid import UUID

from booking.rules.model import Hours
from booking.store.rows import Row, many
from chassis.database import Tx

_WALKER = """
INSERT INTO walkers (organization_id, id, name, active) VALUES (%(org)s::uuid, %(id)s::uuid, %(name)s, %(active)s)
ON CONFLICT (organization_id, id) DO UPDATE SET name = excluded.name, active = excluded.active,
    calendar_version = walkers.calendar_version + 1
"""

_WALKERS = """
SELECT id, name, travel_mode, active, coalesce((
    SELECT json_agg(json_build_object('weekday', weekday, 'opens', opens, 'closes', closes)
                    ORDER BY array_position('{MO,TU,WE,TH,FR,SA,SU}', weekday), opens)
    FROM working_hours h WHERE h.organization_id = w.organization_id AND h.walker_id = w.id), '[]') AS working_hours
FROM walkers w
WHERE organization_id = %(org)s::uuid AND (active OR %(inactive_too)s)
  AND (%(id)s::uuid IS NULL OR id = %(id)s::uuid)
  AND (%(name)s::text IS NULL OR (name, id) > (%(name)s, %(after)s::uuid))
ORDER BY name, id LIMIT %(limit)s
"""

_CHANGE = """
UPDATE walkers SET name = coalesce(%(name)s, name), travel_mode = %(travel_mode)s, active = %(active)s
WHERE organization_id = %(org)s::uuid AND id = %(id)s::uuid
"""

_NO_HOURS = "DELETE FROM working_hours WHERE organization_id = %(org)s::uuid AND walker_id = %(id)s::uuid"

_HOURS = """
INSERT INTO working_hours (organization_id, walker_id, weekday, opens, closes)
SELECT %(org)s::uuid, %(id)s::uuid, weekday, opens, closes
FROM unnest(%(weekdays)s::text[], %(opens)s::int[], %(closes)s::int[]) AS h (weekday, opens, closes)
"""


async def save(tx: Tx, organization_id: UUID, walker_id: UUID, name: str, *, active: bool) -> None:
    """Make a walker, or take over the account's name and whether it is active; hours stay."""
    await tx.execute(_WALKER, {"org": organization_id, "id": walker_id, "name": name, "active": active})


async def find(
    tx: Tx,
    organization_id: UUID,
    *,
    inactive_too: bool,
    limit: int,
    after: tuple[str, UUID] | None = None,
    only: UUID | None = None,
) -> list[Row]:
    """Return walkers by name; `working_hours` in minutes after midnight."""
    name, last = after or (None, None)
    values = {
        "org": organization_id,
        "inactive_too": inactive_too,
        "limit": limit,
        "name": name,
        "after": last,
        "id": only,
    }
    return await many(tx, _WALKERS, values)


async def change(
    tx: Tx,
    organization_id: UUID,
    walker_id: UUID,
    name: str | None,
    travel_mode: str,
    hours: Sequence[Hours],
    *,
    active: bool,
) -> None:
    """Change a walker whose calendar is locked; the hours replace the old ones."""
    ids = {"org": organization_id, "id": walker_id}
    await tx.execute(_CHANGE, {**ids, "name": name, "travel_mode": travel_mode, "active": active})
    await tx.execute(_NO_HOURS, ids)
    columns = {
        "weekdays": [h.weekday.value for h in hours],
        "opens": [h.opens for h in hours],
        "closes": [h.closes for h in hours],
    }
    await tx.execute(_HOURS, {**ids, **columns})
