"""Read events: partitions are worked on side by side, each in its order, and an offset is committed after the effects before it."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

import psycopg
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError
from prometheus_client import Gauge

from chassis import logs
from chassis.database import Database, Tx
from chassis.events import broker, inbox
from chassis.events.backoff import Backoff
from chassis.events.listeners import Listeners
from chassis.events.processor import EventProcessor
from chassis.settings import ServiceSettings

_AT_ONCE = 500
_WAIT_MS = 500
_LOOK_AROUND_EVERY_S = 2
_SWEEP_ROWS = 5000

lag = Gauge("consumer_lag", "Events of a partition that were not read yet.", ["topic", "partition"])
dead = Gauge("dead_letters", "Events that could not be applied and wait for an operator.")

_log = logs.get("consumer")


class Consumer:
    """A service's way in. group: the service's name."""

    def __init__(self, group: str, db: Database, settings: ServiceSettings, listeners: Listeners) -> None:
        self._group = group
        self._db = db
        self._settings = settings
        self._listeners = listeners
        self._backoff = Backoff()
        self._processor = EventProcessor(group, db, settings, listeners, self._backoff)

    async def run(self) -> None:
        """Read until `end` is called; a broker that is away is waited for."""
        failures = 0
        while not self._backoff.ended:
            try:
                async with broker.consuming(self._settings, self._group, self._listeners.topics) as consumer:
                    _log.info("listening", topics=self._listeners.topics)
                    failures = 0
                    await self._listen(consumer)
            except broker.AWAY as error:
                if not failures:
                    _log.warning("broker away", error=type(error).__name__)
                await self._backoff.pause(broker.AWAY_PAUSES_S, failures)
                failures += 1
            except Exception:  # noqa: BLE001 - a defect: loud, but never the end of listening
                _log.exception("listening failed")
                await self._backoff.pause(broker.AWAY_PAUSES_S, failures)
                failures += 1
        await self._processor.close()

    def end(self) -> None:
        """Stop reading; what is being applied is finished, and its offset committed."""
        self._backoff.end()

    async def sweep(self) -> None:
        """Forget what was read long ago."""
        async with self._db.connection() as tx:
            await inbox.sweep(tx, timedelta(days=self._settings.inbox_keep_days), _SWEEP_ROWS)

    async def measure(self) -> None:
        """Bring the gauge of dead letters up to date."""
        async with self._db.connection() as tx:
            dead.set(await inbox.count(tx))

    async def _listen(self, consumer: AIOKafkaConsumer) -> None:
        look_around_at = 0.0
        while not self._backoff.ended:
            if time.monotonic() >= look_around_at:
                await self._look_around(consumer)
                look_around_at = time.monotonic() + _LOOK_AROUND_EVERY_S
            batches = await consumer.getmany(timeout_ms=_WAIT_MS, max_records=_AT_ONCE)
            if batches:
                await self._work(consumer, batches)

    async def _work(
        self, consumer: AIOKafkaConsumer, batches: Mapping[TopicPartition, Sequence[ConsumerRecord]]
    ) -> None:
        done = await asyncio.gather(*(self._partition(records) for records in batches.values()))
        offsets = {at: offset for at, offset in zip(batches, done, strict=True) if offset is not None}
        try:
            if offsets:
                await consumer.commit(offsets)
        except (CommitFailedError, IllegalStateError) as error:
            # The partition is somebody else's by now, who will meet these events again and find them in the inbox.
            _log.info("offset not committed", error=type(error).__name__)

    async def _partition(self, records: Sequence[ConsumerRecord]) -> int | None:
        """Apply a partition's events in their order. Returns the offset to go on from, None when nothing was done."""
        after = None
        for record in records:
            if self._backoff.ended or not await self._processor.process(record):
                break
            after = record.offset + 1
        return after

    async def _look_around(self, consumer: AIOKafkaConsumer) -> None:
        """Measure how far behind we are, and begin anew where an operator asked for it."""
        lag.clear()  # partitions that went to another replica are measured there
        for at in consumer.assignment():
            high = consumer.highwater(at)
            if high is not None:
                behind = max(0, high - await consumer.position(at))
                lag.labels(at.topic.removeprefix(self._settings.kafka_prefix), str(at.partition)).set(behind)
        with suppress(psycopg.Error):
            async with self._db.connection() as tx:
                await self._begin_anew(consumer, tx)

    async def _begin_anew(self, consumer: AIOKafkaConsumer, tx: Tx) -> None:
        for topic, partition in await inbox.to_reread(tx):
            at = TopicPartition(broker.on_the_wire(self._settings, topic), partition)
            if at in consumer.assignment():
                await consumer.seek_to_beginning(at)
                # Committed before it is forgotten: whoever takes over goes on from there, or is asked again.
                await consumer.commit({at: await consumer.position(at)})
                await inbox.rereading(tx, topic, partition)
