"""Read events and apply each once: effect and memory in one transaction, the offset after it.

Partitions are worked on side by side, each in its order. A database that is away lets everything wait; an event that cannot be applied
goes to its topic's dead letters after bounded tries, the later ones of its key beside it, and the partition goes on.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import psycopg
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError
from opentelemetry import trace
from opentelemetry.trace import Link, SpanKind, Status, StatusCode
from prometheus_client import Counter, Gauge, Histogram

from chassis import correlation, logs, tracing
from chassis.database import Database, Tx, away
from chassis.events import broker, cloud_event, inbox
from chassis.events.cloud_event import InvalidEvent, ReceivedEvent
from chassis.events.contracts import Contracts
from chassis.events.dead_letters import DeadLetters
from chassis.events.listeners import Listeners
from chassis.settings import ServiceSettings

# Headers of a dead letter that is sent once more: for which group, and the id under which that group keeps it.
REPLAY = "packwalk-replay"
LETTER = "packwalk-dead-letter"
_TRIES = 3
_TRY_AGAIN_AFTER_S = 0.1
_DATABASE_AWAY_S = (0.1, 0.5, 1, 2)
_BROKER_AWAY_S = (0.2, 0.5, 1, 2)
_AT_ONCE = 500
_WAIT_MS = 500
_LOOK_AROUND_EVERY_S = 2
_SWEEP_ROWS = 5000
_NAMESPACE = UUID("2f0d3c52-6b55-4c52-9d0b-0f6f4c1f52a8")

consumed_total = Counter("events_consumed_total", "Events read, by what became of them.", ["topic", "type", "outcome"])
delay_s = Histogram(
    "event_delay_seconds",
    "From the event to its effect here.",
    ["topic"],
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120),
)
lag = Gauge("consumer_lag", "Events of a partition that were not read yet.", ["topic", "partition"])
dead = Gauge("dead_letters", "Events that could not be applied and wait for an operator.")

_log = logs.get("consumer")


class _Waits(Exception):  # noqa: N818 - nothing is wrong with the event
    """An earlier event of the same key is a dead letter."""


class _Dead(Exception):  # noqa: N818
    """The event is a dead letter already, and nobody asked to try it again."""


class Consumer:
    """A service's way in. group: the service's name."""

    def __init__(self, group: str, db: Database, settings: ServiceSettings, listeners: Listeners) -> None:
        self._group = group
        self._db = db
        self._settings = settings
        self._listeners = listeners
        self._contracts = Contracts(settings.contracts_dir)
        self._ending = asyncio.Event()
        self._dead_letters = DeadLetters(group, settings)

    async def run(self) -> None:
        """Read until `end` is called; a broker that is away is waited for."""
        failures = 0
        while not self._ending.is_set():
            try:
                async with broker.consuming(self._settings, self._group, self._listeners.topics) as consumer:
                    _log.info("listening", topics=self._listeners.topics)
                    failures = 0
                    await self._listen(consumer)
            except broker.AWAY as error:
                if not failures:
                    _log.warning("broker away", error=type(error).__name__)
                await self._pause(_BROKER_AWAY_S, failures)
                failures += 1
            except Exception:  # noqa: BLE001 - a defect: loud, but never the end of listening
                _log.exception("listening failed")
                await self._pause(_BROKER_AWAY_S, failures)
                failures += 1
        await self._dead_letters.close()

    def end(self) -> None:
        """Stop reading; what is being applied is finished, and its offset committed."""
        self._ending.set()

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
        while not self._ending.is_set():
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
            if self._ending.is_set() or not await self._event(record):
                break
            after = record.offset + 1
        return after

    async def _event(self, record: ConsumerRecord) -> bool:
        """Apply or bury an event. Returns False when neither could be done before the end."""
        topic = record.topic.removeprefix(self._settings.kafka_prefix)
        replayed_for = dict(record.headers).get(REPLAY)
        if replayed_for is not None and replayed_for != self._group.encode():
            return True
        try:
            event = cloud_event.read(record.value)
        except InvalidEvent as invalid:
            _log.error("event cannot be read", topic=topic, partition=record.partition, offset=record.offset)
            return await self._bury(record, topic, None, str(invalid), waits=False)
        correlation.adopt(event.correlation_id)
        with _span(topic, event, record) as span:
            outcome = await self._apply_or_bury(record, topic, event, replayed=replayed_for is not None)
            if outcome is None:
                return False
            span.set_attribute("packwalk.outcome", outcome)
            if outcome == "dead":
                span.set_status(Status(StatusCode.ERROR))
        consumed_total.labels(topic, event.type if outcome != "passed over" else "other", outcome).inc()
        delay_s.labels(topic).observe(max(0.0, (datetime.now(UTC) - event.time).total_seconds()))
        return True

    async def _apply_or_bury(
        self, record: ConsumerRecord, topic: str, event: ReceivedEvent, *, replayed: bool
    ) -> str | None:
        """Return what became of an event, None when it is time to end and nothing did."""
        failures = waited = 0
        while True:
            try:
                return await self._apply(topic, _key(record), event, replayed=replayed)
            except _Dead:
                return "dead"
            except _Waits as waits:
                return "waits" if await self._bury(record, topic, event, str(waits), waits=True) else None
            except InvalidEvent as invalid:
                _log.error("event does not fit", topic=topic, event_id=event.id, reason=str(invalid))
                return "dead" if await self._bury(record, topic, event, str(invalid), waits=False) else None
            except Exception as error:  # noqa: BLE001 - whatever a listener does, the partition goes on
                if isinstance(error, psycopg.Error) and away(error):
                    # No event's fault: however long it takes, nothing is buried for it.
                    waited += 1
                    if not await self._wait_for_the_database(error, waited):
                        return None
                    continue
                failures += 1
                if failures < _TRIES:
                    await asyncio.sleep(_TRY_AGAIN_AFTER_S * failures)
                    continue
                _log.exception("event cannot be applied", topic=topic, event_id=event.id, tries=failures)
                why = f"{type(error).__name__} in {event.type}"
                return "dead" if await self._bury(record, topic, event, why, waits=False) else None

    async def _wait_for_the_database(self, error: psycopg.Error, turn: int) -> bool:
        if turn == 1:
            _log.warning("database away", error=type(error).__name__)
        return await self._pause(_DATABASE_AWAY_S, turn)

    async def _apply(self, topic: str, key: str, event: ReceivedEvent, *, replayed: bool) -> str:
        if not self._listeners.has_listener(topic, event.type):
            return "passed over"
        self._contracts.check(topic, event.type, event.whole)
        effect = self._listeners.handle(topic, event)
        async with self._db.begin(event.organization_id) as tx:
            new, oldest = await inbox.claim(tx, event.organization_id, event.id, topic, key)
            if oldest is not None and oldest != event.id:
                raise _Waits(f"waits for {oldest}")
            if oldest is not None and not replayed:
                raise _Dead
            if new:
                await effect(tx)
            if oldest is not None:
                await inbox.unbury(tx, event.id)
        return "applied" if new else "seen"

    async def _bury(
        self, record: ConsumerRecord, topic: str, event: ReceivedEvent | None, why: str, *, waits: bool
    ) -> bool:
        """Put an event among the dead letters, however long that takes. Returns False when the end came before."""
        event_id = event.id if event else _id_of_unreadable(record)
        kind = event.type if event else "-"
        failures = 0
        while True:
            try:
                async with self._db.connection() as tx:
                    known = await inbox.buried(tx, event_id)
                at = (-1, -1) if known else await self._dead_letters.bury(record, topic, why)
                async with self._db.connection() as tx:
                    await inbox.bury(tx, event_id, topic, _key(record), kind, why, waits=waits, at=at)
            except (*broker.AWAY, psycopg.Error) as error:
                _log.warning("dead letter put off", error=type(error).__name__)
                failures += 1
                if not await self._pause(_BROKER_AWAY_S, failures):
                    return False
            else:
                return True

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

    async def _pause(self, pauses_s: Sequence[float], turn: int) -> bool:
        """Wait a little longer each turn. Returns False when it is time to end."""
        with suppress(TimeoutError):
            async with asyncio.timeout(pauses_s[min(turn, len(pauses_s) - 1)]):
                await self._ending.wait()
        return not self._ending.is_set()


def _id_of_unreadable(record: ConsumerRecord) -> UUID:
    # Sent once more it is the same letter, at another place.
    with suppress(ValueError):
        return UUID(dict(record.headers).get(LETTER, b"").decode("ascii", "replace"))
    return uuid5(_NAMESPACE, f"{record.topic} {record.partition} {record.offset}")


def _key(record: ConsumerRecord) -> str:
    # Our keys are UUIDs. Postgres' texts hold no NUL, and its indexes nothing longer than a third of a page.
    return (record.key or b"").decode("utf-8", "replace").replace("\x00", "\ufffd")[:200]


def _span(topic: str, event: ReceivedEvent, record: ConsumerRecord) -> AbstractContextManager[trace.Span]:
    # Child and link at once: the trace goes on, and who looks at it sees that a queue lay between.
    context = tracing.parent(event.trace)
    written = trace.get_current_span(context).get_span_context()  # type: ignore[arg-type]
    return tracing.tracer.start_as_current_span(
        f"process {event.type}",
        context=context,  # type: ignore[arg-type]
        kind=SpanKind.CONSUMER,
        links=[Link(written)] if written.is_valid else None,
        attributes={
            "messaging.system": "kafka",
            "messaging.destination.name": topic,
            "messaging.kafka.offset": record.offset,
            "messaging.destination.partition.id": str(record.partition),
            "packwalk.correlation_id": event.correlation_id,
        },
        record_exception=False,
    )
