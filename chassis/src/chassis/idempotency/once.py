"""Make something once for a key: the key, the thing and the answer are written by one transaction.

The answer is composed before the transaction begins, so that it is written together with the claim. Whoever comes second with a key
waits in the database for the first to end; then the first answer is there, or the key is free again. Bookings, whose answer is known only
under locks, have a protocol of their own on the same table (`booking/submissions.py`).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.database import Database, Tx
from chassis.idempotency import keys
from chassis.idempotency.errors import KeyReused, RequestInProgress
from chassis.responses import dumps

Write = Callable[[Tx], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """An answer as JSON; `replayed` when an earlier request with the same key gave it first."""

    status: int
    body: bytes
    replayed: bool = False


class _KeyTaken(Exception):  # noqa: N818 - no error, a turn of the protocol
    """The key stands for an answer already."""


@dataclass(frozen=True, slots=True)
class Once:
    """Makes what one request asks for. key: None where it brought none. organization_id, customer_id: the key's scope.

    fits: says whether a stored fingerprint is this request's; None: when it is equal.
    """

    db: Database
    organization_id: UUID
    customer_id: UUID
    key: UUID | None
    fingerprint: str
    hours: int
    fits: Callable[[str], Awaitable[bool]] | None = None

    async def make(self, answer: Any, write: Write) -> StoredResponse:
        """Let `write` make something in a transaction and answer `201`, or give the answer that the key stands for already.

        A transaction that fails leaves the key free. Raises KeyReused, RequestInProgress.
        """
        body = dumps(answer)
        try:
            async with self.db.begin(self.organization_id) as tx:
                if self.key is not None:
                    await self._claim(tx, self.key, (201, body.decode()))
                await write(tx)
        except _KeyTaken:
            assert self.key is not None
            return await self._replay(self.key)
        return StoredResponse(201, body)

    async def _claim(self, tx: Tx, key: UUID, answer: keys.Answer) -> None:
        scope = (self.organization_id, self.customer_id)
        claim = await keys.claim(tx, *scope, key, self.fingerprint, self.hours, answer)
        if not await claim.won():
            raise _KeyTaken

    async def _replay(self, key: UUID) -> StoredResponse:
        async with self.db.begin(self.organization_id) as tx:
            kept = await keys.read(tx, self.organization_id, self.customer_id, key)
        if kept is None:
            # It expired between the claim and now: the next try finds it free.
            raise RequestInProgress
        if not await self._is_of_this_request(kept.fingerprint):
            raise KeyReused
        return replayed(kept)

    async def _is_of_this_request(self, stored: str) -> bool:
        return await self.fits(stored) if self.fits else stored == self.fingerprint


def replayed(kept: keys.Kept) -> StoredResponse:
    """Give the answer that a key stands for once more."""
    assert kept.status is not None
    assert kept.response is not None
    return StoredResponse(kept.status, kept.response.encode(), replayed=True)
