"""Removal of expired travel times: a few at a time, by whichever replica comes first."""

from chassis.background import sweeping
from chassis.database import Database
from travel.settings import Settings
from travel.store import travel_times as store

_ROWS = 1000


async def keep_sweeping(db: Database, settings: Settings) -> None:
    """Sweep until cancelled."""

    async def sweep() -> None:
        removed = _ROWS
        while removed == _ROWS:
            async with db.connection() as tx:
                removed = await store.sweep(tx, _ROWS)

    await sweeping(settings.travel_sweep_s, sweep)
