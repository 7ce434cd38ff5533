"""Make the tokens that `tokens` checks: the gateway's half, in one place with the claims' names."""

import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from chassis.tokens import ALGORITHM, Caller

LIFETIME_S = 60


class Issuer:
    """Signs short-lived tokens with one Ed25519 key."""

    def __init__(self, key: Ed25519PrivateKey, name: str) -> None:
        self._key = key
        self._name = name
        raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        self.key_id = sha256(raw).hexdigest()[:16]

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
        }
        return jwt.encode(claims, self._key, algorithm=ALGORITHM, headers={"kid": self.key_id})

    def jwks(self) -> dict[str, Any]:
        """Return the public key as a JSON Web Key Set."""
        key = OKPAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**key, "kid": self.key_id, "use": "sig", "alg": ALGORITHM}]}


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
