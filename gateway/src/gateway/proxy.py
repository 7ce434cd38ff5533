"""Pass requests on to services: plain ASGI and one aiohttp session, because every layer here is paid for by every request.

A request's body is read whole (a quarter of a MiB at most) before anything goes to the service, so that the service never sees half a
request and a connection that could not be made can be tried again. Its answer is read whole as well, before it goes to the client.
"""

from types import SimpleNamespace

from starlette.types import Receive, Scope, Send

from chassis import correlation, tracing
from chassis.issuer import Issuer, TokenCache
from chassis.problems import PREFIX_HEADER
from chassis.tokens import Caller
from gateway.door import SAFE, Door
from gateway.errors import UnsupportedMedia
from gateway.in_flight import InFlight
from gateway.request_target import PREFIX, Target
from gateway.telling import Telling
from gateway.upstream import Answer, Question, TokenTooOld, Upstream

# What a service is told of the request; everything else, above all who the caller claims to be, stays outside.
_PASSED_ON = (
    b"accept",
    b"accept-language",
    b"content-type",
    b"idempotency-key",
    b"if-match",
    b"if-none-match",
    b"x-idempotency-key",
)
# The client library would say something of its own here, and leaving a header out takes it longer than sending it.
# Never a compressed answer: it is passed on as it comes.
_OURS = {"accept": "*/*", "accept-encoding": "identity", "user-agent": "packwalk-gateway"}
_PIECE_BYTES = 64 * 1024


class Proxy:
    """Passes requests on to one service. telling: makes sure that it knows an account before its first request; None: it need not."""

    def __init__(
        self, upstream: Upstream, door: Door, issuer: Issuer, in_flight: InFlight, telling: Telling | None = None
    ) -> None:
        self.upstream = upstream
        self._door = door
        self._in_flight = in_flight
        self._telling = telling
        self._token_cache = TokenCache(issuer, upstream.audience)

    async def __call__(self, target: Target, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on. Raises Problem for whatever goes wrong before the answer begins."""
        scope["route"] = SimpleNamespace(path=_label(target))
        entered = await self._door.enter(scope["method"], dict(scope["headers"]))
        who = entered.found.who
        with self._in_flight.request(who.account_id):
            if self._telling and not entered.found.booking_knows and not self._token_cache.has(who):
                await self._telling.now(who)
            question = await self._question(target, scope, receive, who)
            await self._send(await self._ask(question, who), who, send)

    async def _ask(self, question: Question, who: Caller) -> Answer:
        try:
            return await self.upstream.ask(question, who)
        except TokenTooOld:
            # A machine that gets no processor for half a minute sends tokens too late, and nothing was done.
            question.headers.update(self._token_cache.fresh_headers(who))
            return await self.upstream.ask(question, who)

    async def _question(self, target: Target, scope: Scope, receive: Receive, who: Caller) -> Question:
        method, headers = scope["method"], dict(scope["headers"])
        body = None if method in SAFE else await _whole(receive)
        if body and not headers.get(b"content-type", b"").partition(b";")[0].strip().lower().endswith(b"json"):
            raise UnsupportedMedia("Send application/json.")
        sent = _OURS | {name.decode(): headers[name].decode("latin-1") for name in _PASSED_ON if name in headers}
        sent |= self._token_cache.headers(who)
        sent[correlation.HEADER] = correlation.correlation_id()
        sent[PREFIX_HEADER] = PREFIX
        sent.update(tracing.outgoing())
        return Question(method, target.at(self.upstream.base), sent, body)

    async def _send(self, answer: Answer, who: Caller, send: Send) -> None:
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        if len(answer.body) <= _PIECE_BYTES:
            await send({"type": "http.response.body", "body": answer.body})
            return
        with self._in_flight.answer(who.account_id, len(answer.body)):
            for begin in range(0, len(answer.body), _PIECE_BYTES):
                piece = answer.body[begin : begin + _PIECE_BYTES]
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            # The server takes this one when the client has taken nearly all before it.
            await send({"type": "http.response.body", "body": b""})


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
