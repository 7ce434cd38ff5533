"""One event's way: read, check against its contract, apply once, or put among the dead letters.

Effect and memory are one transaction. A database that is away lets everything wait; an event that cannot be applied goes to its topic's
dead letters after bounded tries, the later ones of its key beside it.
"""

import asyncio
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime
from uuid import UUID, uuid5

import psycopg
from aiokafka import ConsumerRecord
from opentelemetry import trace
from opentelemetry.trace import Link, SpanKind, Status, StatusCode
from prometheus_client import Counter, Histogram

from chassis import correlation, logs, tracing
from chassis.database import Database, away
from chassis.events import broker, cloud_event, inbox
from chassis.events.backoff import Backoff
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
_NAMESPACE = UUID("2f0d3c52-6b55-4c52-9d0b-0f6f4c1f52a8")

consumed_total = Counter("events_consumed_total", "Events read, by what became of them.", ["topic", "type", "outcome"])
delay_s = Histogram(
    "event_delay_seconds",
    "From the event to its effect here.",
    ["topic"],
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120),
)

_log = logs.get("consumer")


class _Waits(Exception):  # noqa: N818 - nothing is wrong with the event
    """An earlier event of the same key is a dead letter."""


class _Dead(Exception):  # noqa: N818
    """The event is a dead letter already, and nobody asked to try it again."""


class EventProcessor:
    """Applies a group's events, one at a time. backoff: waits, and knows when it is time to end."""

    def __init__(
        self, group: str, db: Database, settings: ServiceSettings, listeners: Listeners, backoff: Backoff
    ) -> None:
        self._group = group
        self._db = db
        self._settings = settings
        self._listeners = listeners
        self._backoff = backoff
        self._contracts = Contracts(settings.contracts_dir)
        self._dead_letters = DeadLetters(group, settings)

    async def close(self) -> None:
        """Hang up on the broker."""
        await self._dead_letters.close()

    async def process(self, record: ConsumerRecord) -> bool:
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
        return await self._backoff.pause(_DATABASE_AWAY_S, turn)

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
                if not await self._backoff.pause(broker.AWAY_PAUSES_S, failures):
                    return False
            else:
                return True


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
