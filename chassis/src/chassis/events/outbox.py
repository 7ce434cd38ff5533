"""Events leave with the transaction that made them true; the relay publishes them in this order."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from chassis.database import Tx
from chassis.events.cloud_event import OutgoingEvent

# Events go in binary (%b): as text psycopg would escape their quotes one by one, which takes longer than all else.
_WRITE = """
INSERT INTO outbox (organization_id, id, topic, key, event)
SELECT %(org)s::uuid, e.id, e.topic, e.key, e.event
FROM unnest(%(ids)s::uuid[], %(topics)s::text[], %(keys)s::text[], %(events)b::text[])
     WITH ORDINALITY AS e (id, topic, key, event, place)
ORDER BY e.place
"""


class Waiting(NamedTuple):
    """A row that nobody has published yet. position: grows with time, and per key in the order of commits."""

    position: int
    topic: str
    key: str
    text: str


async def write(tx: Tx, organization_id: UUID, events: Sequence[OutgoingEvent]) -> None:
    """Add events; call after the locks of their aggregates are held, so that positions are in commit order per key."""
    await tx.execute(
        _WRITE,
        {
            "org": organization_id,
            "ids": [e.id for e in events],
            "topics": [e.topic for e in events],
            "keys": [str(e.key) for e in events],
            "events": [e.text for e in events],
        },
    )
    tx.has_news = True


async def waiting(tx: Tx, at_most: int, bytes_at_most: int) -> list[Waiting]:
    """Return what waits, the oldest first; the row that exceeds `bytes_at_most` is the last."""
    found = await tx.execute("SELECT * FROM outbox_waiting(%s::int, %s::bigint)", (at_most, bytes_at_most))
    return [Waiting(*row) for row in await found.fetchall()]


async def published(tx: Tx, positions: Sequence[int]) -> None:
    """Remember what the broker has."""
    await tx.execute("SELECT outbox_published(%s::bigint[])", (list(positions),))


async def state(tx: Tx) -> tuple[int, float]:
    """Return how many events wait, and the age of the oldest in seconds."""
    found = await (await tx.execute("SELECT * FROM outbox_state()")).fetchone()
    assert found
    return found[0], found[1]


async def sweep(tx: Tx, keep: timedelta, at_most: int) -> int:
    """Remove what was published longer ago than `keep`. Returns how many rows."""
    found = await (await tx.execute("SELECT outbox_sweep(%s::interval, %s::int)", (keep, at_most))).fetchone()
    assert found
    return int(found[0])
