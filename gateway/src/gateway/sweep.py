"""Remove ended sessions, old notifications and expired keys, a few at a time, in one replica at a time."""

from datetime import timedelta

from chassis.background import sweeping
from chassis.database import Database
from chassis.idempotency import keys
from gateway.settings import Settings
from gateway.store import notifications, sessions

_EVERY_S = 60
_ROWS = 1000


async def keep_sweeping(db: Database, settings: Settings) -> None:
    """Sweep until cancelled."""

    async def sweep() -> None:
        async with db.connection() as tx:
            await sessions.sweep(tx, _ROWS)
            await notifications.sweep(tx, timedelta(days=settings.notifications_keep_days), _ROWS)
        await keys.sweep(db)

    await sweeping(_EVERY_S, sweep)
