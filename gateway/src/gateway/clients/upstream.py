"""A service behind the gateway: requests in turn, over kept connections, behind a breaker that no client can trip.

A response is read whole before any of it goes on, so that a slow client holds a response of ours and no connection of the service.
`docs/decisions/17-fair-shares.md` says why.
"""

from dataclasses import dataclass

import aiohttp
from yarl import URL

from chassis import clock_skew, deadline, http_errors, logs
from chassis.breaker import Breaker, DeadlinePassed, TooSlow, Unreachable, time_limit
from chassis.health import NotReady
from chassis.problems import UpstreamTimeout, UpstreamUnavailable
from chassis.tokens import Caller
from gateway.clients.fair_queue import FairQueue
from gateway.errors import UpstreamBroken
from gateway.rules.request_target import SAFE_METHODS, below

# The largest of ours, 62 days of a calendar or 366 dates with their alternatives, are a tenth of it.
_LARGEST_RESPONSE_BYTES = 4 * 2**20
_READABLE = ("application/json", "application/problem+json", "text/calendar", "image/")
_PASSED_BACK = (
    "content-type",
    "retry-after",
    "idempotent-replayed",
    "cache-control",
    "etag",
    "content-disposition",
    "allow",
)

_log = logs.get("proxy")


@dataclass(frozen=True, slots=True)
class UpstreamRequest:
    """A request to a service."""

    method: str
    url: URL
    headers: dict[str, str]
    body: bytes | None


@dataclass(frozen=True, slots=True)
class UpstreamResponse:
    """A service's response. headers: those that go on to the client."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Upstream:
    """One service. limit_s: how long it may take to response. wait_limit_s: how long a request may wait for its turn."""

    def __init__(self, audience: str, base_url: str, limit_s: float, queue: FairQueue, wait_limit_s: float) -> None:
        self.audience = audience
        self.base = URL(base_url)
        self._limit_s = limit_s
        self._queue = queue
        self._wait_limit_s = wait_limit_s
        self._breaker = Breaker(audience)
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Get ready to connect. The services' keep-alive is 75 s; ours is shorter, so that we rarely meet a closing one."""
        self._session = aiohttp.ClientSession(
            # The queue says how many there are.
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=30, force_close=False),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=2),
            auto_decompress=False,
        )

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def ready(self) -> None:
        """Raise NotReady, with the cause, unless the service says that it is ready and its clock goes as ours does."""
        assert self._session is not None
        try:
            async with self._session.get(below(self.base, "/readyz"), allow_redirects=False) as response:
                said = None if response.status == 200 else "says that it is not ready"
                why = said or clock_skew.apart(response.headers.get("date"))
        except (aiohttp.ClientError, OSError) as error:
            raise NotReady(http_errors.cause_of(error)) from error
        if why:
            raise NotReady(why)

    async def send(self, request: UpstreamRequest, caller: Caller) -> UpstreamResponse:
        """Send a request when it is the caller's turn. Raises UpstreamUnavailable, UpstreamTimeout, UpstreamBroken and TokenTooOld."""
        await self._queue.enter(caller, deadline.remaining_s(self._wait_limit_s))
        try:
            return await self._guarded(request)
        finally:
            self._queue.leave(caller)

    async def _guarded(self, request: UpstreamRequest) -> UpstreamResponse:
        left_s = deadline.remaining_s(self._limit_s)
        request.headers[deadline.HEADER] = str(int(left_s * 1000))
        try:
            with self._breaker.guard():
                return await self._exchange(request)
        except Unreachable as error:
            _log.error("upstream away", upstream=self.audience, address=str(self.base), error=str(error))
            # Only a connection that was never made proves that nothing was done.
            broken = isinstance(error, _HungUp) and request.method not in SAFE_METHODS
            raise (UpstreamBroken if broken else UpstreamUnavailable)(
                "A part of Packwalk cannot be reached at the moment. Please try again.", retry_after_s=2
            ) from error
        except (TooSlow, DeadlinePassed) as error:
            _log.error("upstream slow", upstream=self.audience, limit_s=round(left_s, 3))
            slow = UpstreamTimeout("A part of Packwalk took too long to answer. Please try again.")
            slow.headers["retry-after"] = "2"
            raise slow from error

    async def _exchange(self, request: UpstreamRequest) -> UpstreamResponse:
        assert self._session is not None
        body, sent = request.body, request.headers
        generated = ("content-type",) if body is not None and "content-type" not in sent else None
        exchange = self._session.request(
            request.method, request.url, headers=sent, data=body, allow_redirects=False, skip_auto_headers=generated
        )
        try:
            async with time_limit(self.audience, self._limit_s), exchange as response:
                if words := clock_skew.refused_us(self.audience, response.status, response.headers):
                    too_old = clock_skew.behind(response.headers)
                    raise (TokenTooOld if too_old else UpstreamBroken)(words, retry_after_s=30)
                return await _whole(response)
        except aiohttp.ClientConnectorError as error:
            raise Unreachable(http_errors.cause_of(error)) from error
        except aiohttp.ClientError as error:
            raise _HungUp(type(error).__name__) from error


class TokenTooOld(UpstreamBroken):
    """A service did nothing, for our token was not valid any more: our clock is behind, or the token waited long on its way."""


class _HungUp(Unreachable):
    """The connection broke while it was used: the service may have done what it was asked."""


async def _whole(response: aiohttp.ClientResponse) -> UpstreamResponse:
    kind = response.headers.get("content-type", "")
    if (
        response.status == 401
        or (300 <= response.status < 400 and response.status != 304)
        or not _readable(response, kind)
    ):
        raise _unusable(response)
    headers = [
        (name.encode(), response.headers[name].encode("latin-1")) for name in _PASSED_BACK if name in response.headers
    ]
    if "cache-control" not in response.headers:
        headers.append((b"cache-control", b"no-store"))
    body = await _body(response)
    if response.status not in (204, 304):
        headers.append((b"content-length", b"%d" % len(body)))
    return UpstreamResponse(response.status, headers, body)


async def _body(response: aiohttp.ClientResponse) -> bytes:
    length = response.content_length
    if length is not None and length <= _LARGEST_RESPONSE_BYTES:
        return await response.read()
    parts, size = [], length or 0
    async for part in response.content.iter_any():
        parts.append(part)
        size += len(part)
        if size > _LARGEST_RESPONSE_BYTES:
            raise _unusable(response)
    return b"".join(parts)


def _readable(response: aiohttp.ClientResponse, kind: str) -> bool:
    return response.status in (204, 304) or response.content_length == 0 or kind.startswith(_READABLE)


def _unusable(response: aiohttp.ClientResponse) -> UpstreamBroken:
    kind = response.headers.get("content-type", "")
    _log.error("upstream broken", status=response.status, content_type=kind, length=response.content_length)
    return UpstreamBroken("A part of Packwalk gave an answer that we cannot use. Please try again.", retry_after_s=2)
