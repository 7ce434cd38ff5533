"""Limits of requests and unread answers in flight: a client that asks for much, or does not read, uses up only its own share."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from chassis.problems import TooManyRequests

_WAIT = {"retry-after": "1"}


class InFlight:
    """Counts requests from their arrival until the client has their answers, and the bytes of answers that lie here meanwhile."""

    def __init__(self, requests_at_most: int, bytes_at_most: int) -> None:
        self._requests_at_most = requests_at_most
        self._bytes_at_most = bytes_at_most
        self._requests: Counter[UUID] = Counter()
        self._bytes: Counter[UUID] = Counter()

    @contextmanager
    def request(self, account_id: UUID) -> Iterator[None]:
        """Count one request. Raises TooManyRequests."""
        if self._requests[account_id] >= self._requests_at_most:
            raise TooManyRequests("You are asking for too much at once. Please try again in a moment.", headers=_WAIT)
        if self._bytes[account_id] >= self._bytes_at_most:
            raise TooManyRequests("Please wait until the answers before this one have arrived.", headers=_WAIT)
        self._requests[account_id] += 1
        try:
            yield
        finally:
            _less(self._requests, account_id, 1)

    @contextmanager
    def response(self, account_id: UUID, size_bytes: int) -> Iterator[None]:
        """Count a response while it is sent."""
        self._bytes[account_id] += size_bytes
        try:
            yield
        finally:
            _less(self._bytes, account_id, size_bytes)


def _less(counter: Counter[UUID], account_id: UUID, number: int) -> None:
    counter[account_id] -= number
    if not counter[account_id]:
        del counter[account_id]
