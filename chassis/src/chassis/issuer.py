"""Make the tokens that `tokens` checks: the signing half, in one place with the claims' names."""

import time
from collections.abc import Callable
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import APIRouter, Request, Response
from jwt.algorithms import OKPAlgorithm

from chassis import logs
from chassis.issuer_keys import ALGORITHM
from chassis.responses import Json
from chassis.settings import ServiceSettings
from chassis.tokens import Caller

LIFETIME_S = 60
_GOOD_FOR_S = 30
_REMEMBERED_AT_MOST = 20_000

_log = logs.get("issuer")
router = APIRouter(include_in_schema=False)


class Issuer:
    """Signs short-lived tokens with one Ed25519 key. read: gets the key when it is first needed; verbs that sign nothing need none."""

    def __init__(self, read: Callable[[], Ed25519PrivateKey], name: str) -> None:
        self._read = read
        self._name = name

    @cached_property
    def key(self) -> Ed25519PrivateKey:
        """The private key. Raises SystemExit when it cannot be used."""
        return self._read()

    @cached_property
    def key_id(self) -> str:
        """The public key's name, made of the key itself."""
        raw = self.key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return sha256(raw).hexdigest()[:16]

    def token(self, audience: str, caller: Caller, lifetime_s: int = LIFETIME_S) -> str:
        """Sign who is calling, for one service."""
        now = int(time.time())
        claims = {
            "iss": self._name,
            "aud": audience,
            "iat": now,
            "exp": now + lifetime_s,
            "sub": str(caller.account_id),
            "org": str(caller.organization_id),
            "role": caller.role,
            "name": caller.name,
            "time_zone": caller.time_zone,
            "currency": caller.currency,
            "cancellation_notice_hours": caller.cancellation_notice_hours,
        }
        return jwt.encode(claims, self.key, algorithm=ALGORITHM, headers={"kid": self.key_id})

    def jwks(self) -> dict[str, Any]:
        """Return the public key as a JSON Web Key Set."""
        key = OKPAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**key, "kid": self.key_id, "use": "sig", "alg": ALGORITHM}]}


class TokenCache:
    """One service's tokens for one audience, each used until half its life is over: signing costs a tenth of a millisecond."""

    def __init__(self, issuer: Issuer, audience: str) -> None:
        self._issuer = issuer
        self._audience = audience
        self._given: dict[UUID, tuple[float, Caller, str]] = {}

    def has(self, who: Caller) -> bool:
        """Whether somebody was given a token that is still in use."""
        return self._known(who) is not None

    def headers(self, who: Caller) -> dict[str, str]:
        """Return the header that says who is calling."""
        token = self._known(who)
        if token is None:
            token = self._issuer.token(self._audience, who)
            if len(self._given) >= _REMEMBERED_AT_MOST:
                self._given.clear()
            self._given[who.account_id] = (time.monotonic() + _GOOD_FOR_S, who, token)
        return {"authorization": f"Bearer {token}"}

    def fresh_headers(self, who: Caller) -> dict[str, str]:
        """Return the header with a token that was signed just now."""
        self._given.pop(who.account_id, None)
        return self.headers(who)

    def _known(self, who: Caller) -> str | None:
        given = self._given.get(who.account_id)
        return given[2] if given and given[0] > time.monotonic() and given[1] == who else None


@router.get("/.well-known/jwks.json")
async def keys(request: Request) -> Response:
    """Show the public keys of the tokens that this service signs."""
    return Json(request.app.state.issuer.jwks(), headers={"cache-control": "max-age=60"})


def issuer_for(service: str, name: str, settings: ServiceSettings) -> Issuer:
    """Return who signs for a service under a name."""
    return Issuer(lambda: _key_of(service, settings), name)


def _key_of(service: str, settings: ServiceSettings) -> Ed25519PrivateKey:
    """Read a service's key, or make one that lasts as long as this process, which only a laptop may do.

    Raises SystemExit when there is no key where one must be.
    """
    file = settings.token_key_file
    if file is None and settings.environment == "development":
        _log.info("signing with a key of this process")
        return new_key()
    how = f"Make a key with: python -m {service} key FILE"
    if file is None:
        raise SystemExit(f"{service}: TOKEN_KEY_FILE is not set. {how}")
    try:
        return read_key(file)
    except OSError as error:
        # Not the error's own words: they repeat the path, which is the key itself where somebody took one for the other.
        raise SystemExit(f"{service}: TOKEN_KEY_FILE cannot be used ({error.strerror}). {how}") from None
    except (ValueError, UnsupportedAlgorithm):
        raise SystemExit(f"{service}: TOKEN_KEY_FILE cannot be used (it holds no Ed25519 key). {how}") from None


def new_key() -> Ed25519PrivateKey:
    """Make a key."""
    return Ed25519PrivateKey.generate()


def read_key(file: Path) -> Ed25519PrivateKey:
    """Read a PEM key. Raises ValueError when it is of another kind."""
    key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{file} holds no Ed25519 key")  # noqa: TRY004 - the file is wrong, not the type of an argument
    return key


def write_key(file: Path) -> None:
    """Make a key in a file that only its owner can read, unless the file is there."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    pem = new_key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    draft = file.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_bytes(pem)
    draft.rename(file)
