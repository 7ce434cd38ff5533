"""Services: what can be booked, for how long and for how much."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from booking.store import locks
from booking.store import services as store
from booking.store.rows import Row
from chassis.api_types import page
from chassis.database import Database
from chassis.idempotency.once import Once, StoredResponse
from chassis.ids import new_id
from chassis.problems import InvalidRequest, NotFound
from chassis.tokens import Caller


async def listed(
    db: Database, who: Caller, limit: int, after: tuple[str, UUID] | None
) -> tuple[Sequence[Row], str | None]:
    """Return a page of services by name, and the next one's cursor. Customers see what is offered, at what it costs them."""
    async with db.begin(who.organization_id) as tx:
        found = await store.find(tx, who.organization_id, retired_too=who.role == "admin", limit=limit + 1, after=after)
    rows, following = page(found, limit, lambda row: (row["name"], row["id"]))
    return [seen_by(who, row) for row in rows], following


def seen_by(who: Caller, service: Row) -> Row:
    """Show a service: to the office as it is, to others with the discount taken off and the full price beside it."""
    if who.role == "admin":
        return service
    full = service["price_cents"]
    discount = service["group_discount_percent"] or 0
    return {**service, "price_cents": full - full * discount // 100, "full_price_cents": full}


async def add(once: Once, who: Caller, fields: Mapping[str, Any]) -> StoredResponse:
    """Offer a service, in the organization's currency. Raises InvalidRequest for what only group walks have, or lack."""
    service = {**fields, "id": new_id(), "currency": who.currency, "active": True}
    _check_group(service)
    return await once.make(service, lambda tx: store.save(tx, who.organization_id, service))


async def change(db: Database, who: Caller, service_id: UUID, changes: Mapping[str, Any]) -> Row:
    """Change what is given. Bookings that exist keep their times and prices; plans that were made with the old ones become stale.

    Raises NotFound, InvalidRequest.
    """
    async with db.begin(who.organization_id) as tx:
        await locks.move_organization(tx, who.organization_id)
        found = await store.find_for_change(tx, who.organization_id, service_id)
        if found is None:
            raise NotFound("There is no such service.")
        service = {**found, **changes}
        _check_group(service)
        await store.save(tx, who.organization_id, service)
    return service


def _check_group(service: Mapping[str, Any]) -> None:
    for name in ("max_dogs", "group_discount_percent"):
        if service["kind"] == "group_walk" and service[name] is None:
            raise InvalidRequest.field(name, "A group walk needs this. Please fill it in.")
        if service["kind"] != "group_walk" and service[name] is not None:
            raise InvalidRequest.field(name, "Only group walks have this. Please leave it empty.")
