"""A service's part in events while it runs: its relay, and its consumer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from chassis import logs
from chassis.database import Database
from chassis.events import broker
from chassis.events.consumer import Consumer
from chassis.events.listeners import Listeners
from chassis.events.relay import Relay
from chassis.settings import ServiceSettings

_log = logs.get("events")


class Events:
    """What a service tells and hears. publishes: it has an outbox; listeners: what it does when others speak."""

    def __init__(
        self, name: str, db: Database, settings: ServiceSettings, *, publishes: bool, listeners: Listeners | None
    ) -> None:
        self.name = name
        self.db = db
        self.settings = settings
        self.listeners = listeners
        self.relay = Relay(db, settings) if publishes else None
        self._consumer: Consumer | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Relay and listen while the block runs; its end finishes what is being applied. A broker that is away holds nobody up."""
        if not broker.address(self.settings):
            _log.info("no broker: events stay in the outbox")
            yield
            return
        tasks = []
        if self.relay:
            tasks.append(asyncio.create_task(self.relay.run()))
        if self.listeners:
            self._consumer = Consumer(self.name, self.db, self.settings, self.listeners)
            tasks.append(asyncio.create_task(self._consumer.run()))
        try:
            yield
        finally:
            await self._end(tasks)

    async def _end(self, tasks: list[asyncio.Task[None]]) -> None:
        if self._consumer:
            self._consumer.end()
            with suppress(TimeoutError):
                async with asyncio.timeout(self.settings.shutdown_grace_s):
                    await asyncio.shield(tasks[-1])
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def measure(self) -> None:
        """Bring the gauges up to date. Raises psycopg.Error when the database is away."""
        if self.relay:
            await self.relay.measure()
        if self._consumer:
            await self._consumer.measure()
