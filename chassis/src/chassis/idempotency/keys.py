"""The keys' rows: one stands for one answer, for as long as it is kept. Those of bookings are read by the plan's statement too."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import AsyncCursor

from chassis import advisory_locks
from chassis.database import Database, Tx
from chassis.idempotency.errors import RequestInProgress

# An expired key is free: whoever meets it takes it over. A transaction that holds the same key makes this wait for its end.
_CLAIM = """
INSERT INTO idempotency_keys AS k (organization_id, customer_id, key, fingerprint, status, response, expires_at)
VALUES (%(org)s::uuid, %(customer)s::uuid, %(key)s::uuid, %(fingerprint)s, %(status)s::int, %(response)s,
        now() + make_interval(hours => %(hours)s::int))
ON CONFLICT (organization_id, customer_id, key) DO UPDATE
SET fingerprint = excluded.fingerprint, status = excluded.status, response = excluded.response, expires_at = excluded.expires_at
WHERE k.expires_at <= now()
RETURNING expires_at
"""

_KEEP = """
UPDATE idempotency_keys SET status = %(status)s::int, response = %(response)s
WHERE organization_id = %(org)s::uuid AND customer_id = %(customer)s::uuid AND key = %(key)s::uuid
"""

_READ = """
SELECT fingerprint, status, response FROM idempotency_keys
WHERE organization_id = %s::uuid AND customer_id = %s::uuid AND key = %s::uuid AND expires_at > now()
"""


Answer = tuple[int, str]  # status, and the response as JSON text


@dataclass(frozen=True, slots=True)
class Kept:
    """What a key stands for. `status` and `response` (JSON text) are None while nothing is known."""

    fingerprint: str
    status: int | None
    response: str | None


class Claim:
    """A claim on its way; `won` reads its outcome."""

    def __init__(self, cursor: AsyncCursor[tuple[Any, ...]]) -> None:
        self._cursor = cursor

    async def won(self) -> bool:
        """Whether the key is ours now. Raises RequestInProgress when its holder takes too long."""
        try:
            return await self._cursor.fetchone() is not None
        except psycopg.errors.LockNotAvailable as error:
            raise RequestInProgress from error


async def claim(
    tx: Tx, organization_id: UUID, customer_id: UUID, key: UUID, fingerprint: str, hours: int, answer: Answer | None
) -> Claim:
    """Ask for a key; waits in the database while another transaction holds it.

    answer: what it stands for once the transaction is committed; None: `keep` will say.
    """
    status, response = answer or (None, None)
    named = {"org": organization_id, "customer": customer_id, "key": key, "fingerprint": fingerprint, "hours": hours}
    return Claim(await tx.execute(_CLAIM, {**named, "status": status, "response": response}))


async def keep(tx: Tx, organization_id: UUID, customer_id: UUID, key: UUID, answer: Answer) -> None:
    """Keep the answer that the key stands for from now on."""
    status, response = answer
    named = {"org": organization_id, "customer": customer_id, "key": key, "status": status, "response": response}
    await tx.execute(_KEEP, named)


async def read(tx: Tx, organization_id: UUID, customer_id: UUID, key: UUID) -> Kept | None:
    """Return what a key stands for, None when it is free."""
    cursor = await tx.execute(_READ, (organization_id, customer_id, key))
    row = await cursor.fetchone()
    return Kept(*row) if row else None


_BATCH = 1_000


async def sweep(db: Database) -> int:
    """Remove expired keys of all organizations in batches, unless another replica is at it. Returns how many."""
    removed = 0
    async with db.connection() as connection:
        while True:
            async with connection.transaction():
                cursor = await connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (advisory_locks.SWEEP,))
                if (await cursor.fetchone()) != (True,):
                    return removed
                cursor = await connection.execute("SELECT sweep_idempotency_keys(%s)", (_BATCH,))
                row = await cursor.fetchone()
            gone = int(row[0]) if row else 0
            removed += gone
            if gone < _BATCH:
                return removed
