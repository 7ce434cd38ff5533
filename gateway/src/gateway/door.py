"""The door: who is it, and did they mean it. The same for the gateway's own routes and for what is passed on."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from chassis.problems import NotSignedIn
from gateway.errors import CsrfTokenInvalid
from gateway.limiting import Limits
from gateway.sessions import Sessions, csrf_token
from gateway.store.sessions import Found

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody who is signed in, and with what."""

    found: Found
    token: str
    by_cookie: bool


class Door:
    """Lets people in by session cookie or bearer token."""

    def __init__(self, sessions: Sessions, limits: Limits, cookie_name: str) -> None:
        self._sessions = sessions
        self._limits = limits
        self._cookie = f"{cookie_name}=".encode()

    async def enter(self, method: str, headers: Mapping[bytes, bytes]) -> Entered:
        """Return who it is. headers: lower-case names. Raises NotSignedIn, CsrfTokenInvalid, TooManyRequests."""
        token, by_cookie = self._token(headers)
        found = await self._sessions.find(token)
        if method not in SAFE:
            if by_cookie:
                proven(token, headers)
            await self._limits.write(str(found.who.account_id))
        return Entered(found, token, by_cookie)

    def _token(self, headers: Mapping[bytes, bytes]) -> tuple[str, bool]:
        authorization = headers.get(b"authorization")
        if authorization is not None:
            scheme, _, token = authorization.partition(b" ")
            if scheme.lower() != b"bearer" or not token.strip():
                raise NotSignedIn("Please sign in to go on.", headers={"www-authenticate": "Bearer"})
            return token.strip().decode("latin-1"), False
        for part in headers.get(b"cookie", b"").split(b";"):
            pair = part.strip()
            if pair.startswith(self._cookie):
                return pair[len(self._cookie) :].decode("latin-1"), True
        raise NotSignedIn("Please sign in to go on.", headers={"www-authenticate": "Bearer"})


def proven(token: str, headers: Mapping[bytes, bytes]) -> None:
    """Raise CsrfTokenInvalid unless the request shows the token that only our own pages can read."""
    shown = headers.get(b"x-csrf-token", b"")
    if not hmac.compare_digest(shown, csrf_token(token).encode()):
        raise CsrfTokenInvalid("This page is no longer up to date. Reload it and try again.")


def from_our_own_page(method: str, headers: Mapping[bytes, bytes]) -> None:
    """Raise CsrfTokenInvalid for writes that a browser says another site's page asked for, signing in included."""
    if method not in SAFE and headers.get(b"sec-fetch-site") == b"cross-site":
        raise CsrfTokenInvalid("Another site asked for this. Open Packwalk itself and try again.")
