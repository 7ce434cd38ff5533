"""Customers' locations: owners see and change their own, the office sees all."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from booking.store.locations import locations as store
from booking.store.rows import Row
from chassis.api_types import page
from chassis.database import Database
from chassis.idempotency.once import Once, StoredResponse
from chassis.ids import new_id
from chassis.problems import NotFound
from chassis.tokens import Caller

_NO_LOCATION = "There is no such location of yours."


async def listed(db: Database, who: Caller, limit: int, after: UUID | None) -> tuple[Sequence[Row], str | None]:
    """Return a page of locations, and the next one's cursor."""
    async with db.begin(who.organization_id) as tx:
        found = await store.find(tx, who.organization_id, _owner(who), limit=limit + 1, after=after)
    return page(found, limit, lambda row: (row["id"],))


async def add(once: Once, who: Caller, fields: Mapping[str, Any], answer: Callable[[Row], Row]) -> StoredResponse:
    """Make a location of the customer's. answer: makes the response of it."""
    made = {**fields, "id": new_id(), "customer_id": who.account_id}
    return await once.make(answer(made), lambda tx: store.save(tx, who.organization_id, made))


async def change(db: Database, who: Caller, location_id: UUID, changes: Mapping[str, Any]) -> Row:
    """Change what is given; walks that are booked keep the place that they were planned for. Raises NotFound."""
    async with db.begin(who.organization_id) as tx:
        found = await store.find_for_change(tx, who.organization_id, _owner(who), location_id)
        if found is None:
            raise NotFound(_NO_LOCATION)
        changed = {**found, **changes}
        await store.save(tx, who.organization_id, changed)
    return changed


async def delete(db: Database, who: Caller, location_id: UUID) -> None:
    """Hide a location of the customer's; walks that are booked stay. Raises NotFound."""
    async with db.begin(who.organization_id) as tx:
        if await store.find_for_change(tx, who.organization_id, who.account_id, location_id) is None:
            raise NotFound(_NO_LOCATION)
        await store.delete(tx, who.organization_id, location_id)


def _owner(who: Caller) -> UUID | None:
    # Walkers see an address in the booking that takes them there, and no list of where everybody lives.
    return None if who.role == "admin" else who.account_id
