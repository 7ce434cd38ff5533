"""Idempotency keys of requests that bring a password: made once like any other, and no way to learn the password.

A retry has to know the password as well. A plain digest of the password could be tried against a dictionary by a reader of the table, so
the password is kept as slowly hashed as the account's own. Before sign-in, the key and the operation are the whole scope.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

from pydantic import BaseModel

from chassis.idempotency.errors import KeyReused
from chassis.idempotency.once import Once
from chassis.idempotency.requests import RequestKey, fingerprint
from gateway.passwords import Passwords
from gateway.rate_limits import RateLimits
from gateway.rules.failure_delays import Key

# The organization of requests that belong to none yet.
NO_ORGANIZATION = UUID(int=0)


def anonymous_once(key: RequestKey, operation: str, body: BaseModel, *, without: Any) -> Once:
    """Make what `body` asks for once for a key, whoever brings it. without: where the password is, as pydantic's `exclude`."""
    digest = fingerprint(operation, body, without=without)
    return Once(key.db, NO_ORGANIZATION, uuid5(NO_ORGANIZATION, operation), key.value, digest, key.hours)


def bound_to_password(once: Once, passwords: Passwords, password: str | None, hashed: str | None) -> Once:
    """Replay the first answer only to requests with the same password. hashed: the password's slow hash."""
    if password is None or hashed is None:
        return once

    async def fits(stored: str) -> bool:
        digest, _, password_hash = stored.partition(" ")
        return digest == once.fingerprint and bool(password_hash) and await passwords.verify(password, password_hash)

    return replace(once, fingerprint=f"{once.fingerprint} {hashed}", fits=fits)


@contextmanager
def counting_guesses(limits: RateLimits, key: RequestKey, guess: Key) -> Iterator[None]:
    """Count a retry that does not fit as a guess of the password. Raises TooManyRequests."""
    if key.value is not None:
        limits.refuse_guess(guess)
    try:
        yield
    except KeyReused:
        limits.count_wrong_guess(guess)
        raise
