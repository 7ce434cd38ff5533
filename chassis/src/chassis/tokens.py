"""Who is calling: the gateway's short-lived signed tokens, checked by every service for itself.

One algorithm (EdDSA), every claim required, keys only from the gateway's JWKS.
"""

import asyncio
import time
from dataclasses import dataclass
from typing import Annotated, Any, Literal, cast
from uuid import UUID

import httpx
import jwt
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from chassis import logs
from chassis.problems import NotAllowed, NotSignedIn, UpstreamUnavailable

ALGORITHM = "EdDSA"
Role = Literal["customer", "walker", "admin", "gateway"]
_REQUIRED = ["iss", "aud", "iat", "exp", "sub", "org", "role", "name", "time_zone", "currency"]
_CACHED_AT_MOST = 10_000
_REFETCH_AFTER_S = 5.0

_log = logs.get("tokens")


@dataclass(frozen=True, slots=True)
class Caller:
    """The signed-in account, with what its organization is to every service: a wall clock and a currency."""

    account_id: UUID
    organization_id: UUID
    role: Role
    name: str
    time_zone: str
    currency: str

    @property
    def is_staff(self) -> bool:
        """Whether this is a walker or an admin."""
        return self.role in ("walker", "admin")


class Tokens:
    """Checks tokens meant for one audience; remembers the good ones until they expire."""

    def __init__(self, audience: str, issuer: str, jwks_url: str) -> None:
        self._audience = audience
        self._issuer = issuer
        self._jwks_url = jwks_url
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at = -_REFETCH_AFTER_S
        self._fetching = asyncio.Lock()
        self._good: dict[str, tuple[float, Caller]] = {}

    async def caller(self, token: str) -> Caller:
        """Return who a token speaks for. Raises NotSignedIn unless everything about it is right."""
        known = self._good.get(token)
        if known and known[0] > time.time():
            return known[1]
        claims = await self._claims(token)
        caller = _caller(claims)
        if len(self._good) >= _CACHED_AT_MOST:
            self._good.clear()
        self._good[token] = (float(claims["exp"]), caller)
        return caller

    async def _claims(self, token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            key = await self._key(str(header.get("kid", "")))
            return jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=self._audience,
                issuer=self._issuer,
                options={"require": _REQUIRED, "strict_aud": True},
                leeway=2,
            )
        except jwt.PyJWTError as error:
            _log.warning("token refused", error=type(error).__name__)
            raise _refused() from error

    async def _key(self, key_id: str) -> jwt.PyJWK:
        if key_id not in self._keys:
            await self._fetch()
        if key_id not in self._keys:
            raise _refused()
        return self._keys[key_id]

    async def _fetch(self) -> None:
        async with self._fetching:
            # Tokens with made-up key ids must not make us call the gateway for each.
            if time.monotonic() - self._fetched_at < _REFETCH_AFTER_S:
                return
            try:
                async with asyncio.timeout(3), httpx.AsyncClient(follow_redirects=False) as client:
                    answer = await client.get(self._jwks_url)
                    answer.raise_for_status()
                keys = jwt.PyJWKSet.from_dict(answer.json()).keys
            except (httpx.HTTPError, TimeoutError, ValueError, jwt.PyJWTError) as error:
                raise UpstreamUnavailable("We cannot check who you are right now. Please try again.") from error
            self._keys = {str(key.key_id): key for key in keys if key.algorithm_name == ALGORITHM}
            self._fetched_at = time.monotonic()


def _refused() -> NotSignedIn:
    return NotSignedIn("Please sign in to go on.", headers={"www-authenticate": "Bearer"})


def _caller(claims: dict[str, Any]) -> Caller:
    try:
        if claims["role"] not in ("customer", "walker", "admin", "gateway"):
            raise ValueError("no such role")
        return Caller(
            account_id=UUID(claims["sub"]),
            organization_id=UUID(claims["org"]),
            role=cast("Role", claims["role"]),
            name=str(claims["name"]),
            time_zone=str(claims["time_zone"]),
            currency=str(claims["currency"]),
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise _refused() from error


_bearer = HTTPBearer(auto_error=False, description="A token that the gateway gave for this service.")


async def signed_in(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Caller:
    """Return the caller of a request. Raises NotSignedIn without a good token."""
    if credentials is None:
        raise _refused()
    caller = await cast("Tokens", request.app.state.tokens).caller(credentials.credentials)
    if caller.role == "gateway":
        raise NotAllowed("The gateway itself cannot do this.")
    return caller


async def the_gateway(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Caller:
    """Return the gateway's own identity for an organization. Raises NotAllowed for everybody else."""
    if credentials is None:
        raise _refused()
    caller = await cast("Tokens", request.app.state.tokens).caller(credentials.credentials)
    if caller.role != "gateway":
        raise NotAllowed("Only the gateway can do this.")
    return caller


SignedIn = Annotated[Caller, Depends(signed_in)]
TheGateway = Annotated[Caller, Depends(the_gateway)]


async def admin(who: SignedIn) -> Caller:
    """Return the caller if an admin. Raises NotAllowed."""
    if who.role != "admin":
        raise NotAllowed("Only the office can do this.")
    return who


Admin = Annotated[Caller, Depends(admin)]
