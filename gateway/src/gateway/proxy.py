"""Pass requests on to services: plain ASGI and one aiohttp session, because every layer here is paid for by every request.

A request's body is read whole (a quarter of a MiB at most) before anything goes to the service, so that the service never sees half a
request and a connection that could not be made can be tried again. Answers are streamed, except small ones.
"""

from types import SimpleNamespace

import aiohttp
from starlette.types import Receive, Scope, Send
from yarl import URL

from chassis import clocks, correlation, deadline, http_errors, logs, tracing
from chassis.breaker import Away, Breaker, OutOfTime, Slow, time_limit
from chassis.health import NotReady
from chassis.issuer import Issuer, Tickets
from chassis.problems import UpstreamTimeout, UpstreamUnavailable
from gateway.door import SAFE, Door
from gateway.errors import UnsupportedMedia, UpstreamBroken
from gateway.request_target import PREFIX, Target, below
from gateway.telling import Telling

# What a service is told of the request; everything else, above all who the caller claims to be, stays outside.
_PASSED_ON = (
    b"accept",
    b"accept-language",
    b"content-type",
    b"idempotency-key",
    b"if-match",
    b"if-none-match",
    b"last-event-id",
    b"x-idempotency-key",
)
# The client library would say something of its own here, and leaving a header out takes it longer than sending it.
# Never a compressed answer: it is passed on as it comes.
_OURS = {"accept": "*/*", "accept-encoding": "identity", "user-agent": "packwalk-gateway"}
_RETURNED = (
    "content-type",
    "retry-after",
    "idempotent-replayed",
    "cache-control",
    "etag",
    "content-disposition",
    "allow",
)
_WHOLE_UP_TO = 256 * 1024
_READABLE = ("application/json", "application/problem+json", "text/calendar", "text/event-stream", "image/")

_log = logs.get("proxy")


class Proxy:
    """Passes requests on to one service. limit_s: how long it may take to answer.

    telling: makes sure that the service knows an account before its first request; None where it need not.
    """

    def __init__(
        self,
        audience: str,
        base_url: str,
        door: Door,
        issuer: Issuer,
        limit_s: float,
        at_once: int,
        telling: Telling | None = None,
    ) -> None:
        self._audience = audience
        self._base = URL(base_url)
        self._door = door
        self._telling = telling
        self._limit_s = limit_s
        self._at_once = at_once
        self._breaker = Breaker(audience)
        self._session: aiohttp.ClientSession | None = None
        self._tickets = Tickets(issuer, audience)

    async def open(self) -> None:
        """Get ready to connect. The services' keep-alive is 75 s; ours is shorter, so that we rarely meet a closing one."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._at_once, keepalive_timeout=30, force_close=False),
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
            async with self._session.get(below(self._base, "/readyz"), allow_redirects=False) as answer:
                said = None if answer.status == 200 else "says that it is not ready"
                why = said or clocks.apart(answer.headers.get("date"))
        except (aiohttp.ClientError, OSError) as error:
            raise NotReady(http_errors.cause_of(error)) from error
        if why:
            raise NotReady(why)

    async def __call__(self, target: Target, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on. Raises Problem for whatever goes wrong before the answer begins."""
        scope["route"] = SimpleNamespace(path=_label(target))
        method, headers = scope["method"], dict(scope["headers"])
        entered = await self._door.enter(method, headers)
        who = entered.found.who
        if self._telling and not entered.found.booking_knows and not self._tickets.has(who):
            await self._telling.now(who)
        body = None if method in SAFE else await _whole(receive)
        if body and not headers.get(b"content-type", b"").partition(b";")[0].strip().lower().endswith(b"json"):
            raise UnsupportedMedia("Send application/json.")
        sent = _OURS | {name.decode(): headers[name].decode("latin-1") for name in _PASSED_ON if name in headers}
        sent |= self._tickets.headers(who)
        sent[correlation.HEADER] = correlation.correlation_id()
        sent.update(tracing.outgoing())
        await self._pass_on(method, target.at(self._base), sent, body, send)

    async def _pass_on(self, method: str, url: URL, sent: dict[str, str], body: bytes | None, send: Send) -> None:
        left_s = deadline.remaining_s(self._limit_s)
        sent[deadline.HEADER] = str(int(left_s * 1000))
        try:
            with self._breaker.guard():
                await self._exchange(method, url, sent, body, send)
        except Away as error:
            _log.error("upstream away", upstream=self._audience, address=str(self._base), error=str(error))
            # Only a connection that was never made proves that nothing was done.
            refusal = UpstreamBroken if isinstance(error, _HungUp) and method not in SAFE else UpstreamUnavailable
            raise refusal(
                "A part of Packwalk cannot be reached at the moment. Please try again.", retry_after_s=2
            ) from error
        except (Slow, OutOfTime) as error:
            _log.error("upstream slow", upstream=self._audience, limit_s=round(left_s, 3))
            slow = UpstreamTimeout("A part of Packwalk took too long to answer. Please try again.")
            slow.headers["retry-after"] = "2"
            raise slow from error

    async def _exchange(self, method: str, url: URL, sent: dict[str, str], body: bytes | None, send: Send) -> None:
        assert self._session is not None
        made_up = ("content-type",) if body is not None and "content-type" not in sent else None
        asking = self._session.request(
            method, url, headers=sent, data=body, allow_redirects=False, skip_auto_headers=made_up
        )
        try:
            async with time_limit(self._audience, self._limit_s), asking as answer:
                if words := clocks.refused_us(self._audience, answer.status, answer.headers):
                    raise UpstreamBroken(words, retry_after_s=30)
                await _return(answer, send)
        except aiohttp.ClientConnectorError as error:
            raise Away(http_errors.cause_of(error)) from error
        except aiohttp.ClientError as error:
            raise _HungUp(type(error).__name__) from error


class _HungUp(Away):
    """The connection broke while it was used: the service may have done what it was asked."""


async def _return(answer: aiohttp.ClientResponse, send: Send) -> None:
    kind = answer.headers.get("content-type", "")
    if answer.status == 401 or (300 <= answer.status < 400 and answer.status != 304) or not _readable(answer, kind):
        _log.error("upstream broken", status=answer.status, content_type=kind)
        raise UpstreamBroken("A part of Packwalk gave an answer that we cannot use. Please try again.", retry_after_s=2)
    headers = [(name.encode(), answer.headers[name].encode("latin-1")) for name in _RETURNED if name in answer.headers]
    if "cache-control" not in answer.headers:
        headers.append((b"cache-control", b"no-store"))
    length = answer.content_length
    start = {"type": "http.response.start", "status": answer.status, "headers": headers}
    if length is not None and length <= _WHOLE_UP_TO:
        whole = await answer.read()
        headers.append((b"content-length", str(len(whole)).encode()))
        await send(start)
        await send({"type": "http.response.body", "body": whole})
        return
    await send(start)
    async for chunk in answer.content.iter_any():
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _readable(answer: aiohttp.ClientResponse, kind: str) -> bool:
    return answer.status in (204, 304) or answer.content_length == 0 or kind.startswith(_READABLE)


async def _whole(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return body
    parts = [body]
    while message.get("more_body"):
        message = await receive()
        parts.append(message.get("body", b""))
    return b"".join(parts)


def _label(target: Target) -> str:
    # A label per id would let anybody fill the metrics.
    more = target.path[len(PREFIX) + 1 :].partition("/")[1]
    return f"{PREFIX}/{target.resource}/…" if more else f"{PREFIX}/{target.resource}"
