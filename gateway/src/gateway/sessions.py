"""Sessions: begin, find and end; found ones are cached for seconds, so that not every request asks the database."""

import hashlib
import hmac
import secrets
import time
from uuid import UUID

from chassis.database import Database
from chassis.problems import NotSignedIn
from gateway.errors import SessionOfClosedAccount
from gateway.store import accounts
from gateway.store import sessions as rows
from gateway.store.accounts import Candidate
from gateway.store.sessions import SessionRow

_CACHED_AT_MOST = 20_000


def csrf_token(token: str) -> str:
    """Derive the CSRF token of a page from the session's token, which the page cannot read."""
    return hmac.new(token.encode(), b"packwalk csrf", hashlib.sha256).hexdigest()


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


class Sessions:
    """The sessions of this installation. cache_s: how long another process's sign-out may go unnoticed here."""

    def __init__(self, db: Database, cache_s: float) -> None:
        self._db = db
        self._cache_s = cache_s
        self._cache: dict[bytes, tuple[float, SessionRow]] = {}

    async def begin(self, candidate: Candidate, renewed_hash: str | None) -> str:
        """Begin a session of an account and return its token. renewed_hash: a better one of the same password."""
        token, account = secrets.token_urlsafe(32), candidate.account
        async with self._db.begin(account.organization_id) as tx:
            if renewed_hash:
                await accounts.renew_hash(tx, account.id, candidate.password_hash, renewed_hash)
            await rows.insert(tx, account.organization_id, _hash(token), account.id)
        return token

    async def find(self, token: str) -> SessionRow:
        """Return the session of a token. Raises NotSignedIn, SessionOfClosedAccount."""
        hashed = _hash(token)
        cached = self._cache.get(hashed)
        if cached and cached[0] > time.monotonic():
            return cached[1]
        async with self._db.connection() as tx:
            session = await rows.find(tx, hashed)
        if session is None:
            raise NotSignedIn("Your session has ended. Please sign in again.")
        if not session.active:
            raise SessionOfClosedAccount(session.organization_name)
        if len(self._cache) >= _CACHED_AT_MOST:
            self._cache.clear()
        self._cache[hashed] = (time.monotonic() + self._cache_s, session)
        return session

    async def end(self, token: str) -> None:
        """End a session; in this process at once."""
        async with self._db.connection() as tx:
            await rows.end(tx, _hash(token))
        self._cache.pop(_hash(token), None)

    def forget(self, account_or_organization_id: UUID) -> None:
        """Drop the cached sessions of an account or an organization."""
        ids = account_or_organization_id
        self._cache = {
            hashed: entry
            for hashed, entry in self._cache.items()
            if ids not in (entry[1].caller.account_id, entry[1].caller.organization_id)
        }
