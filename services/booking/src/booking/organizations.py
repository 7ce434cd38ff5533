"""What an organization decided for everybody, as far as booking plans by it: the gateway tells of it."""

from booking.store import locks
from booking.store import organizations as store
from chassis.database import Database
from chassis.tokens import Caller


async def save(db: Database, who: Caller, time_zone: str, currency: str) -> None:
    """Take over an organization's settings. Plans that were made with the old ones become stale."""
    async with db.begin(who.organization_id) as tx:
        await locks.move_organization(tx, who.organization_id)
        await store.save_settings(tx, who.organization_id, time_zone, currency)
