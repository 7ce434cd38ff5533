"""Passwords: argon2id, off the event loop, a few at a time.

Each hash takes 19 MiB and some 20 ms of a core on purpose (OWASP's parameters), so a flood of sign-ins waits in line here instead of
taking all memory and every thread. Each address, or known browser, waits behind its own requests.
"""

import ctypes
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from copy import copy
from hmac import compare_digest
from typing import NamedTuple

import anyio
from anyio import to_thread
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import ARGON2_VERSION, hash_secret

from gateway.rules.password_spelling import spellings

_AT_ONCE = 2
# Of glibc's malloc.h.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_LARGE = 16 * 2**20  # less than a hash's memory, more than anything else that we ask for
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_ANY_HASH = "A" * 43  # 32 bytes, of which all hashes are


class PossibleHash(NamedTuple):
    """A hash that the right password may be stored as. outdated: with another salt, other parameters or another spelling than today's."""

    hash: str
    outdated: bool


class Passwords:
    """Hashes and checks passwords."""

    def __init__(self) -> None:
        _give_memory_back()
        self._line = anyio.CapacityLimiter(_AT_ONCE)
        self._client = ""  # all that are signed in
        self._lines: dict[str, anyio.CapacityLimiter] = {}

    def for_client(self, client: str) -> "Passwords":
        """Return the hasher of one address or browser, with a share so small that others hardly wait."""
        limited = copy(self)
        limited._client = client  # noqa: SLF001 - a copy of this object
        return limited

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        line = self._lines.setdefault(self._client, anyio.CapacityLimiter(_AT_ONCE))
        try:
            async with line:
                yield
        finally:
            if not line.borrowed_tokens and not line.statistics().tasks_waiting:
                self._lines.pop(self._client, None)

    async def hash(self, password: str, salt: bytes) -> str:
        """Return the hash to store. password: normalized, see `rules/password_spelling.py`. salt: of its owner's e-mail."""
        async with self._turn():
            return await to_thread.run_sync(_hash, password, _prefix(salt), limiter=self._line)

    async def possible_hashes(self, password: str, salt: bytes, prefixes: Sequence[str]) -> Sequence[PossibleHash]:
        """Return every hash that a password may be stored as.

        salt: of the e-mail. prefixes: of the hashes that are stored for it, up to their last dollar sign. Today's prefix, or no prefix at
        all, takes one slow hash; every other prefix takes one for each spelling.
        """
        today = _prefix(salt)
        async with self._turn():
            return await to_thread.run_sync(_possible_hashes, password, today, prefixes or [today], limiter=self._line)

    async def verify(self, password: str, password_hash: str) -> bool:
        """Say whether a hash is of this password, in any spelling."""
        async with self._turn():
            return await to_thread.run_sync(_verify, password, password_hash, limiter=self._line)


def _prefix(salt: bytes) -> str:
    parameters = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${parameters}${b64encode(salt).decode().rstrip('=')}$"


def _possible_hashes(password: str, today: str, prefixes: Sequence[str]) -> Sequence[PossibleHash]:
    current, *others = spellings(password)
    possible = [PossibleHash(_hash(current, one), outdated=one != today) for one in prefixes]
    former = [one for one in prefixes if one != today]
    return possible + [PossibleHash(_hash(other, one), outdated=True) for one in former for other in others]


def _hash(password: str, prefix: str) -> str:
    how, salt = extract_parameters(f"{prefix}{_ANY_HASH}"), prefix.split("$")[-2]
    made = hash_secret(
        password.encode(),
        b64decode(f"{salt}=="),
        how.time_cost,
        how.memory_cost,
        how.parallelism,
        how.hash_len,
        how.type,
        how.version,
    )
    return made.decode()


def _verify(password: str, password_hash: str) -> bool:
    prefix = password_hash[: password_hash.rindex("$") + 1]
    return any(compare_digest(_hash(one, prefix), password_hash) for one in spellings(password))


def _give_memory_back() -> None:
    # When a block of this size is freed, glibc takes such blocks from the heap of the asking thread from then on and never gives them back:
    # two sign-ins at once, and the gateway holds 38 MB more for good. Said explicitly, its thresholds stay. Other C libraries have none.
    with suppress(AttributeError):
        libc = ctypes.CDLL(None)
        libc.mallopt(_MMAP_THRESHOLD, _LARGE)
        libc.mallopt(_TRIM_THRESHOLD, 2 * _LARGE)
