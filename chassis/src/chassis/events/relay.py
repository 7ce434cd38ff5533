"""Publish what waits in the outbox: in order per key, nothing skipped, by one replica at a time.

A row is found by its flag, not by a position already passed, so that what a slow transaction commits late is published all the same. Who
holds the advisory lock relays; the others wait for the lock. A round sends at most ONE batch a partition, which the broker appends
whole or not at all, and begins at the oldest row that is not marked: whatever fails, a key's events first appear in their order. After a
crash some are sent twice; the reader's inbox knows them.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import psycopg
from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.producer.message_accumulator import BatchBuilder
from prometheus_client import Counter, Gauge

from chassis import advisory_locks, logs
from chassis.database import Database, Tx
from chassis.events import broker, outbox
from chassis.events.outbox import Waiting
from chassis.settings import ServiceSettings

_ROWS_AT_ONCE = 1000
_BYTES_AT_ONCE = 8_000_000
_TRY_FOR_THE_LOCK_EVERY_S = 1
_TRY_AGAIN_AFTER_S = (0.2, 0.5, 1, 2)
_SAY_AWAY_AFTER_S = 5
_LAST_WORDS_S = 3
_SWEEP_ROWS = 5000

published_total = Counter("events_published_total", "Events that the broker confirmed.", ["topic"])
waiting_now = Gauge("outbox_waiting", "Events that the broker has not confirmed yet.")
oldest_s = Gauge("outbox_oldest_seconds", "Age of the oldest event that the broker has not confirmed yet.")
relaying = Gauge("outbox_relaying", "1 in the replica that relays.")

_log = logs.get("relay")


class Relay:
    """A service's way out."""

    def __init__(self, db: Database, settings: ServiceSettings) -> None:
        self._db = db
        self._settings = settings

    async def run(self) -> None:
        """Relay, or wait until it is our turn, until cancelled."""
        failures = 0
        while True:
            try:
                async with self._our_turn() as tx, broker.producing(self._settings) as producer:
                    _log.info("relaying")
                    failures = 0
                    await self._publish(tx, producer)
            except (*broker.AWAY, psycopg.Error) as error:
                pause = _TRY_AGAIN_AFTER_S[min(failures, len(_TRY_AGAIN_AFTER_S) - 1)]
                if not failures:
                    _log.warning("relay put off", error=type(error).__name__)
                failures += 1
                await asyncio.sleep(pause)
            except Exception:  # noqa: BLE001 - a defect: loud, but never the end of relaying
                _log.exception("relaying failed")
                await asyncio.sleep(_TRY_AGAIN_AFTER_S[-1])

    async def sweep(self) -> None:
        """Remove what was published long ago."""
        async with self._db.connection() as tx:
            await outbox.sweep(tx, timedelta(hours=self._settings.outbox_keep_hours), _SWEEP_ROWS)

    async def measure(self) -> None:
        """Bring the gauges up to date."""
        async with self._db.connection() as tx:
            count, age = await outbox.state(tx)
        waiting_now.set(count)
        oldest_s.set(age)

    @asynccontextmanager
    async def _our_turn(self) -> AsyncIterator[Tx]:
        # A connection of our own: the lock lives and dies with it, and what we read and mark goes through it, so that who lost the
        # lock can do neither.
        tx = await Tx.connect(
            self._settings.database_url.get_secret_value(),
            autocommit=True,
            connect_timeout=3,
            # When our whole machine is gone, the server shall notice and give the lock to another.
            options="-c statement_timeout=10000 -c timezone=UTC"
            " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3",
            keepalives_idle=5,
            keepalives_interval=2,
            keepalives_count=3,
        )
        try:
            while not await _locked(tx):  # noqa: ASYNC110 - the lock is in the database, which sends no word
                await asyncio.sleep(_TRY_FOR_THE_LOCK_EVERY_S)
            relaying.set(1)
            yield tx
        finally:
            relaying.set(0)
            await tx.close()

    async def _publish(self, tx: Tx, producer: AIOKafkaProducer) -> None:
        while True:
            self._db.news.clear()
            rows = await outbox.waiting(tx, _ROWS_AT_ONCE, _BYTES_AT_ONCE)
            if rows:
                await _to_its_end(self._round(tx, producer, rows))
            else:
                await self._pause()

    async def _pause(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.outbox_poll_s):
                await self._db.news.wait()

    async def _round(self, tx: Tx, producer: AIOKafkaProducer, rows: Sequence[Waiting]) -> None:
        batches = await self._batches(producer, rows)
        sent = [await producer.send_batch(one.builder, one.topic, partition=one.partition) for one in batches]
        await _confirmed(sent)
        results = await asyncio.gather(*sent, return_exceptions=True)
        good = [one for one, result in zip(batches, results, strict=True) if not isinstance(result, BaseException)]
        await outbox.published(tx, [row.position for one in good for row in one.rows])
        for one in good:
            published_total.labels(one.rows[0].topic).inc(len(one.rows))
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _batches(self, producer: AIOKafkaProducer, rows: Sequence[Waiting]) -> list["_Batch"]:
        made: dict[tuple[str, int], _Batch] = {}
        names = {row.topic: broker.on_the_wire(self._settings, row.topic) for row in rows}
        known = {topic: sorted(await producer.partitions_for(topic)) for topic in names.values()}
        for row in rows:
            topic, key = names[row.topic], row.key.encode()
            partition = int(_partition_of(key, known[topic], known[topic]))
            batch = made.get((topic, partition))
            if batch is None:
                batch = made[topic, partition] = _Batch(producer.create_batch(), topic, partition)
            batch.add(row, key)
        for batch in made.values():
            batch.builder.close()
        return list(made.values())


class _Batch:
    """What one partition is sent in one round."""

    def __init__(self, builder: BatchBuilder, topic: str, partition: int) -> None:
        self.builder = builder
        self.topic = topic
        self.partition = partition
        self.rows: list[Waiting] = []
        self._full = False

    def add(self, row: Waiting, key: bytes) -> None:
        """Add a row; once one did not fit, all later ones wait for the next round."""
        if self._full:
            return
        if self.builder.append(timestamp=None, key=key, value=row.text.encode()) is None:
            self._full = True
            return
        self.rows.append(row)


_partition_of = DefaultPartitioner()


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    # What is on its way to the broker is waited for and marked, even when we are asked to stop meanwhile.
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=_LAST_WORDS_S)
        task.cancel()
        with suppress(asyncio.CancelledError, *broker.AWAY, psycopg.Error):
            await task
        raise


async def _confirmed(sent: Sequence[asyncio.Future[Any]]) -> None:
    # The producer itself sends again while the broker is away: who gave it up would only have to begin with the same batches.
    waited_s = 0
    while (await asyncio.wait(sent, timeout=_SAY_AWAY_AFTER_S))[1]:
        if not waited_s:
            _log.warning("broker away: events wait", batches=len(sent))
        waited_s += _SAY_AWAY_AFTER_S
    if waited_s:
        _log.info("broker back", waited_s=waited_s)


async def _locked(tx: Tx) -> bool:
    found = await (await tx.execute("SELECT pg_try_advisory_lock(%s)", (advisory_locks.RELAY,))).fetchone()
    return bool(found and found[0])
