"""A service's part in events while it runs: its relay, and its consumer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from chassis import logs
from chassis.background import background, sweeping
from chassis.database import Database
from chassis.events import broker
from chassis.events.consumer import Consumer
from chassis.events.listeners import Listeners
from chassis.events.relay import Relay
from chassis.settings import ServiceSettings

_log = logs.get("events")
_SWEEP_EVERY_S = 60


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
        if not self.relay and not self.listeners:
            yield
            return
        if not broker.address(self.settings):
            _log.info("no broker: events stay in the outbox")
            yield
            return
        async with AsyncExitStack() as stack:
            if self.relay:
                works = self.relay.run(), sweeping(_SWEEP_EVERY_S, self.relay.sweep)
                await stack.enter_async_context(background(*works))
            if self.listeners:
                await stack.enter_async_context(self._listening(self.listeners))
            yield

    @asynccontextmanager
    async def _listening(self, listeners: Listeners) -> AsyncIterator[None]:
        self._consumer = Consumer(self.name, self.db, self.settings, listeners)
        works = self._consumer.run(), sweeping(_SWEEP_EVERY_S, self._consumer.sweep)
        async with background(*works) as (running, _):
            try:
                yield
            finally:
                self._consumer.end()
                await asyncio.wait({running}, timeout=self.settings.shutdown_grace_s)

    async def measure(self) -> None:
        """Bring the gauges up to date. Raises psycopg.Error when the database is away."""
        if self.relay:
            await self.relay.measure()
        if self._consumer:
            await self._consumer.measure()
