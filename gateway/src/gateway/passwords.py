"""Passwords: argon2id, off the event loop, a few at a time.

Each hash takes 19 MiB and some 20 ms of a core on purpose (OWASP's parameters), so a flood of sign-ins waits in line here instead of
taking all memory and every thread.
"""

import anyio
from anyio import to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_AT_ONCE = 2
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class Passwords:
    """Hashes and checks passwords."""

    def __init__(self) -> None:
        self._line = anyio.CapacityLimiter(_AT_ONCE)
        self._nobodys = _hasher.hash("the password of nobody")

    async def hash(self, password: str) -> str:
        """Return a salted hash."""
        return await to_thread.run_sync(_hasher.hash, password, limiter=self._line)

    async def fits(self, password: str, password_hash: str | None) -> bool:
        """Say whether it is the one. For nobody's (None) it takes as long, and is not."""
        fits = await to_thread.run_sync(_fits, password_hash or self._nobodys, password, limiter=self._line)
        return fits and password_hash is not None


def _fits(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
