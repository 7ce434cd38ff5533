"""What can be done with the things that customers have: owners see and change their own, staff see more."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from booking.store.customer_things import CustomerThings
from booking.store.rows import Row
from chassis.api_types import page
from chassis.database import Database
from chassis.idempotency.once import Once, StoredResponse
from chassis.ids import new_id
from chassis.problems import NotFound
from chassis.tokens import Caller


@dataclass(frozen=True, slots=True)
class OwnedThings:
    """One kind of thing. missing: the sentence for a thing that is not there; sees_all: whether somebody sees those of all customers."""

    store: CustomerThings
    missing: str
    sees_all: Callable[[Caller], bool]

    async def listed(
        self, db: Database, who: Caller, limit: int, after: UUID | None
    ) -> tuple[Sequence[Row], str | None]:
        """Return a page of things, and the next one's cursor."""
        async with db.begin(who.organization_id) as tx:
            found = await self.store.find(tx, who.organization_id, self._owner(who), limit=limit + 1, after=after)
        return page(found, limit, lambda row: (row["id"],))

    async def add(
        self, once: Once, who: Caller, fields: Mapping[str, Any], answer: Callable[[Row], Row]
    ) -> StoredResponse:
        """Make a thing of the customer's. answer: makes the response of it."""
        made = {**fields, "id": new_id(), "customer_id": who.account_id}
        return await once.make(answer(made), lambda tx: self.store.save(tx, who.organization_id, made))

    async def change(self, db: Database, who: Caller, thing_id: UUID, changes: Mapping[str, Any]) -> Row:
        """Change what is given; walks that are booked keep what they were planned for. Raises NotFound."""
        async with db.begin(who.organization_id) as tx:
            found = await self.store.find_for_change(tx, who.organization_id, self._owner(who), thing_id)
            if found is None:
                raise NotFound(self.missing)
            changed = {**found, **changes}
            await self.store.save(tx, who.organization_id, changed)
        return changed

    async def delete(self, db: Database, who: Caller, thing_id: UUID) -> None:
        """Hide a thing of the customer's; walks that are booked stay. Raises NotFound."""
        async with db.begin(who.organization_id) as tx:
            if await self.store.find_for_change(tx, who.organization_id, who.account_id, thing_id) is None:
                raise NotFound(self.missing)
            await self.store.delete(tx, who.organization_id, thing_id)

    def _owner(self, who: Caller) -> UUID | None:
        return None if self.sees_all(who) else who.account_id
