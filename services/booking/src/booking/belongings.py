"""What customers have: dogs and locations. Owners see and change their own; the office sees all, walkers all dogs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from booking.store import locks
from booking.store.belongings import Belongings
from booking.store.rows import Row
from chassis.api_types import page
from chassis.database import Database, Tx
from chassis.idempotency.once import Once, StoredResponse
from chassis.ids import new_id
from chassis.problems import NotFound
from chassis.tokens import Caller

Shown = Callable[[Row], Row]
_GONE = "There is nothing of yours at this address."


async def listed(
    db: Database, things: Belongings, who: Caller, limit: int, after: UUID | None
) -> tuple[Sequence[Row], str | None]:
    """Return a page of things, and the next one's cursor."""
    async with db.begin(who.organization_id) as tx:
        found = await things.find(tx, who.organization_id, _owner(who, things), limit=limit + 1, after=after)
    return page(found, limit, lambda row: (row["id"],))


async def add(once: Once, things: Belongings, who: Caller, wish: Mapping[str, Any], shown: Shown) -> StoredResponse:
    """Make a thing of the customer's. shown: the thing as the API answers it."""
    made = {**wish, "id": new_id(), "customer_id": who.account_id}
    return await once.make(shown(made), lambda tx: things.save(tx, who.organization_id, made))


async def change(db: Database, things: Belongings, who: Caller, thing_id: UUID, changes: Mapping[str, Any]) -> Row:
    """Change what is given. Bookings that exist keep the place that they were planned for. Raises NotFound."""
    async with db.begin(who.organization_id) as tx:
        found = await _found_for_change(tx, things, who, _owner(who, things), thing_id)
        changed = {**found, **changes}
        await things.save(tx, who.organization_id, changed)
    return changed


async def delete(db: Database, things: Belongings, who: Caller, thing_id: UUID) -> None:
    """Remove a thing of the customer's; bookings that exist stay as they are. Raises NotFound."""
    async with db.begin(who.organization_id) as tx:
        await _found_for_change(tx, things, who, who.account_id, thing_id)
        await things.delete(tx, who.organization_id, thing_id)


async def _found_for_change(tx: Tx, things: Belongings, who: Caller, owner: UUID | None, thing_id: UUID) -> Row:
    """Return a thing as it is while its owner's calendar is locked: the owner's plans that read it become stale."""
    found = await things.find(tx, who.organization_id, owner, only=thing_id)
    if found:
        await locks.move_calendars(tx, who.organization_id, customers=[found[0]["customer_id"]], walkers=[])
        # Somebody may have changed or removed it while we waited for the lock.
        found = await things.find(tx, who.organization_id, owner, only=thing_id)
    if not found:
        raise NotFound(_GONE)
    return found[0]


def _owner(who: Caller, things: Belongings) -> UUID | None:
    sees_all = who.role == "admin" or (who.role == "walker" and things.known_to_walkers)
    return None if sees_all else who.account_id
