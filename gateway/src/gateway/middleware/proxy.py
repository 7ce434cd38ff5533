"""Proxy requests to services: plain ASGI and one aiohttp session, because every layer here costs every request.

A request's body is read whole (a quarter of a MiB at most) before anything goes to the service. So the service never sees half a request,
and a connection that could not be made can be tried again. The response is read whole as well, before it goes to the client.
"""

from types import SimpleNamespace

from starlette.types import Receive, Scope, Send

from chassis import correlation, tracing
from chassis.issuer import Issuer, TokenCache
from chassis.problems import PREFIX_HEADER
from chassis.tokens import Caller
from gateway.account_sync import AccountSync
from gateway.authentication import RequestAuthenticator
from gateway.clients.upstream import TokenTooOld, Upstream, UpstreamRequest, UpstreamResponse
from gateway.errors import UnsupportedMedia
from gateway.middleware.in_flight import InFlight
from gateway.rules.request_target import PREFIX, SAFE_METHODS, Target

# The headers that go on to a service; all others, above all who the caller claims to be, stay outside.
_PASSED_ON = (
    b"accept",
    b"accept-language",
    b"content-type",
    b"idempotency-key",
    b"if-match",
    b"if-none-match",
    b"x-idempotency-key",
)
# The client library would add values of its own, and leaving a header out takes it longer than sending it.
# Never a compressed response: it is passed on as it comes.
_OURS = {"accept": "*/*", "accept-encoding": "identity", "user-agent": "packwalk-gateway"}
_PIECE_BYTES = 64 * 1024


class Proxy:
    """Passes requests on to one service. sync: makes sure that the service has the caller's account; None: the service needs none."""

    def __init__(
        self,
        upstream: Upstream,
        authenticator: RequestAuthenticator,
        issuer: Issuer,
        in_flight: InFlight,
        sync: AccountSync | None = None,
    ) -> None:
        self.upstream = upstream
        self._authenticator = authenticator
        self._in_flight = in_flight
        self._sync = sync
        self._token_cache = TokenCache(issuer, upstream.audience)

    async def __call__(self, target: Target, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on. Raises Problem for whatever goes wrong before the answer begins."""
        scope["route"] = SimpleNamespace(path=_label(target))
        session = (await self._authenticator.authenticate(scope["method"], dict(scope["headers"]))).session
        caller = session.caller
        with self._in_flight.request(caller.account_id):
            if self._sync and not session.booking_knows and not self._token_cache.has(caller):
                await self._sync.ensure_sent(caller)
            request = await self._request(target, scope, receive, caller)
            await self._respond(await self._exchange(request, caller), caller, send)

    async def _exchange(self, request: UpstreamRequest, caller: Caller) -> UpstreamResponse:
        try:
            return await self.upstream.send(request, caller)
        except TokenTooOld:
            # A machine that gets no processor for half a minute sends tokens too late, and nothing was done.
            request.headers.update(self._token_cache.fresh_headers(caller))
            return await self.upstream.send(request, caller)

    async def _request(self, target: Target, scope: Scope, receive: Receive, caller: Caller) -> UpstreamRequest:
        method, headers = scope["method"], dict(scope["headers"])
        body = None if method in SAFE_METHODS else await _whole(receive)
        if body and not headers.get(b"content-type", b"").partition(b";")[0].strip().lower().endswith(b"json"):
            raise UnsupportedMedia("Send application/json.")
        sent = _OURS | {name.decode(): headers[name].decode("latin-1") for name in _PASSED_ON if name in headers}
        sent |= self._token_cache.headers(caller)
        sent[correlation.HEADER] = correlation.correlation_id()
        sent[PREFIX_HEADER] = PREFIX
        sent.update(tracing.outgoing())
        return UpstreamRequest(method, target.at(self.upstream.base), sent, body)

    async def _respond(self, response: UpstreamResponse, caller: Caller, send: Send) -> None:
        await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
        if len(response.body) <= _PIECE_BYTES:
            await send({"type": "http.response.body", "body": response.body})
            return
        with self._in_flight.response(caller.account_id, len(response.body)):
            for begin in range(0, len(response.body), _PIECE_BYTES):
                piece = response.body[begin : begin + _PIECE_BYTES]
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
