"""Passwords: argon2id, off the event loop, a few at a time.

Each hash takes 19 MiB and some 20 ms of a core on purpose (OWASP's parameters), so a flood of sign-ins waits in line here instead of
taking all memory and every thread. Each address, or browser that is known, waits behind its own.
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

from gateway.password_spelling import spellings

_AT_ONCE = 2
# Of glibc's malloc.h.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_LARGE = 16 * 2**20  # less than a hash's memory, more than anything else that we ask for
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_ANY_HASH = "A" * 43  # 32 bytes, of which all hashes are


class Tried(NamedTuple):
    """What a password is stored as, if it is the one. outdated: with another salt, other parameters or in another spelling than today's."""

    hash: str
    outdated: bool


class Passwords:
    """Hashes and checks passwords."""

    def __init__(self) -> None:
        _give_memory_back()
        self._line = anyio.CapacityLimiter(_AT_ONCE)
        self._who = ""  # whoever is signed in
        self._lines: dict[str, anyio.CapacityLimiter] = {}

    def asked_by(self, who: str) -> "Passwords":
        """Return what hashes and checks for one address or browser: not more at a time than others hardly wait for."""
        theirs = copy(self)
        theirs._who = who  # noqa: SLF001 - its own
        return theirs

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        line = self._lines.setdefault(self._who, anyio.CapacityLimiter(_AT_ONCE))
        try:
            async with line:
                yield
        finally:
            if not line.borrowed_tokens and not line.statistics().tasks_waiting:
                self._lines.pop(self._who, None)

    async def hash(self, password: str, salt: bytes) -> str:
        """Return the hash to store. password: as it is kept, see `password_spelling`. salt: of its owner's e-mail."""
        async with self._turn():
            return await to_thread.run_sync(_hash, password, _beginning(salt), limiter=self._line)

    async def tries(self, password: str, salt: bytes, beginnings: Sequence[str]) -> Sequence[Tried]:
        """Return all that a password may be stored as.

        salt: of the e-mail. beginnings: of the hashes that are stored for it, up to their last dollar sign. One that was made as it is made
        today, or none at all, takes one slow hash, whoever asks; the others take one for each spelling.
        """
        today = _beginning(salt)
        async with self._turn():
            return await to_thread.run_sync(_tries, password, today, beginnings or [today], limiter=self._line)

    async def fits(self, password: str, password_hash: str) -> bool:
        """Say whether it is the one, however it is spelt."""
        async with self._turn():
            return await to_thread.run_sync(_fits, password, password_hash, limiter=self._line)


def _beginning(salt: bytes) -> str:
    parameters = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${parameters}${b64encode(salt).decode().rstrip('=')}$"


def _tries(password: str, today: str, beginnings: Sequence[str]) -> Sequence[Tried]:
    kept, *others = spellings(password)
    tried = [Tried(_hash(kept, one), outdated=one != today) for one in beginnings]
    before = [one for one in beginnings if one != today]
    return tried + [Tried(_hash(other, one), outdated=True) for one in before for other in others]


def _hash(password: str, beginning: str) -> str:
    how, salt = extract_parameters(f"{beginning}{_ANY_HASH}"), beginning.split("$")[-2]
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


def _fits(password: str, password_hash: str) -> bool:
    beginning = password_hash[: password_hash.rindex("$") + 1]
    return any(compare_digest(_hash(one, beginning), password_hash) for one in spellings(password))


def _give_memory_back() -> None:
    # When a block of this size is freed, glibc takes such blocks from the heap of the asking thread from then on and never gives them back:
    # two sign-ins at once, and the gateway holds 38 MB more for good. Said explicitly, its thresholds stay. Other C libraries have none.
    with suppress(AttributeError):
        libc = ctypes.CDLL(None)
        libc.mallopt(_MMAP_THRESHOLD, _LARGE)
        libc.mallopt(_TRIM_THRESHOLD, 2 * _LARGE)
