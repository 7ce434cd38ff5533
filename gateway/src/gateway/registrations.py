"""Requests that bring a password are made once for a key like any other, and tell nobody the password.

A retry is told by its password too. A digest of it could be tried against a dictionary by whoever reads the table, so it is kept as
slowly hashed as the account's own. Where nobody is signed in, the key and what is asked for are the whole scope.
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
from gateway.failure_delays import Key
from gateway.limiting import Limits
from gateway.passwords import Passwords

# The organization of what belongs to none yet.
NOBODY = UUID(int=0)


def once_for_anybody(key: RequestKey, operation: str, body: BaseModel, *, without: Any) -> Once:
    """Make what `body` asks for once for whoever has the key. without: where the password is, as pydantic's `exclude`."""
    digest = fingerprint(operation, body, without=without)
    return Once(key.db, NOBODY, uuid5(NOBODY, operation), key.value, digest, key.hours)


def told_by_password(once: Once, passwords: Passwords, password: str | None, hashed: str | None) -> Once:
    """Let only whoever knows the password get the first answer again. hashed: the password's slow hash."""
    if password is None or hashed is None:
        return once

    async def fits(stored: str) -> bool:
        digest, _, of_password = stored.partition(" ")
        return digest == once.fingerprint and bool(of_password) and await passwords.fits(password, of_password)

    return replace(once, fingerprint=f"{once.fingerprint} {hashed}", fits=fits)


@contextmanager
def no_way_to_guess(limits: Limits, key: RequestKey, place: Key) -> Iterator[None]:
    """Count a retry that does not fit as a guess of the password. Raises TooManyRequests."""
    if key.value is not None:
        limits.refuse_guesses(place)
    try:
        yield
    except KeyReused:
        limits.guessed_wrong(place)
        raise
