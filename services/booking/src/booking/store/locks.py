"""Locks of a booking transaction: always key, then organization, customers, walkers, and among themselves in the order of their ids.

A calendar's lock is the row's update: whoever changes a calendar moves its version, so that a plan that read the old one is known
to be stale. What the office decides for everybody (services, settings) has one version an organization. Bookings hold it still together,
and whoever changes it does so alone.
"""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import AsyncCursor

from chassis.database import Tx

Cursor = AsyncCursor[tuple[Any, ...]]

# An advisory lock, because these are a queue: a row's shared locks let others join them while somebody waits to change the row, and the
# office would wait for as long as bookings pour in.
_CUSTOMERS = """
INSERT INTO customers AS c (organization_id, id, calendar_version)
SELECT %(org)s::uuid, id, 1 FROM pg_advisory_xact_lock_shared(%(lock)s::bigint), unnest(%(ids)s::uuid[]) id ORDER BY id
ON CONFLICT (organization_id, id) DO UPDATE SET calendar_version = c.calendar_version + 1
RETURNING id, calendar_version
"""

# The order of an UPDATE's rows is the plan's; FOR UPDATE after ORDER BY is ours. The organization's version is read here, by a statement
# that began after its lock was there: the one that waited for the lock would see the version from before.
_WALKERS = """
WITH locked AS MATERIALIZED (
    SELECT id FROM walkers WHERE organization_id = %(org)s::uuid AND id = ANY(%(ids)s::uuid[]) ORDER BY id FOR NO KEY UPDATE
)
UPDATE walkers w SET calendar_version = calendar_version + 1
FROM locked WHERE w.organization_id = %(org)s::uuid AND w.id = locked.id
RETURNING w.id, w.calendar_version, (SELECT version FROM organizations WHERE organization_id = %(org)s::uuid)
"""

_ORGANIZATION = """
INSERT INTO organizations AS o (organization_id, version)
SELECT %(org)s::uuid, 1 FROM pg_advisory_xact_lock(%(lock)s::bigint)
ON CONFLICT (organization_id) DO UPDATE SET version = o.version + 1
"""


class Versions(NamedTuple):
    """Versions of an organization, and of calendars by their customer's or walker's id. Whoever is unknown is absent.

    organization: 0 before its first change, and where no walker was asked for.
    """

    organization: int
    customers: Mapping[UUID, int]
    walkers: Mapping[UUID, int]


class Moves:
    """Locks on their way; `versions` waits for them."""

    def __init__(self, customers: Cursor, walkers: Cursor) -> None:
        self._customers = customers
        self._walkers = walkers

    async def versions(self) -> Versions:
        """Return the new versions of the calendars, and the organization's, which bookings leave as it is."""
        customers: dict[UUID, int] = dict(await self._customers.fetchall())
        walkers = await self._walkers.fetchall()
        organization = walkers[0][2] if walkers else None
        return Versions(organization or 0, customers, {walker: version for walker, version, _ in walkers})


async def send_moves(tx: Tx, organization_id: UUID, *, customers: Collection[UUID], walkers: Collection[UUID]) -> Moves:
    """Ask for the locks of customers, then walkers, for the rest of the transaction, and move their calendars' versions.

    With customers, nobody changes the organization's services and settings until the transaction ends.
    """
    shared = {"org": organization_id, "lock": _number(organization_id)}
    return Moves(
        await tx.execute(_CUSTOMERS, {**shared, "ids": sorted(customers)}),
        await tx.execute(_WALKERS, {"org": organization_id, "ids": sorted(walkers)}),
    )


async def move_calendars(
    tx: Tx, organization_id: UUID, *, customers: Collection[UUID], walkers: Collection[UUID]
) -> Versions:
    """Lock customers, then walkers, and move their calendars' versions, which are returned. One round trip."""
    moves = await send_moves(tx, organization_id, customers=customers, walkers=walkers)
    return await moves.versions()


async def move_organization(tx: Tx, organization_id: UUID) -> None:
    """Wait until no booking of the organization is being committed, keep others waiting, and move the organization's version.

    Whoever changes services or settings does this first.
    """
    await tx.execute(_ORGANIZATION, {"org": organization_id, "lock": _number(organization_id)})


def _number(organization_id: UUID) -> int:
    # The half that is random in every kind of UUID, as Postgres's bigint. Two that had the same would wait for each other, no more.
    return int.from_bytes(organization_id.bytes[8:], signed=True)
