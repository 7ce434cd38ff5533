"""The gateway's accounts, as far as booking keeps a copy: walkers and customers."""

from uuid import UUID

from booking.store import customers, walkers
from chassis.database import Database
from chassis.tokens import Caller


async def save(db: Database, who: Caller, account_id: UUID, role: str, name: str, *, active: bool) -> None:
    """Copy an account. Plans that were made with the former copy become stale. An admin is neither a walker nor a customer."""
    async with db.begin(who.organization_id) as tx:
        if role == "walker":
            await walkers.save(tx, who.organization_id, account_id, name, active=active)
        elif role == "customer":
            await customers.save(tx, who.organization_id, account_id, name, active=active)
