"""Authenticate requests by session cookie or bearer token: the gateway's own routes and proxied requests alike."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from chassis.problems import NotSignedIn
from gateway.errors import CsrfTokenInvalid
from gateway.rate_limits import RateLimits
from gateway.rules.request_target import SAFE_METHODS
from gateway.sessions import Sessions, csrf_token
from gateway.store.sessions import SessionRow


@dataclass(frozen=True, slots=True)
class AuthenticatedRequest:
    """The session of a request, its token, and whether the token came as a cookie."""

    session: SessionRow
    token: str
    by_cookie: bool


class RequestAuthenticator:
    """Finds the session of a request, checks the CSRF token and counts writes."""

    def __init__(self, sessions: Sessions, limits: RateLimits, cookie_name: str) -> None:
        self._sessions = sessions
        self._limits = limits
        self._cookie = f"{cookie_name}=".encode()

    async def authenticate(self, method: str, headers: Mapping[bytes, bytes]) -> AuthenticatedRequest:
        """Return the request's session. headers: lower-case names. Raises NotSignedIn, CsrfTokenInvalid, TooManyRequests."""
        token, by_cookie = self._token(headers)
        session = await self._sessions.find(token)
        if method not in SAFE_METHODS:
            if by_cookie:
                check_csrf_token(token, headers)
            await self._limits.count_write(str(session.caller.account_id))
        return AuthenticatedRequest(session, token, by_cookie)

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


def check_csrf_token(token: str, headers: Mapping[bytes, bytes]) -> None:
    """Raise CsrfTokenInvalid unless the request carries the token that only our own pages can read."""
    sent = headers.get(b"x-csrf-token", b"")
    if not hmac.compare_digest(sent, csrf_token(token).encode()):
        raise CsrfTokenInvalid("This page is no longer up to date. Reload it and try again.")


def refuse_cross_site(method: str, headers: Mapping[bytes, bytes]) -> None:
    """Raise CsrfTokenInvalid for writes that another site's page began, as the browser says; signing in included."""
    if method not in SAFE_METHODS and headers.get(b"sec-fetch-site") == b"cross-site":
        raise CsrfTokenInvalid("Another site asked for this. Open Packwalk itself and try again.")
