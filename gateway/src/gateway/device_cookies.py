"""Device cookies (OWASP): a browser that signed in before is known again, so that a stranger's failures never lock its owner out.

The cookie holds a random name for the browser and the accounts that signed in with it, and is signed: nobody can make one for an account
whose password they do not know. It opens nothing; it only has failures of its own.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAX_AGE_S = 365 * 24 * 3600
_ACCOUNTS_AT_MOST = 8
_NAME, _ID, _SIGNATURE = 16, 16, 32


@dataclass(frozen=True, slots=True)
class Device:
    """A browser. accounts: those that signed in with it, the latest first."""

    name: str = ""
    accounts: Sequence[UUID] = ()


NEW_DEVICE = Device()


class DeviceCookies:
    """Reads and writes the cookie. key: gets the service's signing key; the cookie's own key is derived from that."""

    def __init__(self, key: Callable[[], Ed25519PrivateKey]) -> None:
        self._get_key = key

    def read(self, cookie: str | None) -> Device:
        """Return the browser of a cookie; a new one where the cookie is not ours."""
        try:
            encoded = (cookie or "").encode("ascii")
            raw = urlsafe_b64decode(encoded)
        except ValueError:
            return NEW_DEVICE
        if urlsafe_b64encode(raw) != encoded:  # the last letter has bits that decoding ignores
            return NEW_DEVICE
        signature, content = raw[:_SIGNATURE], raw[_SIGNATURE:]
        if len(content) < _NAME + _ID or not hmac.compare_digest(signature, self._sign(content)):
            return NEW_DEVICE
        ids = range(_NAME, len(content), _ID)
        return Device(content[:_NAME].hex(), tuple(UUID(bytes=content[at : at + _ID]) for at in ids))

    def write(self, device: Device, account_id: UUID) -> str:
        """Return the cookie of a browser with which an account has just signed in, under a new name: its failures are forgotten."""
        others = (one for one in device.accounts if one != account_id)
        accounts = (account_id, *others)[:_ACCOUNTS_AT_MOST]
        content = secrets.token_bytes(_NAME) + b"".join(one.bytes for one in accounts)
        return urlsafe_b64encode(self._sign(content) + content).decode()

    def _sign(self, content: bytes) -> bytes:
        return hmac.new(self._key, content, sha256).digest()

    @cached_property
    def _key(self) -> bytes:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"packwalk device cookie")
        return derived.derive(self._get_key().private_bytes_raw())
