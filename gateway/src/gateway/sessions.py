"""Who is signed in: begin a session, end it, and look a token up without asking the database each time."""

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
from gateway.store.sessions import Found

_CACHED_AT_MOST = 20_000


def csrf_token(token: str) -> str:
    """Derive what a page proves itself with from the session's token, which the page cannot read."""
    return hmac.new(token.encode(), b"packwalk csrf", hashlib.sha256).hexdigest()


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


class Sessions:
    """The sessions of this installation. cache_s: how long another process's sign-out may go unnoticed here."""

    def __init__(self, db: Database, cache_s: float) -> None:
        self._db = db
        self._cache_s = cache_s
        self._known: dict[bytes, tuple[float, Found]] = {}

    async def begin(self, found: Candidate, renewed_hash: str | None) -> str:
        """Begin a session of an account and return its token. renewed_hash: a better one of the same password."""
        token, account = secrets.token_urlsafe(32), found.account
        async with self._db.begin(account.organization_id) as tx:
            if renewed_hash:
                await accounts.renew_hash(tx, account.id, found.password_hash, renewed_hash)
            await rows.insert(tx, account.organization_id, _hash(token), account.id)
        return token

    async def find(self, token: str) -> Found:
        """Return whose session a token is. Raises NotSignedIn, SessionOfClosedAccount."""
        hashed = _hash(token)
        known = self._known.get(hashed)
        if known and known[0] > time.monotonic():
            return known[1]
        async with self._db.connection() as tx:
            found = await rows.find(tx, hashed)
        if found is None:
            raise NotSignedIn("Your session has ended. Please sign in again.")
        if not found.active:
            raise SessionOfClosedAccount(found.business)
        if len(self._known) >= _CACHED_AT_MOST:
            self._known.clear()
        self._known[hashed] = (time.monotonic() + self._cache_s, found)
        return found

    async def sign_out(self, token: str) -> None:
        """End a session, here at once."""
        async with self._db.connection() as tx:
            await rows.end(tx, _hash(token))
        self._known.pop(_hash(token), None)

    def forget(self, account_or_organization_id: UUID) -> None:
        """Look up afresh, from now on, whoever is of this account or organization."""
        ids = account_or_organization_id
        self._known = {
            hashed: entry
            for hashed, entry in self._known.items()
            if ids not in (entry[1].who.account_id, entry[1].who.organization_id)
        }
