"""Live streams of notifications: Server-Sent Events that resume where a page stopped, whichever replica it meets.

A stream keeps no queue: it is woken, and reads the notifications after the last that it sent. So a slow reader costs nothing, and a lost
wake-up delays until the next heartbeat.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from uuid import UUID

import psycopg
from fastapi.sse import format_sse_event

from chassis import logs
from chassis.database import Database, Tx
from chassis.problems import NotSignedIn, TooManyRequests
from chassis.tokens import Caller
from gateway import metrics
from gateway.sessions import Sessions
from gateway.settings import Settings
from gateway.store import notifications as rows
from gateway.store.notifications import CHANNEL, NotificationRow

_AT_ONCE = 100
_RECONNECT_AFTER_MS = 2000
_LISTEN_AGAIN_AFTER_S = 1

_log = logs.get("streams")


class NotificationStreams:
    """The open streams of this process. as_json: writes a notification. ending: set when the server is asked to stop."""

    def __init__(
        self,
        db: Database,
        sessions: Sessions,
        settings: Settings,
        ending: asyncio.Event,
        as_json: Callable[[NotificationRow], bytes],
    ) -> None:
        self._db = db
        self._sessions = sessions
        self._settings = settings
        self._ending = ending
        self._as_json = as_json
        self._open: defaultdict[UUID, set[asyncio.Event]] = defaultdict(set)

    async def open(self, caller: Caller, token: str, after: int | None) -> AsyncIterator[bytes]:
        """Open a stream. after: the last sequence that the page has; None: only new notifications. A stream after a sequence that was
        not given yet begins with a `reset`.

        Raises TooManyRequests when the account has too many open already.
        """
        if len(self._open.get(caller.account_id, ())) >= self._settings.streams_per_account:
            raise TooManyRequests(
                "Packwalk is open in too many windows. Close one of them.", headers={"retry-after": "30"}
            )
        async with self._db.begin(caller.organization_id) as tx:
            last = await rows.last_sequence(tx, caller.organization_id, caller.account_id)
        # A sequence of before the database was restored from a backup: the stream would be silent until the counter reaches it.
        ahead = after is not None and after > last
        return self._follow(caller, token, last if after is None or ahead else after, reset=ahead)

    async def _follow(self, caller: Caller, token: str, after: int, *, reset: bool) -> AsyncIterator[bytes]:
        wake = asyncio.Event()
        self._open[caller.account_id].add(wake)
        metrics.open_streams.inc()
        try:
            yield format_sse_event(comment="Packwalk", retry=_RECONNECT_AFTER_MS)
            if reset:
                yield format_sse_event(event="reset", id=str(after), data_str="{}")
            while not self._ending.is_set():
                wake.clear()
                for one in await self._unsent(caller, after):
                    after = one.sequence
                    yield self._frame(one)
                    wake.set()  # there may be more than one batch
                if not wake.is_set() and not await self._woken(wake):
                    yield format_sse_event(comment="still here")
                # Streams of ended sessions end.
                await self._sessions.find(token)
        except (NotSignedIn, psycopg.Error) as error:
            # The page connects again by itself, and then gets the refusal.
            _log.info("stream ended", reason=type(error).__name__)
        finally:
            metrics.open_streams.dec()
            self._open[caller.account_id].discard(wake)
            if not self._open[caller.account_id]:
                del self._open[caller.account_id]

    def _frame(self, row: NotificationRow) -> bytes:
        return format_sse_event(event="notification", id=str(row.sequence), data_str=self._as_json(row).decode())

    async def _unsent(self, caller: Caller, after: int) -> list[NotificationRow]:
        async with self._db.begin(caller.organization_id) as tx:
            return await rows.after(tx, caller.organization_id, caller.account_id, after, _AT_ONCE)

    async def _woken(self, wake: asyncio.Event) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.stream_heartbeat_s):
                await wake.wait()
        return wake.is_set()

    async def listen(self) -> None:
        """Wake streams when any replica writes a notification, until cancelled; all streams whenever a wake-up may have been missed."""
        while True:
            try:
                async with await _listening(self._settings) as connection:
                    self._wake_all()
                    async for note in connection.notifies():
                        for wake in self._open.get(UUID(note.payload), ()):
                            wake.set()
            except (psycopg.Error, OSError) as error:
                _log.warning("not listening", error=type(error).__name__)
                await asyncio.sleep(_LISTEN_AGAIN_AFTER_S)

    async def end(self) -> None:
        """End every stream once the server is asked to stop."""
        await self._ending.wait()
        self._wake_all()

    def _wake_all(self) -> None:
        for wakes in self._open.values():
            for wake in wakes:
                wake.set()


async def _listening(settings: Settings) -> Tx:
    connection = await Tx.connect(
        settings.database_url.get_secret_value(),
        autocommit=True,
        connect_timeout=3,
        keepalives_idle=5,
        keepalives_interval=2,
        keepalives_count=3,
    )
    await connection.execute(f"LISTEN {CHANNEL}")
    return connection
