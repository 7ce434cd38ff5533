"""Remove what nobody needs any more: ended sessions, old notifications. A few at a time, whichever replica comes first."""

import asyncio
from datetime import timedelta

import psycopg

from chassis import logs
from chassis.database import Database
from gateway.settings import Settings
from gateway.store import notifications, sessions

_EVERY_S = 60
_ROWS = 1000

_log = logs.get("sweep")


async def keep_sweeping(db: Database, settings: Settings) -> None:
    """Sweep until cancelled."""
    while True:
        try:
            async with db.connection() as tx:
                await sessions.sweep(tx, _ROWS)
                await notifications.sweep(tx, timedelta(days=settings.notifications_keep_days), _ROWS)
        except psycopg.Error as error:
            _log.warning("sweep failed", error=type(error).__name__)
        await asyncio.sleep(_EVERY_S)
