"""Locks of a booking transaction: always key, then customers, then walkers, and among themselves in the order of their ids.

A lock is the row's update: whoever changes a calendar moves its version, so that a plan that read the old one is known
to be stale.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from chassis.database import Tx

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


async def move_calendars(
    tx: Tx, organization_id: UUID, *, customers: Collection[UUID], walkers: Collection[UUID]
) -> tuple[Mapping[UUID, int], Mapping[UUID, int]]:
    """Lock customers, then walkers, for the rest of the transaction, and move their calendars' versions.

    Returns the new versions of both by id; an unknown walker is absent. One round trip.
    """
    of_customers = await tx.execute(_CUSTOMERS, {"org": organization_id, "ids": sorted(customers)})
    of_walkers = await tx.execute(_WALKERS, {"org": organization_id, "ids": sorted(walkers)})
    return dict(await of_customers.fetchall()), dict(await of_walkers.fetchall())
