"""Services, as the office offers them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from booking.store.rows import Row, many, one
from chassis.database import Tx

_COLUMNS = (
    "id, kind, name, description, duration_minutes, price_cents, currency, max_dogs, group_discount_percent, active"
)

_LIST = f"""
SELECT {_COLUMNS} FROM services
WHERE organization_id = %(org)s::uuid AND (active OR %(retired_too)s)
  AND (%(name)s::text IS NULL OR (name, id) > (%(name)s, %(after)s::uuid))
ORDER BY name, id LIMIT %(limit)s
"""  # noqa: S608 - our own columns

_ONE = f"SELECT {_COLUMNS} FROM services WHERE organization_id = %(org)s::uuid AND id = %(id)s::uuid FOR NO KEY UPDATE"  # noqa: S608

_SAVE = """
INSERT INTO services (organization_id, id, kind, name, description, duration_minutes, price_cents, currency, max_dogs,
    group_discount_percent, active)
VALUES (%(org)s::uuid, %(id)s::uuid, %(kind)s, %(name)s, %(description)s, %(duration_minutes)s, %(price_cents)s, %(currency)s,
    %(max_dogs)s, %(group_discount_percent)s, %(active)s)
ON CONFLICT (organization_id, id) DO UPDATE SET name = excluded.name, description = excluded.description,
    duration_minutes = excluded.duration_minutes, price_cents = excluded.price_cents, max_dogs = excluded.max_dogs,
    group_discount_percent = excluded.group_discount_percent, active = excluded.active
"""


async def find(
    tx: Tx, organization_id: UUID, *, retired_too: bool, limit: int, after: tuple[str, UUID] | None
) -> list[Row]:
    """Return services by name."""
    name, last = after or (None, None)
    values = {"org": organization_id, "retired_too": retired_too, "limit": limit, "name": name, "after": last}
    return await many(tx, _LIST, values)


async def find_for_change(tx: Tx, organization_id: UUID, service_id: UUID) -> Row | None:
    """Return and lock a service."""
    return await one(tx, _ONE, {"org": organization_id, "id": service_id})


async def save(tx: Tx, organization_id: UUID, service: Mapping[str, Any]) -> None:
    """Make a service, or change all of it but its kind and currency."""
    await tx.execute(_SAVE, {**service, "org": organization_id})
