"""The topic of dead letters: what could not be applied, with where it came from and why."""

import asyncio
from contextlib import AsyncExitStack

from aiokafka import AIOKafkaProducer, ConsumerRecord
from opentelemetry import trace

from chassis.events import broker
from chassis.settings import ServiceSettings


class DeadLetters:
    """Writes dead letters of one group; connects when the first one comes."""

    def __init__(self, group: str, settings: ServiceSettings) -> None:
        self._group = group
        self._settings = settings
        self._stack = AsyncExitStack()
        self._producer: AIOKafkaProducer | None = None
        self._one_at_a_time = asyncio.Lock()

    async def bury(self, record: ConsumerRecord, topic: str, why: str) -> tuple[int, int]:
        """Write a dead letter. Returns its partition and offset. Raises broker.AWAY, after which the next call connects anew."""
        headers = [(name, value) for name, value in record.headers if not name.startswith("dead-letter-")]
        headers += [
            ("dead-letter-group", self._group.encode()),
            ("dead-letter-topic", topic.encode()),
            ("dead-letter-partition", str(record.partition).encode()),
            ("dead-letter-offset", str(record.offset).encode()),
            ("dead-letter-error", why.encode()),
            ("dead-letter-trace", format(trace.get_current_span().get_span_context().trace_id, "032x").encode()),
        ]
        name = broker.on_the_wire(self._settings, broker.dead_letter_topic(topic))
        async with self._one_at_a_time:
            try:
                sent = await (await self._connected()).send_and_wait(
                    name, record.value, key=record.key, headers=headers
                )
            except broker.AWAY:
                await self.close()
                raise
        return sent.partition, sent.offset

    async def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            self._producer = await self._stack.enter_async_context(broker.producing(self._settings))
        return self._producer

    async def close(self) -> None:
        """Hang up."""
        self._producer = None
        await self._stack.aclose()
