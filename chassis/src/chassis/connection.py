"""One connection from a client: uvicorn's protocol for httptools, with the bounds that neither of them has.

httptools keeps whatever comes until a line ends, so what goes into it is cut into pieces and counted. Waiting is counted in seconds of the
event loop's attention (`Connections.pass_time`), not of the clock: a process that got no processor has not let anybody wait.
"""

import asyncio
from enum import Enum, auto
from typing import Any

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from chassis.client_address import address_of
from chassis.connection_limits import Connections, closed_early
from chassis.connection_refusals import headers_too_large, refusal
from chassis.problems import HeadersTooLarge, MalformedRequest, Problem, RequestTimeout
from chassis.unread_answer import UnreadAnswer

_PIECE = 16 * 1024


class _Phase(Enum):
    """What is awaited from the client."""

    IDLE = auto()  # another request
    HEADERS = auto()
    BODY = auto()
    NOTHING = auto()  # a whole request is being answered
    SURPLUS = auto()  # the rest of a body that was answered before it came
    END = auto()  # that a client which was refused, and told so, hangs up


class Connection(HttpToolsProtocol):
    """A connection that ends when its client brings too much, or too little in its time."""

    def __init__(
        self,
        config: Config,
        server_state: Connections,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._server = server_state
        self._limits = server_state.limits
        self.address = "-"
        self._phase = _Phase.IDLE
        self._left_s = self._limits.keep_alive_s
        self._unread_bytes = 0
        self._surplus_bytes = 0
        self._progress = False
        self._last_one = False  # nothing that comes after the requests in hand is read
        self._unread_answer = UnreadAnswer(self._limits)

    # What the transport tells

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, or say why not."""
        super().connection_made(transport)
        self.address = address_of(self.client)
        if problem := self._server.refusal(self):
            self._answer(problem)
            self._phase, self._left_s = _Phase.END, 0
            transport.close()
        else:
            self._server.idle[self] = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._server.ended(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read what came, piece by piece, as long as it is within bounds."""
        if len(data) <= _PIECE:
            self._read(data)
            return
        for begin in range(0, len(data), _PIECE):
            self._read(data[begin : begin + _PIECE])

    def resume_writing(self) -> None:
        """Note that the client reads."""
        self._unread_answer.client_reads()
        super().resume_writing()

    def _read(self, piece: bytes) -> None:
        if self._last_one or self.transport.is_closing() or self._surplus(piece):
            return
        self._progress = False
        try:
            self.parser.feed_data(piece)
        except httptools.HttpParserUpgrade as upgrade:
            # Nothing else is spoken here: what follows is the next request.
            self._read(piece[upgrade.args[0] :])
        except httptools.HttpParserError as error:
            cause = error.__context__
            self._refuse(cause if isinstance(cause, Problem) else MalformedRequest("This request cannot be read."))
        else:
            self._count(piece)

    def _surplus(self, piece: bytes) -> bool:
        # Whoever was answered already may go on a little: a client that writes first and reads then would not read why it was refused.
        if self._phase in (_Phase.SURPLUS, _Phase.END):
            self._surplus_bytes += len(piece)
            if self._surplus_bytes > self._limits.linger_bytes:
                self.transport.abort()
        return self._phase is _Phase.END

    def _count(self, piece: bytes) -> None:
        # What httptools keeps to itself: of a header's line, or of a chunk's, until it ends. Of the piece in which something began nobody
        # knows how much belongs to what.
        self._unread_bytes = 0 if self._progress else self._unread_bytes + len(piece)
        if self._unread_bytes > self._limits.header_bytes or len(self.headers or ()) > self._limits.header_lines:
            self._refuse(headers_too_large())

    # What the parser tells

    def on_message_begin(self) -> None:
        """Begin a request. Raises Problem when too many wait already."""
        if len(self.pipeline) >= self._limits.in_turn:
            raise MalformedRequest("Too many requests are waiting for their turn.")
        super().on_message_begin()
        self._server.idle.pop(self, None)
        self._phase, self._left_s = _Phase.HEADERS, self._limits.header_s
        self._surplus_bytes = 0
        self._progress = True

    def on_headers_complete(self) -> None:
        """Begin to answer. Raises Problem when the headers are more than anybody needs."""
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > self._limits.header_bytes or len(self.headers) > self._limits.header_lines:
            raise headers_too_large()
        if self.parser.should_upgrade() and (self.parser.get_method() == b"CONNECT" or self._brings_a_body()):
            # The parser takes such a body for the next request.
            raise MalformedRequest("No other protocol is spoken here. Please ask again without an upgrade.")
        super().on_headers_complete()
        # What comes after a body in the form of headers is no part of those that were looked at.
        self.headers = []
        self._progress = True
        self._phase, self._left_s = _Phase.BODY, self._limits.body_pause_s

    def _brings_a_body(self) -> bool:
        return any(
            name == b"transfer-encoding" or (name == b"content-length" and value.strip(b"0 "))
            for name, value in self.headers
        )

    def on_body(self, body: bytes) -> None:
        """Count a part of the body."""
        if self._phase is _Phase.BODY:
            earned_s = len(body) / self._limits.body_bytes_per_s
            self._left_s = min(self._left_s + earned_s, self._limits.body_pause_s)
        self._progress = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that the request is whole."""
        super().on_message_complete()
        self._phase = _Phase.NOTHING
        if self.cycle.response_complete:
            self._rest()

    def on_response_complete(self) -> None:
        """Go on with the next request, or wait for it. Takes the place of uvicorn's own, which sets a timer for each answer."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)
        elif self._last_one:
            self.transport.close()
        elif self._phase is _Phase.BODY:
            self._phase, self._left_s = _Phase.SURPLUS, self._limits.linger_s
        elif self._phase is _Phase.NOTHING:
            self._rest()

    def _rest(self) -> None:
        self._phase, self._left_s = _Phase.IDLE, self._limits.keep_alive_s
        self._server.idle[self] = None

    # What the server tells

    def pass_time(self, seconds: float) -> None:
        """Count a time in which whatever the client sent or took would have been noticed."""
        if self._unread_answer.stalled(self.transport.get_write_buffer_size(), seconds):
            closed_early.labels("unread-answer").inc()
            self.transport.abort()
        if self._phase is _Phase.NOTHING or self.flow.read_paused:
            return
        self._left_s -= seconds
        if self._left_s <= 0:
            self._out_of_time()

    def _out_of_time(self) -> None:
        if self._phase is _Phase.IDLE:
            self.transport.close()
        elif self._phase in (_Phase.HEADERS, _Phase.BODY):
            limit = "slow-headers" if self._phase is _Phase.HEADERS else "slow-body"
            closed_early.labels(limit).inc()
            self._refuse(RequestTimeout("The request did not arrive in time. Please try again."))
        else:
            self.transport.abort()

    # Refusals

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read, as every refusal is written."""
        self._refuse(MalformedRequest(msg))

    def _refuse(self, problem: Problem) -> None:
        if isinstance(problem, HeadersTooLarge):
            closed_early.labels("headers").inc()
        if self._phase is _Phase.BODY and not self._queued():
            self._break_off(problem)
        elif self._phase is _Phase.BODY or (self.cycle and not self.cycle.response_complete):
            self._stop_after_those_in_hand()
        elif self._phase is _Phase.SURPLUS:
            self.transport.close()  # this request has its answer
        else:
            self._end(problem)

    def _queued(self) -> bool:
        return bool(self.pipeline) and self.pipeline[0][0] is self.cycle

    def _break_off(self, problem: Problem) -> None:
        """End a request whose body does not come: whoever reads it is told that the client is gone."""
        answered = self.cycle.response_started
        self.cycle.disconnected = True
        self.cycle.message_event.set()
        if answered:
            self.transport.close()
        else:
            self._end(problem)

    def _stop_after_those_in_hand(self) -> None:
        """Read nothing any more; the requests that came whole before are answered first."""
        if self._queued() and self._phase is _Phase.BODY:
            self.pipeline.popleft()
        self._last_one, self._phase = True, _Phase.NOTHING

    def _end(self, problem: Problem) -> None:
        # Closing at once would reset the connection under what the client still sends, and it might never read why.
        self._answer(problem)
        self._server.idle.pop(self, None)
        self._phase, self._left_s = _Phase.END, self._limits.linger_s
        if self.transport.can_write_eof():
            self.transport.write_eof()

    def _answer(self, problem: Problem) -> None:
        self.transport.write(refusal(problem, self.address))
