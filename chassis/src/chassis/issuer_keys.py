"""The public keys of an issuer of tokens, from its own JWKS and nowhere else."""

import asyncio
import time

import httpx
import jwt

from chassis import http_errors, logs
from chassis.health import NotReady
from chassis.loop_time import loop_timeout
from chassis.problems import NotSignedIn, UpstreamUnavailable

ALGORITHM = "EdDSA"
_REFETCH_AFTER_S = 5.0

_log = logs.get("tokens")


class _NoKeys(Exception):  # noqa: N818 - the message says why
    """An issuer's keys cannot be fetched."""


class IssuerKeys:
    """The keys of one issuer. service: its name, for logs and readiness."""

    def __init__(self, service: str, jwks_url: str) -> None:
        self.service = service
        self._url = jwks_url
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at = -_REFETCH_AFTER_S
        self._fetching = asyncio.Lock()
        self._trouble: str | None = None

    async def key(self, key_id: str) -> jwt.PyJWK:
        """Return a key. Raises NotSignedIn for an unknown one, UpstreamUnavailable while keys cannot be fetched."""
        if key_id not in self._keys:
            await self._fetch_or_say()
        if key_id not in self._keys:
            raise not_signed_in()
        return self._keys[key_id]

    async def ready(self) -> None:
        """Raise NotReady, with the cause, while there are no keys."""
        if not self._keys:
            try:
                await self._fetch()
            except _NoKeys as why:
                raise NotReady(str(why)) from why

    async def _fetch_or_say(self) -> None:
        try:
            await self._fetch()
        except _NoKeys as why:
            if str(why) != self._trouble:
                _log.error("keys cannot be fetched: nobody is believed", of=self.service, url=self._url, cause=str(why))
            self._trouble = str(why)
            raise UpstreamUnavailable("We cannot check who you are right now. Please try again.") from why
        if self._trouble:
            _log.info("keys are fetched again", of=self.service, url=self._url)
        self._trouble = None

    async def _fetch(self) -> None:
        async with self._fetching:
            # Tokens with made-up key ids must not make us call the issuer for each.
            if time.monotonic() - self._fetched_at < _REFETCH_AFTER_S:
                return
            try:
                async with loop_timeout(3), httpx.AsyncClient(follow_redirects=False, timeout=None) as client:  # noqa: S113
                    answer = await client.get(self._url)
                    answer.raise_for_status()
                keys = jwt.PyJWKSet.from_dict(answer.json()).keys
            except (httpx.HTTPError, TimeoutError, ValueError, jwt.PyJWTError) as error:
                raise _NoKeys(http_errors.cause_of(error)) from error
            self._keys = {str(key.key_id): key for key in keys if key.algorithm_name == ALGORITHM}
            self._fetched_at = time.monotonic()


def not_signed_in() -> NotSignedIn:
    """Make the refusal of a token that is missing or not good."""
    return NotSignedIn("Please sign in to go on.", headers={"www-authenticate": "Bearer"})
