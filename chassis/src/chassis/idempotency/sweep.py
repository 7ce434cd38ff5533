"""Remove idempotency keys that have expired: once in a while, by one replica at a time, a few at a time."""

from chassis import logs
from chassis.background import sweeping
from chassis.database import Database
from chassis.idempotency import keys
from chassis.settings import KeySettings

_log = logs.get("sweep")


async def keep_sweeping(db: Database, settings: KeySettings) -> None:
    """Sweep until cancelled."""

    async def sweep() -> None:
        removed = await keys.sweep(db)
        if removed:
            _log.info("expired keys removed", keys=removed)

    await sweeping(settings.idempotency_sweep_s, sweep)
