"""Connections to Kafka, all made alike, and what its errors mean.

aiokafka rather than librdkafka's client: it is asyncio through and through, and needs no thread of its own.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import TypeVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from chassis.settings import ServiceSettings

# A batch that the broker takes: its default limit is 1 MiB and a little.
BATCH_BYTES = 900_000
AWAY = (KafkaError, ConnectionError, socket.gaierror, TimeoutError)
AWAY_PAUSES_S = (0.2, 0.5, 1, 2)  # between tries to reach a broker that is away
REQUEST_TIMEOUT_MS = 10_000
_STOPS_WITHIN_S = 5


def address(settings: ServiceSettings) -> list[str]:
    """Return the brokers to begin with; none when the service shall not talk to any."""
    return [one.strip() for one in settings.kafka_bootstrap_servers.split(",") if one.strip()]


def on_the_wire(settings: ServiceSettings, topic: str) -> str:
    """Return a topic's name at the broker, which several installations may share."""
    return f"{settings.kafka_prefix}{topic}"


def dead_letter_topic(topic: str) -> str:
    """Return where a topic's dead letters go."""
    return f"{topic}.dlq"


def producing(settings: ServiceSettings) -> AbstractAsyncContextManager[AIOKafkaProducer]:
    """Connect an idempotent producer. Raises AWAY; after any error of its own it is used no more (aiokafka #1017)."""
    return _connected(
        AIOKafkaProducer(
            bootstrap_servers=address(settings),
            enable_idempotence=True,
            acks="all",
            compression_type="lz4",
            max_batch_size=BATCH_BYTES,
            max_request_size=2 * BATCH_BYTES,
            request_timeout_ms=REQUEST_TIMEOUT_MS,
            metadata_max_age_ms=30_000,
        )
    )


def consuming(
    settings: ServiceSettings, group: str, topics: list[str]
) -> AbstractAsyncContextManager[AIOKafkaConsumer]:
    """Join a group as a static member: one that restarts within the session keeps its partitions, and disturbs nobody."""
    return _connected(
        AIOKafkaConsumer(
            *(on_the_wire(settings, topic) for topic in topics),
            bootstrap_servers=address(settings),
            group_id=on_the_wire(settings, group),
            group_instance_id=settings.kafka_instance or f"{group}-{socket.gethostname()}-{settings.port}",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=10_000,
            heartbeat_interval_ms=2_000,
            request_timeout_ms=REQUEST_TIMEOUT_MS,
            metadata_max_age_ms=30_000,
        )
    )


def looking(settings: ServiceSettings) -> AbstractAsyncContextManager[AIOKafkaConsumer]:
    """Connect a consumer without a group, which reads what it seeks and leaves no trace."""
    return _connected(AIOKafkaConsumer(bootstrap_servers=address(settings), request_timeout_ms=REQUEST_TIMEOUT_MS))


@asynccontextmanager
async def administering(settings: ServiceSettings) -> AsyncIterator[AIOKafkaAdminClient]:
    """Connect an admin client."""
    admin = AIOKafkaAdminClient(bootstrap_servers=address(settings), request_timeout_ms=REQUEST_TIMEOUT_MS)
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()


C = TypeVar("C", AIOKafkaProducer, AIOKafkaConsumer)


@asynccontextmanager
async def _connected(client: C) -> AsyncIterator[C]:
    try:
        await client.start()
        yield client
    finally:
        # Stopping flushes and says goodbye, for both of which a broker that is away would let us wait.
        with suppress(*AWAY):
            async with asyncio.timeout(_STOPS_WITHIN_S):
                await client.stop()
