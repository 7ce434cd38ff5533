"""Ask a service: in turn, over kept connections, behind a breaker. It is judged by what it does alone, and never by its client.

An answer is read whole before any of it goes on, so that a client which takes its time holds an answer of ours and nothing of the
service's. `docs/decisions/17-fair-shares.md` says why.
"""

from dataclasses import dataclass

import aiohttp
from yarl import URL

from chassis import clock_skew, deadline, http_errors, logs
from chassis.breaker import Breaker, DeadlinePassed, TooSlow, Unreachable, time_limit
from chassis.health import NotReady
from chassis.problems import UpstreamTimeout, UpstreamUnavailable
from chassis.tokens import Caller
from gateway.door import SAFE
from gateway.errors import UpstreamBroken
from gateway.fair_queue import FairQueue
from gateway.request_target import below

# The largest of ours, 62 days of a calendar or 366 dates with their alternatives, are a tenth of it.
_LARGEST_ANSWER_BYTES = 4 * 2**20
_READABLE = ("application/json", "application/problem+json", "text/calendar", "image/")
_RETURNED = (
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
class Question:
    """What a service is asked."""

    method: str
    url: URL
    headers: dict[str, str]
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service said. headers: those that go on to the client."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Upstream:
    """One service. limit_s: how long it may take to answer. wait_limit_s: how long a request may wait for its turn."""

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
            async with self._session.get(below(self.base, "/readyz"), allow_redirects=False) as answer:
                said = None if answer.status == 200 else "says that it is not ready"
                why = said or clock_skew.apart(answer.headers.get("date"))
        except (aiohttp.ClientError, OSError) as error:
            raise NotReady(http_errors.cause_of(error)) from error
        if why:
            raise NotReady(why)

    async def ask(self, question: Question, who: Caller) -> Answer:
        """Ask when it is the caller's turn. Raises UpstreamUnavailable, UpstreamTimeout, UpstreamBroken and TokenTooOld."""
        await self._queue.enter(who, deadline.remaining_s(self._wait_limit_s))
        try:
            return await self._judged(question)
        finally:
            self._queue.leave(who)

    async def _judged(self, question: Question) -> Answer:
        left_s = deadline.remaining_s(self._limit_s)
        question.headers[deadline.HEADER] = str(int(left_s * 1000))
        try:
            with self._breaker.guard():
                return await self._exchange(question)
        except Unreachable as error:
            _log.error("upstream away", upstream=self.audience, address=str(self.base), error=str(error))
            # Only a connection that was never made proves that nothing was done.
            broken = isinstance(error, _HungUp) and question.method not in SAFE
            raise (UpstreamBroken if broken else UpstreamUnavailable)(
                "A part of Packwalk cannot be reached at the moment. Please try again.", retry_after_s=2
            ) from error
        except (TooSlow, DeadlinePassed) as error:
            _log.error("upstream slow", upstream=self.audience, limit_s=round(left_s, 3))
            slow = UpstreamTimeout("A part of Packwalk took too long to answer. Please try again.")
            slow.headers["retry-after"] = "2"
            raise slow from error

    async def _exchange(self, question: Question) -> Answer:
        assert self._session is not None
        body, sent = question.body, question.headers
        made_up = ("content-type",) if body is not None and "content-type" not in sent else None
        asking = self._session.request(
            question.method, question.url, headers=sent, data=body, allow_redirects=False, skip_auto_headers=made_up
        )
        try:
            async with time_limit(self.audience, self._limit_s), asking as answer:
                if words := clock_skew.refused_us(self.audience, answer.status, answer.headers):
                    too_old = clock_skew.behind(answer.headers)
                    raise (TokenTooOld if too_old else UpstreamBroken)(words, retry_after_s=30)
                return await _whole(answer)
        except aiohttp.ClientConnectorError as error:
            raise Unreachable(http_errors.cause_of(error)) from error
        except aiohttp.ClientError as error:
            raise _HungUp(type(error).__name__) from error


class TokenTooOld(UpstreamBroken):
    """A service did nothing, for our token was not valid any more: our clock is behind, or the token waited long on its way."""


class _HungUp(Unreachable):
    """The connection broke while it was used: the service may have done what it was asked."""


async def _whole(answer: aiohttp.ClientResponse) -> Answer:
    kind = answer.headers.get("content-type", "")
    if answer.status == 401 or (300 <= answer.status < 400 and answer.status != 304) or not _readable(answer, kind):
        raise _unusable(answer)
    headers = [(name.encode(), answer.headers[name].encode("latin-1")) for name in _RETURNED if name in answer.headers]
    if "cache-control" not in answer.headers:
        headers.append((b"cache-control", b"no-store"))
    body = await _body(answer)
    if answer.status not in (204, 304):
        headers.append((b"content-length", b"%d" % len(body)))
    return Answer(answer.status, headers, body)


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    length = answer.content_length
    if length is not None and length <= _LARGEST_ANSWER_BYTES:
        return await answer.read()
    parts, size = [], length or 0
    async for part in answer.content.iter_any():
        parts.append(part)
        size += len(part)
        if size > _LARGEST_ANSWER_BYTES:
            raise _unusable(answer)
    return b"".join(parts)


def _readable(answer: aiohttp.ClientResponse, kind: str) -> bool:
    return answer.status in (204, 304) or answer.content_length == 0 or kind.startswith(_READABLE)


def _unusable(answer: aiohttp.ClientResponse) -> UpstreamBroken:
    kind = answer.headers.get("content-type", "")
    _log.error("upstream broken", status=answer.status, content_type=kind, length=answer.content_length)
    return UpstreamBroken("A part of Packwalk gave an answer that we cannot use. Please try again.", retry_after_s=2)
