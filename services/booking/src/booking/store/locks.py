"""Locks of a booking transaction: always key, then customers, then walkers, and among themselves in the order of their ids.

A lock is the row's update: whoever changes a calendar moves its version, so that a plan that read the old one is known
to be stale.
"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from psycopg import AsyncCursor

from chassis.database import Tx

Cursor = AsyncCursor[tuple[Any, ...]]

_CUSTOMERS = """
INSERT INTO customers AS c (organization_id, id, calendar_version)
SELECT %(org)s::uuid, id, 1 FROM unnest(%(ids)s::uuid[]) id ORDER BY id
ON CONFLICT (organization_id, id) DO UPDATE SET calendar_version = c.calendar_version + 1
RETURNING id, calendar_version
"""

# The order of an UPDATE's rows is the plan's; FOR UPDATE after ORDER BY is ours.
_WALKERS = """
WITH locked AS MATERIALIZED (
    SELECT id FROM walkers WHERE organization_id = %(org)s::uuid AND id = ANY(%(ids)s::uuid[]) ORDER BY id FOR NO KEY UPDATE
)
UPDATE walkers w SET calendar_version = calendar_version + 1
FROM locked WHERE w.organization_id = %(org)s::uuid AND w.id = locked.id
RETURNING w.id, w.calendar_version
"""


Versions = Mapping[UUID, int]


class Moves:
    """Locks on their way; `versions` waits for them."""

    def __init__(self, customers: Cursor, walkers: Cursor) -> None:
        self._customers = customers
        self._walkers = walkers

    async def versions(self) -> tuple[Versions, Versions]:
        """Return the new versions of customers and of walkers by id; an unknown walker is absent."""
        return dict(await self._customers.fetchall()), dict(await self._walkers.fetchall())


async def send_moves(tx: Tx, organization_id: UUID, *, customers: Collection[UUID], walkers: Collection[UUID]) -> Moves:
    """Ask for the locks of customers, then walkers, for the rest of the transaction, and move their calendars' versions."""
    return Moves(
        await tx.execute(_CUSTOMERS, {"org": organization_id, "ids": sorted(customers)}),
        await tx.execute(_WALKERS, {"org": organization_id, "ids": sorted(walkers)}),
    )


async def move_calendars(
    tx: Tx, organization_id: UUID, *, customers: Collection[UUID], walkers: Collection[UUID]
) -> tuple[Versions, Versions]:
    """Lock customers, then walkers, and move their calendars' versions, which are returned. One round trip."""
    moves = await send_moves(tx, organization_id, customers=customers, walkers=walkers)
    return await moves.versions()
