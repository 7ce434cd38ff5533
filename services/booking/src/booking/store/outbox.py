"""Events leave with the transaction that made them true; the relay publishes them in this order."""

from collections.abc import Sequence
from uuid import UUID

from booking.events import TOPIC, Event
from chassis.database import Tx

_WRITE = """
INSERT INTO outbox (organization_id, id, topic, key, event)
SELECT %(org)s::uuid, e.id, %(topic)s, e.key, e.event
FROM unnest(%(ids)s::uuid[], %(keys)s::text[], %(events)s::text[]) WITH ORDINALITY AS e (id, key, event, place)
ORDER BY e.place
"""


async def write(tx: Tx, organization_id: UUID, events: Sequence[Event]) -> None:
    """Add events; call after the locks of their aggregates are held, so that positions are in commit order per key."""
    await tx.execute(
        _WRITE,
        {
            "org": organization_id,
            "topic": TOPIC,
            "ids": [e.id for e in events],
            "keys": [str(e.key) for e in events],
            "events": [e.text for e in events],
        },
    )
