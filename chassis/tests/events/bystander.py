"""Who writes marks, starts replicas of the trial service, and looks at what became of both."""

import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord
from pydantic import SecretStr

from chassis.database import Tx
from chassis.events import outbox
from chassis.events.cloud_event import OutgoingEvent
from chassis.testing import HANG_S, Process, Served, ServiceDatabase, serve
from trial.app import TOPIC, Settings, create_app, marked


class Bystander:
    """Works for one organization. topics: the settings that name the broker and the test's topics."""

    def __init__(self, database: ServiceDatabase, topics: dict[str, str]) -> None:
        self.organization = uuid4()
        self.database = database
        self.topics = topics
        self.topic = f"{topics['KAFKA_PREFIX']}{TOPIC}"
        self._stack = ExitStack()
        self._forget()

    def _forget(self) -> None:
        # Replicas relay whatever waits in the database: what a former test left would get into this one's topics.
        with psycopg.connect(self.database.admin_url, autocommit=True) as admin:
            admin.execute("TRUNCATE outbox, inbox, dead_letters, rereads, effects, keys")

    def settings(self, **more: Any) -> Settings:
        """Return the settings of a replica."""
        named = {name.lower(): value for name, value in self.topics.items()}
        own = {"database_url": SecretStr(self.database.url), "kafka_instance": uuid4().hex}
        return Settings(**{**named, **own, **more})

    @contextmanager
    def replica(self, **settings: Any) -> Iterator[Served]:
        """Run a replica in this process."""
        with serve(create_app(self.settings(**settings))) as served:
            yield served

    def process(self, log: Path | None = None, **settings: str) -> Process:
        """Start a replica in a process of its own, which may be killed."""
        path = f"{Path(__file__).parent}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
        made = Process("trial", {"PYTHONPATH": path, "DATABASE_URL": self.database.url, **self.topics, **settings}, log)
        made.start()
        self._stack.callback(made.kill)
        return made

    def tell(self, *events: OutgoingEvent) -> None:
        """Write events as a service does, in one transaction."""

        async def write() -> None:
            async with await Tx.connect(self.database.url) as tx:
                await tx.execute("SELECT set_config('app.organization', %s, true)", (str(self.organization),))
                await outbox.write(tx, self.organization, events)

        asyncio.run(write())

    def mark(self, key: UUID, number: int, fails: int = 0) -> OutgoingEvent:
        """Make a mark."""
        return marked(self.organization, key, number, fails)

    def publish(self, key: str | None, value: bytes, **headers: str) -> None:
        """Put something on the topic, past every outbox."""

        async def send() -> None:
            producer = AIOKafkaProducer(bootstrap_servers=self.topics["KAFKA_BOOTSTRAP_SERVERS"])
            await producer.start()
            name = None if key is None else key.encode("utf-8", "surrogateescape")
            sent = [(header, text.encode("utf-8", "surrogateescape")) for header, text in headers.items()]
            await producer.send_and_wait(self.topic, value, key=name, headers=sent)
            await producer.stop()

        asyncio.run(send())

    def on_the_topic(self, at_least: int, topic: str | None = None) -> list[ConsumerRecord]:
        """Read a topic from its start until it has given some messages."""

        async def read() -> list[ConsumerRecord]:
            servers = self.topics["KAFKA_BOOTSTRAP_SERVERS"]
            consumer = AIOKafkaConsumer(topic or self.topic, bootstrap_servers=servers, auto_offset_reset="earliest")
            await consumer.start()
            found: list[ConsumerRecord] = []
            async with asyncio.timeout(HANG_S):
                while len(found) < at_least:
                    batches = await consumer.getmany(timeout_ms=200)
                    found += [record for records in batches.values() for record in records]
            await consumer.stop()
            return found

        return asyncio.run(read())

    def rows(self, text: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the database."""
        with psycopg.connect(self.database.admin_url, autocommit=True) as admin:
            if not values:
                found = admin.execute(text)
                while found.nextset():
                    pass
                return found.fetchall()
            return admin.execute(text, values).fetchall()

    def effects(self) -> list[int]:
        """Return the numbers of the marks that were applied, in the order in which they were."""
        text = "SELECT number FROM effects WHERE organization_id = %s ORDER BY place"
        return [number for (number,) in self.rows(text, self.organization)]

    def waiting(self) -> int:
        """Count what the broker has not confirmed."""
        return int(self.rows("SELECT count(*) FROM outbox WHERE published_at IS NULL")[0][0])

    def close(self) -> None:
        """End what still runs."""
        self._stack.close()


def numbers(records: list[ConsumerRecord]) -> list[int]:
    """Return the numbers of the marks in some messages."""
    return [json.loads(record.value)["data"]["number"] for record in records]
