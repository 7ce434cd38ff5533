"""Customers as accounts make them."""

from uuid import UUID

from chassis.database import Tx

# A plan takes a customer who is unknown for one whose calendar has the version 0.
_SAVE = """
INSERT INTO customers (organization_id, id, name, active, calendar_version)
VALUES (%(org)s::uuid, %(id)s::uuid, %(name)s, %(active)s, 1)
ON CONFLICT (organization_id, id) DO UPDATE SET name = excluded.name, active = excluded.active,
    calendar_version = customers.calendar_version + 1
"""


async def save(tx: Tx, organization_id: UUID, customer_id: UUID, name: str, *, active: bool) -> None:
    """Make a customer, or take over the account's name and whether it is active."""
    await tx.execute(_SAVE, {"org": organization_id, "id": customer_id, "name": name, "active": active})
