"""Passwords: argon2id, off the event loop, a few at a time.

Each hash takes 19 MiB and some 20 ms of a core on purpose (OWASP's parameters), so a flood of sign-ins waits in line here instead of
taking all memory and every thread.
"""

import ctypes
from contextlib import suppress
from enum import Enum

import anyio
from anyio import to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gateway.password_spelling import spellings

_AT_ONCE = 2
# Of glibc's malloc.h.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_LARGE = 16 * 2**20  # less than a hash's memory, more than anything else that we ask for
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class Fit(Enum):
    """Whether a password is the one. OUTDATED: it is, and its hash is of another spelling, or was made with other parameters."""

    NO = "no"
    YES = "yes"
    OUTDATED = "outdated"


class Passwords:
    """Hashes and checks passwords."""

    def __init__(self) -> None:
        _give_memory_back()
        self._line = anyio.CapacityLimiter(_AT_ONCE)
        self._nobodys = _hasher.hash("the password of nobody")

    async def hash(self, password: str) -> str:
        """Return a salted hash. password: as it is kept, see `password_spelling`."""
        return await to_thread.run_sync(_hasher.hash, password, limiter=self._line)

    async def fits(self, password: str, password_hash: str | None) -> bool:
        """Say whether it is the one, however it is spelt. For nobody's (None) it takes as long, and is not."""
        return await self.check(password, password_hash) is not Fit.NO

    async def check(self, password: str, password_hash: str | None) -> Fit:
        """Say whether it is the one, and whether its hash shall be made anew."""
        fit = await to_thread.run_sync(_check, password_hash or self._nobodys, password, limiter=self._line)
        return fit if password_hash is not None else Fit.NO


def _give_memory_back() -> None:
    # When a block of this size is freed, glibc takes such blocks from the heap of the asking thread from then on and never gives them back:
    # two sign-ins at once, and the gateway holds 38 MB more for good. Said explicitly, its thresholds stay. Other C libraries have none.
    with suppress(AttributeError):
        libc = ctypes.CDLL(None)
        libc.mallopt(_MMAP_THRESHOLD, _LARGE)
        libc.mallopt(_TRIM_THRESHOLD, 2 * _LARGE)


def _check(password_hash: str, password: str) -> Fit:
    kept, *others = spellings(password)
    if _fits(password_hash, kept):
        return Fit.OUTDATED if _hasher.check_needs_rehash(password_hash) else Fit.YES
    return Fit.OUTDATED if any(_fits(password_hash, other) for other in others) else Fit.NO


def _fits(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
