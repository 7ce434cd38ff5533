"""What dogs and locations share: each is a customer's, and plans of that customer read it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from booking.store import locks
from booking.store.rows import Row, many
from chassis.database import Tx


class CustomerThings:
    """The rows of one kind of thing that customers have. found, saved, deleted: the statements."""

    def __init__(self, found: str, saved: str, deleted: str) -> None:
        self._found = found
        self._saved = saved
        self._deleted = deleted

    async def find(
        self,
        tx: Tx,
        organization_id: UUID,
        customer_id: UUID | None,
        *,
        limit: int = 1,
        after: UUID | None = None,
        only: UUID | None = None,
    ) -> list[Row]:
        """Return things in the order in which they were made; of all customers when none is named."""
        values = {"org": organization_id, "customer": customer_id, "limit": limit, "after": after, "id": only}
        return await many(tx, self._found, values)

    async def find_for_change(
        self, tx: Tx, organization_id: UUID, customer_id: UUID | None, thing_id: UUID
    ) -> Row | None:
        """Return a thing while its owner's calendar is locked: the owner's plans that read the thing become stale."""
        found = await self.find(tx, organization_id, customer_id, only=thing_id)
        if found:
            await locks.move_calendars(tx, organization_id, customers=[found[0]["customer_id"]], walkers=[])
            # Another transaction may have changed or removed the thing while this one waited for the lock.
            found = await self.find(tx, organization_id, customer_id, only=thing_id)
        return found[0] if found else None

    async def save(self, tx: Tx, organization_id: UUID, thing: Mapping[str, Any]) -> None:
        """Make a thing, or change it; its owner stays."""
        await tx.execute(self._saved, {**thing, "org": organization_id})

    async def delete(self, tx: Tx, organization_id: UUID, thing_id: UUID) -> None:
        """Hide a thing: bookings keep what they name."""
        await tx.execute(self._deleted, {"org": organization_id, "id": thing_id})
