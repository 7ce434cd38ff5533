"""Walkers: who they are, and when they work."""

from collections.abc import Sequence
from uuid import UUID

from booking.rules.model import Hours
from booking.store import locks
from booking.store import walkers as store
from booking.store.rows import Row
from chassis.api_types import page
from chassis.database import Database
from chassis.problems import NotFound
from chassis.tokens import Caller

_NO_WALKER = "There is no such walker."


async def listed(
    db: Database, who: Caller, limit: int, after: tuple[str, UUID] | None
) -> tuple[Sequence[Row], str | None]:
    """Return a page of walkers by name, and the next one's cursor. Customers see only who is active."""
    async with db.begin(who.organization_id) as tx:
        found = await store.find(tx, who.organization_id, inactive_too=who.is_staff, limit=limit + 1, after=after)
    return page(found, limit, lambda row: (row["name"], row["id"]))


async def read(db: Database, who: Caller, walker_id: UUID) -> Row:
    """Return one walker. Raises NotFound."""
    async with db.begin(who.organization_id) as tx:
        found = await store.find(tx, who.organization_id, inactive_too=who.is_staff, limit=1, only=walker_id)
    if not found:
        raise NotFound(_NO_WALKER)
    return found[0]


async def change(
    db: Database,
    who: Caller,
    walker_id: UUID,
    name: str | None,
    travel_mode: str,
    hours: Sequence[Hours],
    *,
    active: bool,
) -> Row:
    """Change a walker. Plans that were made with the old hours become stale. Raises NotFound."""
    async with db.begin(who.organization_id) as tx:
        moved = await locks.move_calendars(tx, who.organization_id, customers=[], walkers=[walker_id])
        if not moved.walkers:
            raise NotFound(_NO_WALKER)
        await store.change(tx, who.organization_id, walker_id, name, travel_mode, hours, active=active)
    return await read(db, who, walker_id)
