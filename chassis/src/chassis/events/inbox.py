"""What a service has read already, and what it could not apply. Remembering is part of the transaction that applies."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from chassis.database import Tx

_CLAIM = """
WITH claimed AS (
    INSERT INTO inbox (organization_id, id, topic) VALUES (%(org)s::uuid, %(id)s::uuid, %(topic)s) ON CONFLICT DO NOTHING RETURNING 1
)
SELECT EXISTS (SELECT FROM claimed),
       (SELECT event_id FROM dead_letters WHERE topic = %(topic)s AND key = %(key)s ORDER BY number LIMIT 1)
"""

_BURY = """
INSERT INTO dead_letters (event_id, topic, key, type, error, waits, tries, letter_partition, letter_offset)
VALUES (%(id)s::uuid, %(topic)s, %(key)s, %(type)s, %(error)s, %(waits)s::boolean, 1, %(partition)s::int, %(offset)s::bigint)
ON CONFLICT (event_id) DO UPDATE SET error = EXCLUDED.error, waits = EXCLUDED.waits, tries = dead_letters.tries + 1
"""

_COLUMNS = "number, event_id, topic, key, type, error, waits, tries, letter_partition, letter_offset, buried_at"


class Letter(NamedTuple):
    """An event that was not applied. waits: nothing is wrong with it, but an earlier one of its key lies here."""

    number: int
    event_id: UUID
    topic: str
    key: str
    type: str
    error: str
    waits: bool
    tries: int
    partition: int
    offset: int
    buried_at: datetime


async def claim(tx: Tx, organization_id: UUID, event_id: UUID, topic: str, key: str) -> tuple[bool, UUID | None]:
    """Remember an event. Returns whether it is new, and the oldest dead letter of its key, behind which it has to wait."""
    values = {"org": organization_id, "id": event_id, "topic": topic, "key": key}
    found = await (await tx.execute(_CLAIM, values)).fetchone()
    assert found
    return found[0], found[1]


async def bury(
    tx: Tx,
    event_id: UUID,
    topic: str,
    key: str,
    kind: str,
    error: str,
    *,
    waits: bool,
    at: tuple[int, int],
) -> None:
    """Remember a dead letter. at: its partition and offset in the topic of dead letters; the first burial's stays."""
    values = {"id": event_id, "topic": topic, "key": key, "type": kind, "error": error, "waits": waits}
    await tx.execute(_BURY, {**values, "partition": at[0], "offset": at[1]})


async def buried(tx: Tx, event_id: UUID) -> bool:
    """Whether an event lies among the dead letters."""
    found = await tx.execute("SELECT FROM dead_letters WHERE event_id = %s::uuid", (event_id,))
    return await found.fetchone() is not None


async def unbury(tx: Tx, event_id: UUID) -> None:
    """Forget a dead letter, which was applied or given up."""
    await tx.execute("DELETE FROM dead_letters WHERE event_id = %s::uuid", (event_id,))


async def letters(tx: Tx) -> list[Letter]:
    """Return all dead letters, the oldest first."""
    found = await tx.execute(f"SELECT {_COLUMNS} FROM dead_letters ORDER BY number")  # noqa: S608 - our own columns
    return [Letter(*row) for row in await found.fetchall()]


async def count(tx: Tx) -> int:
    """Count the dead letters."""
    found = await (await tx.execute("SELECT count(*) FROM dead_letters")).fetchone()
    assert found
    return int(found[0])


async def ask_to_reread(tx: Tx, partitions: Sequence[tuple[str, int]]) -> None:
    """Let the consumer read partitions from their start, as if nothing of their topics had been read before.

    partitions: (topic, partition), every one of each topic.
    """
    await tx.execute("SELECT inbox_forget(%s::text[])", (sorted({topic for topic, _ in partitions}),))
    await tx.execute(
        "INSERT INTO rereads (topic, partition) SELECT * FROM unnest(%s::text[], %s::int[]) ON CONFLICT DO NOTHING",
        ([topic for topic, _ in partitions], [partition for _, partition in partitions]),
    )


async def to_reread(tx: Tx) -> list[tuple[str, int]]:
    """Return the partitions that shall be read from their start."""
    found = await tx.execute("SELECT topic, partition FROM rereads")
    return [(topic, partition) for topic, partition in await found.fetchall()]


async def rereading(tx: Tx, topic: str, partition: int) -> None:
    """Remember that a partition is being read from its start."""
    await tx.execute("DELETE FROM rereads WHERE topic = %s AND partition = %s::int", (topic, partition))


async def sweep(tx: Tx, keep: timedelta, at_most: int) -> int:
    """Forget what was read longer ago than `keep`. Returns how many events."""
    found = await (await tx.execute("SELECT inbox_sweep(%s::interval, %s::int)", (keep, at_most))).fetchone()
    assert found
    return int(found[0])
