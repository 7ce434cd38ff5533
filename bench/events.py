"""The events' figures: how many a second leave the outbox, and how long after it happened somebody else hears of it."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson
import psycopg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from bench import booking, data, measure
from bench.booking import Bench
from bench.measure import ROUNDS, Figure, Limit
from chassis.events.broker import BATCH_BYTES
from chassis.settings import ServiceSettings
from chassis.testing import make_topics

EVENTS = 20_000
_AT_ONCE = 500
_TOPIC = "packwalk.booking.v1"
_SMALL = data.Size(walkers=2_000, bookings=20_000)


@contextmanager
def running() -> Iterator[tuple[Bench, dict[str, str]]]:
    """Run booking on a broker, with topics of its own."""
    topics = make_topics(ServiceSettings().contracts_dir)
    with booking.running(_SMALL, **topics) as bench:
        yield bench, topics


def leaving(bench: Bench, topics: dict[str, str]) -> list[Figure | Limit]:
    """Measure how fast what waits is published, beside a bare producer with the same events in batches of 500."""
    floor, ours = [], []
    for _ in range(ROUNDS):
        events = [_event() for _ in range(EVENTS)]
        floor.append(asyncio.run(_bare(topics, events)))
        ours.append(_relayed(bench, events))
    slowest = min(ours)
    return [
        Figure(f"outbox to Kafka, events a second, {EVENTS:,} of them", floor, ours, unit="/s"),
        Limit("the same, the slowest round", slowest, unit="/s", at_least=10_000),
    ]


def _event() -> tuple[str, str]:
    key = str(uuid4())
    told = {
        "booking": {"id": key, "service_name": "Neighbourhood walk"},
        "action": {"id": str(uuid4())},
        "more": "x" * 300,
    }
    return key, orjson.dumps({"specversion": "1.0", "id": str(uuid4()), "subject": key, "data": told}).decode()


async def _bare(topics: dict[str, str], events: list[tuple[str, str]]) -> float:
    name = f"{topics['KAFKA_PREFIX']}{_TOPIC}"
    producer = AIOKafkaProducer(
        bootstrap_servers=topics["KAFKA_BOOTSTRAP_SERVERS"],
        enable_idempotence=True,
        compression_type="lz4",
        max_batch_size=BATCH_BYTES,
    )
    await producer.start()
    started = time.perf_counter()
    for begin in range(0, EVENTS, _AT_ONCE):
        batch = producer.create_batch()
        for key, text in events[begin : begin + _AT_ONCE]:
            batch.append(timestamp=None, key=key.encode(), value=text.encode())
        batch.close()
        await (await producer.send_batch(batch, name, partition=0))
    took = time.perf_counter() - started
    await producer.stop()
    return EVENTS / took


def _relayed(bench: Bench, events: list[tuple[str, str]]) -> float:
    with psycopg.connect(bench.database.admin_url) as admin:
        cursor = admin.cursor()
        with cursor.copy("COPY outbox (organization_id, id, topic, key, event) FROM STDIN") as copy:
            for key, text in events:
                copy.write_row((data.ORGANIZATION, uuid4(), _TOPIC, key, text))
        admin.commit()
        started = time.perf_counter()
        admin.autocommit = True
        while admin.execute("SELECT EXISTS (SELECT FROM outbox WHERE published_at IS NULL)").fetchone() == (True,):
            time.sleep(0.005)
        return EVENTS / (time.perf_counter() - started)


def hearing(bench: Bench, topics: dict[str, str]) -> list[Figure | Limit]:
    """Measure from the moment at which an event is made, before its transaction commits, to a reader that has it; the system is idle."""
    delays = asyncio.run(_delays(bench, topics, 200))
    return [
        Limit("from event to reader, idle, p50", measure.p50(delays), at_most=20),
        Limit("from event to reader, idle, p99", measure.p99(delays), at_most=120),
    ]


async def _delays(bench: Bench, topics: dict[str, str], times: int) -> list[float]:
    name = f"{topics['KAFKA_PREFIX']}{_TOPIC}"
    reader = AIOKafkaConsumer(
        name, bootstrap_servers=topics["KAFKA_BOOTSTRAP_SERVERS"], auto_offset_reset="latest", group_id=None
    )
    await reader.start()
    await reader.seek_to_end()
    client, found = measure.Http(bench.url), []
    for _ in range(times):
        wish, headers = bench.fresh(count=1)
        heard = asyncio.ensure_future(reader.getone())
        await asyncio.to_thread(client.post, "/series", orjson.dumps(wish), headers)
        record: Any = await heard
        at = datetime.now(UTC)
        told = orjson.loads(record.value)
        found.append((at - datetime.fromisoformat(told["time"])).total_seconds() * 1000)
        await asyncio.sleep(0.05)
    client.close()
    await reader.stop()
    return sorted(found)
