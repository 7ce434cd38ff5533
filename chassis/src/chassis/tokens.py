"""Who is calling: short-lived signed tokens, checked by every service for itself.

The gateway speaks for people. A service speaks for itself alone, with a key of its own, and only where it is expected. One algorithm
(EdDSA), every claim required, keys only from the issuer's own JWKS.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, cast
from uuid import UUID

import jwt
from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from prometheus_client import Counter

from chassis import logs
from chassis.clock_skew import ClockSkew
from chassis.health import Check
from chassis.issuer_keys import ALGORITHM, IssuerKeys, not_signed_in
from chassis.problems import NotAllowed

GATEWAY = "gateway"
Role = Literal["customer", "walker", "admin", "service"]
_REQUIRED = ["iss", "aud", "iat", "exp", "sub", "org", "role", "name", "time_zone", "currency"]
NOTICE_HOURS = 24  # a business's notice until it says otherwise
_CACHED_AT_MOST = 10_000

refused_total = Counter("tokens_refused_total", "Tokens that were refused, by why.", ["reason"])
for _reason in ("clocks", "other"):
    refused_total.labels(_reason)
_log = logs.get("tokens")


@dataclass(frozen=True, slots=True)
class Caller:
    """The signed-in account, with what its organization is to every service: a wall clock, a currency, and its notice.

    With the role `service` it is that service, called `name`, at work for the organization; account_id says for whom.
    """

    account_id: UUID
    organization_id: UUID
    role: Role
    name: str
    time_zone: str
    currency: str
    cancellation_notice_hours: int = NOTICE_HOURS

    @property
    def is_staff(self) -> bool:
        """Whether this is a walker or an admin."""
        return self.role in ("walker", "admin")

    def through(self, service: str) -> "Caller":
        """Return a service at work for this account."""
        return replace(self, role="service", name=service)


def issuer_of(service: str) -> str:
    """Return the name under which a service signs."""
    return f"packwalk-{service}"


class Tokens:
    """Checks tokens meant for one audience; remembers the good ones until they expire.

    issuer, jwks_url: the gateway's. services: who else may call, and where their keys are.
    """

    def __init__(self, audience: str, issuer: str, jwks_url: str, services: Mapping[str, str] | None = None) -> None:
        self._audience = audience
        self._issuers = {issuer: IssuerKeys(GATEWAY, jwks_url)}
        for service, url in (services or {}).items():
            self._issuers[issuer_of(service)] = IssuerKeys(service, url)
        self._good: dict[str, tuple[float, Caller]] = {}

    def checks(self) -> dict[str, Check]:
        """Return what readiness shows of the keys that we need. Without them people cannot be told from strangers."""
        return {f"keys of {keys.service}": keys.ready for keys in self._issuers.values()}

    async def caller(self, token: str) -> Caller:
        """Return who a token speaks for. Raises NotSignedIn unless everything about it is right."""
        known = self._good.get(token)
        if known and known[0] > time.time():
            return known[1]
        expires_at, caller = await self._checked(token)
        if len(self._good) >= _CACHED_AT_MOST:
            self._good.clear()
        self._good[token] = (expires_at, caller)
        return caller

    async def _checked(self, token: str) -> tuple[float, Caller]:
        try:
            header = jwt.get_unverified_header(token)
            issuer = str(jwt.decode(token, options={"verify_signature": False}).get("iss"))
            if issuer not in self._issuers:
                raise jwt.InvalidIssuerError
            claims = jwt.decode(
                token,
                await self._issuers[issuer].key(str(header.get("kid", ""))),
                algorithms=[ALGORITHM],
                audience=self._audience,
                issuer=issuer,
                options={"require": _REQUIRED, "strict_aud": True},
                leeway=2,
            )
        except (jwt.ImmatureSignatureError, jwt.ExpiredSignatureError) as error:
            # What is said of the time is believed by now: the signature is looked at first.
            refused_total.labels("clocks").inc()
            raise ClockSkew(self._issuers[issuer].service, _skew_s(token)) from error
        except jwt.PyJWTError as error:
            refused_total.labels("other").inc()
            _log.warning("token refused", error=type(error).__name__)
            raise not_signed_in() from error
        return float(claims["exp"]), _caller(claims, self._issuers[issuer].service)


def _skew_s(token: str) -> int:
    """Return by how many seconds a token is too early; less than nothing when it is too late."""
    claims, now = jwt.decode(token, options={"verify_signature": False}), int(time.time())
    early_s = int(claims["iat"]) - now
    return early_s if early_s > 0 else int(claims["exp"]) - now


def _caller(claims: dict[str, Any], spoken_by: str) -> Caller:
    role, name = claims["role"], str(claims["name"])
    # A service's key speaks for that service alone; the gateway's for people, and for the gateway itself.
    own = role == "service" and name == spoken_by
    person = role in ("customer", "walker", "admin") and spoken_by == GATEWAY
    try:
        if not own and not person:
            raise ValueError("no such role")
        return Caller(
            account_id=UUID(claims["sub"]),
            organization_id=UUID(claims["org"]),
            role=cast("Role", role),
            name=name,
            time_zone=str(claims["time_zone"]),
            currency=str(claims["currency"]),
            cancellation_notice_hours=int(claims.get("cancellation_notice_hours", NOTICE_HOURS)),
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise not_signed_in() from error


class Bearer(HTTPBearer):
    """A dependency that lets a caller with a good token in whom no rule turns away. rules: each raises NotAllowed for whom it does.

    One step however many rules there are: every dependency that FastAPI has to solve costs each request.
    """

    def __init__(self, *rules: Callable[[Caller], None]) -> None:
        super().__init__(
            auto_error=False,
            scheme_name="HTTPBearer",
            description="A token that the gateway gave for this service.",
        )
        self._rules = rules

    async def __call__(self, request: Request) -> Caller:  # type: ignore[override]
        """Return the caller of a request. Raises NotSignedIn without a good token, NotAllowed."""
        credentials = await super().__call__(request)
        if credentials is None:
            raise not_signed_in()
        caller = await cast("Tokens", request.app.state.tokens).caller(credentials.credentials)
        for rule in self._rules:
            rule(caller)
        return caller


def only_people(who: Caller) -> None:
    """Turn services away."""
    if who.role == "service":
        raise NotAllowed("Only people can do this.")


def only(service: str) -> Callable[[Caller], None]:
    """Make a rule that turns everybody away but one service."""

    def rule(who: Caller) -> None:
        if who.role != "service" or who.name != service:
            raise NotAllowed(f"Only the {service} can do this.")

    return rule


def _only_the_office(who: Caller) -> None:
    if who.role != "admin":
        raise NotAllowed("Only the office can do this.")


SignedIn = Annotated[Caller, Depends(Bearer(only_people))]
TheGateway = Annotated[Caller, Depends(Bearer(only(GATEWAY)))]
Admin = Annotated[Caller, Depends(Bearer(only_people, _only_the_office))]
