"""What a client may bring, hold and take before anybody knows who it is."""

import socket
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, suppress
from typing import Any

import httpx
import pytest

from chassis.client_address import address_of
from chassis.testing import HANG_S, Served, eventually

GET = b"GET /walks HTTP/1.1\r\nhost: x\r\n\r\n"
Serving = Callable[..., Served]
Made = list[str]
POST = b"POST /made HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"


class Wire:
    """A connection on which a test writes what no client library would."""

    def __init__(self, served: Served) -> None:
        host, port = served.url.removeprefix("http://").split(":")
        self.socket = socket.create_connection((host, int(port)), HANG_S)
        self._come = b""

    def send(self, data: bytes) -> "Wire":
        self.socket.sendall(data)
        return self

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Read one answer: status, headers, body."""
        head = self._until(b"\r\n\r\n").decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        length = int(headers.get("content-length", "0"))
        while len(self._come) < length:
            self._more()
        body, self._come = self._come[:length], self._come[length:]
        return int(head[0].split()[1]), headers, body

    def status(self) -> int:
        return self.answer()[0]

    def ended(self) -> bool:
        """Wait until the server has ended the connection. Returns whether nothing else came before."""
        with suppress(ConnectionResetError):
            return not self._come and self.socket.recv(65536) == b""
        return True

    def close(self) -> None:
        self.socket.close()

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._come:
            self._more()
        head, _, self._come = self._come.partition(mark)
        return head + mark

    def _more(self) -> None:
        came = self.socket.recv(65536)
        assert came, f"the connection ended after {self._come!r}"
        self._come += came


Connecting = Callable[[Served], Wire]


@pytest.fixture
def connect() -> Iterator[Connecting]:
    """Connect; hangs up when the test is over."""
    with ExitStack() as stack:

        def connect(served: Served) -> Wire:
            made = Wire(served)
            stack.callback(made.close)
            return made

        yield connect


def refused(wire: Wire, status: int, name: str) -> bool:
    got, headers, body = wire.answer()
    assert headers["content-type"] == "application/problem+json"
    assert f'"type":"/problems/{name}"'.encode() in body
    assert len(headers["x-request-id"]) == 36
    return got == status


# Headers


@pytest.mark.parametrize(
    "headers",
    [
        b"x-long: " + b"a" * 40_000 + b"\r\n",
        b"".join(b"x-%d: %s\r\n" % (n, b"a" * 1000) for n in range(40)),
        b"".join(b"x-%d: a\r\n" % n for n in range(101)),
        b"cookie: " + b"a" * 80_000,  # and no end
    ],
    ids=["one long line", "many lines", "many short lines", "a line without end"],
)
def test_too_many_headers_are_refused(served: Served, connect: Connecting, headers: bytes) -> None:
    wire = connect(served).send(b"GET /walks HTTP/1.1\r\nhost: x\r\n" + headers + b"\r\n")
    assert refused(wire, 431, "headers-too-large")
    assert wire.ended()


def test_an_address_that_is_too_long_is_refused(served: Served, connect: Connecting) -> None:
    assert refused(connect(served).send(b"GET /" + b"a" * 80_000), 431, "headers-too-large")


def test_headers_within_bounds_are_taken_however_they_are_cut(served: Served, connect: Connecting) -> None:
    lines = b"".join(b"x-%d: %s\r\n" % (n, b"a" * 300) for n in range(90))
    wire = connect(served)
    request = GET[:-2] + lines + b"\r\n"
    for begin in range(0, len(request), 1009):
        wire.send(request[begin : begin + 1009])
    assert wire.status() == 200
    assert wire.send(request * 3).status() == 200, "on the same connection, one after the other"
    assert [wire.status(), wire.status()] == [200, 200]


def test_whoever_sends_headers_for_ever_is_cut_off(served: Served, connect: Connecting) -> None:
    wire = connect(served).send(b"GET /walks HTTP/1.1\r\n")
    lines = b"x: y\r\n" * 10_000
    sent = 0
    with suppress(OSError):
        while sent < 40 * 2**20:
            sent += len(wire.send(lines) and lines)
    assert sent < 40 * 2**20


@pytest.mark.parametrize("after", [b"x: y\r\n" * 200, b"x: " + b"a" * 100_000])
def test_trailers_are_bounded_too(served: Served, connect: Connecting, after: bytes) -> None:
    wire = connect(served).send(POST + b"transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n" + after)
    assert refused(wire, 431, "headers-too-large")


def test_trailers_are_no_headers(served: Served, connect: Connecting) -> None:
    head = b"POST /headers HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
    _, _, body = connect(served).send(head + b"2\r\n{}\r\n0\r\nauthorization: forged\r\n\r\n").answer()
    assert b"transfer-encoding" in body
    assert b"authorization" not in body


def test_what_describes_a_chunk_is_bounded_too(served: Served, connect: Connecting) -> None:
    wire = connect(served).send(POST + b"transfer-encoding: chunked\r\n\r\n2;" + b"a" * 100_000)
    assert refused(wire, 431, "headers-too-large")


# Time


def test_headers_that_do_not_come_are_not_waited_for(serving: Serving, connect: Connecting) -> None:
    served = serving(header_timeout_s=0.5)
    silent, dripping = connect(served).send(GET[:20]), connect(served).send(GET[:-2])
    dripping.socket.settimeout(0.05)

    def refusal() -> bool:
        with suppress(TimeoutError, BrokenPipeError):
            dripping.socket.sendall(b"x")
            return dripping._come or bool(dripping.socket.recv(1, socket.MSG_PEEK))
        return False

    eventually(refusal, "the one that drips is refused")
    assert refused(silent, 408, "request-timeout")
    assert dripping.status() == 408


def test_a_body_that_does_not_come_is_not_waited_for_and_does_nothing(
    serving: Serving, connect: Connecting, made: Made
) -> None:
    served = serving(body_timeout_s=0.5)
    wire = connect(served).send(POST + b'content-length: 400\r\n\r\n{"name": "Rex"}')
    assert refused(wire, 408, "request-timeout")
    assert wire.ended()
    assert not made


def test_a_body_may_take_longer_than_an_answer(serving: Serving, connect: Connecting, made: Made) -> None:
    served = serving(keep_alive_s=0.5, request_timeout_s=0.3)
    wire = connect(served).send(POST + b'content-length: 15\r\n\r\n{"name"')
    assert connect(served).ended(), "this long"
    assert wire.send(b': "Rex"}').status() == 201
    assert made == ["Rex"]


def test_a_connection_that_is_idle_ends(serving: Serving, connect: Connecting) -> None:
    served = serving(keep_alive_s=0.5)
    used, unused = connect(served).send(GET), connect(served)
    assert used.status() == 200
    assert used.ended()
    assert unused.ended()


def test_blank_lines_keep_no_connection(serving: Serving, connect: Connecting) -> None:
    wire = connect(serving(keep_alive_s=0.5))

    def gone() -> bool:
        try:
            wire.send(b"\r\n")
        except OSError:
            return True
        return False

    eventually(gone, "the connection ends")


def test_a_stream_lives_on_while_nothing_happens(serving: Serving, connect: Connecting) -> None:
    served = serving(keep_alive_s=0.5, header_timeout_s=0.5, body_timeout_s=0.5, unread_answer_timeout_s=0.5)
    wire = connect(served).send(b"GET /stream HTTP/1.1\r\nhost: x\r\n\r\n")
    assert wire.status() == 200
    assert wire._until(b"first\r\n")
    for _ in range(3):
        assert connect(served).ended(), "this long"
    httpx.post(f"{served.url}/go-on", timeout=HANG_S)
    assert wire._until(b"second\r\n")


def test_an_answer_that_nobody_reads_is_given_up(serving: Serving, connect: Connecting) -> None:
    served = serving(unread_answer_timeout_s=0.5)
    wire = connect(served).send(b"GET /endless HTTP/1.1\r\nhost: x\r\n\r\n")
    assert wire.status() == 200
    eventually(lambda: not served.server.server_state.connections, "the server gives up")


def test_a_process_that_got_no_processor_blames_nobody(serving: Serving, connect: Connecting) -> None:
    served = serving(header_timeout_s=1.0)
    wire = connect(served).send(GET[:20])
    served.loop.call_soon_threadsafe(time.sleep, 2.5)
    assert wire.send(GET[20:]).status() == 200


# How many


def test_an_address_has_so_many_connections_and_no_more(serving: Serving, connect: Connecting) -> None:
    served = serving(max_connections_per_address=3)
    held = [connect(served).send(GET) for _ in range(3)]
    assert [wire.status() for wire in held] == [200] * 3
    status, headers, _ = connect(served).answer()
    assert (status, headers["retry-after"]) == (429, "5")
    held[0].close()
    eventually(lambda: connect(served).send(GET).status() == 200, "there is room again")


def test_a_proxy_speaks_for_many(serving: Serving, connect: Connecting) -> None:
    served = serving(max_connections_per_address=3, forwarded_allow_ips="127.0.0.0/8")
    assert [wire.send(GET).status() for wire in [connect(served) for _ in range(5)]] == [200] * 5


def test_an_idle_connection_makes_room_and_a_busy_one_does_not(serving: Serving, connect: Connecting) -> None:
    served = serving(max_connections=3)
    first, second, third = (connect(served) for _ in range(3))
    for wire in (second, third, first):
        assert wire.send(GET).status() == 200
    assert connect(served).send(GET).status() == 200
    assert second.ended(), "it was idle the longest"
    busy = [connect(served).send(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n") for _ in range(3)]
    eventually(lambda: in_progress(served) >= 3, "all are busy")
    status, headers, _ = connect(served).answer()
    assert (status, headers["retry-after"]) == (503, "5")
    del busy


def in_progress(served: Served) -> int:
    """Count the connections on which a request is being answered."""
    connections: Collection[Any] = served.server.server_state.connections
    return sum(one.cycle is not None and not one.cycle.response_complete for one in connections)


@pytest.mark.parametrize(
    ("client", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_a_household_is_one_address(client: str, address: str) -> None:
    assert address_of((client, 4711)) == address


# One after the other


def test_requests_sent_at_once_are_answered_in_turn(served: Served, connect: Connecting) -> None:
    wire = connect(served).send(GET + GET.replace(b"/walks", b"/refused") + GET)
    assert [wire.status() for _ in range(3)] == [200, 404, 200]


def test_nobody_queues_for_ever(served: Served, connect: Connecting) -> None:
    wire = connect(served).send(GET * 5000)
    answered = 0
    with suppress(AssertionError, ConnectionResetError):
        while wire.status() == 200:
            answered += 1
    assert 1 <= answered <= 20


def test_rubbish_after_a_request_does_not_spoil_its_answer(served: Served, connect: Connecting) -> None:
    wire = connect(served).send(b"GET /late HTTP/1.1\r\nhost: x\r\n\r\n" + b"\x00rubbish\r\n\r\n")
    httpx.post(f"{served.url}/go-on", timeout=HANG_S)
    assert wire.status() == 200
    assert wire.ended()


def test_rubbish_is_a_problem(served: Served, connect: Connecting) -> None:
    assert refused(connect(served).send(b"\x16\x03\x01\r\n\r\n"), 400, "malformed-request")


def test_a_protocol_that_we_do_not_speak_is_passed_over(served: Served, connect: Connecting) -> None:
    upgrade = GET[:-2] + b"connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n\r\n"
    wire = connect(served).send(upgrade + GET)
    assert [wire.status(), wire.status()] == [200, 200]
    assert wire.send(GET).status() == 200


@pytest.mark.parametrize("start", [b"CONNECT x:443", b"POST /made/nameless"])
@pytest.mark.parametrize("declared", [b"content-length: 400", b"transfer-encoding: chunked"])
def test_a_body_for_another_protocol_is_no_next_request(
    served: Served, connect: Connecting, made: Made, start: bytes, declared: bytes
) -> None:
    lines = b" HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: h2c\r\n" + declared + b"\r\n\r\n"
    wire = connect(served).send(start + lines + POST + b'content-length: 14\r\n\r\n{"name": "Rex"}')
    assert refused(wire, 400, "malformed-request")
    assert wire.ended()
    assert not made


def test_a_client_that_asks_before_it_sends_is_told_to_go_on(served: Served, connect: Connecting, made: Made) -> None:
    wire = connect(served).send(POST + b"content-length: 15\r\nexpect: 100-continue\r\n\r\n")
    assert wire.status() == 100
    assert wire.send(b'{"name": "Rex"}').status() == 201
    assert made == ["Rex"]
    too_much = connect(served).send(POST + b"content-length: 5000\r\nexpect: 100-continue\r\n\r\n")
    assert refused(too_much, 413, "body-too-large")


# Half a request


HALF = {
    "length": POST + b'content-length: 400\r\n\r\n{"name": "Rex"}',
    "chunk": POST + b'transfer-encoding: chunked\r\n\r\nf\r\n{"name": "Rex"}\r\n',
    "part of a chunk": POST + b'transfer-encoding: chunked\r\n\r\nff\r\n{"name": "Rex"}',
    "bad chunk": POST + b'transfer-encoding: chunked\r\n\r\nf\r\n{"name": "Rex"}\r\nrubbish\r\n',
    "no body read": POST.replace(b"/made", b"/made/nameless") + b"content-length: 400\r\n\r\n",
}


@pytest.mark.parametrize("half", HALF.values(), ids=HALF)
@pytest.mark.parametrize("how", ["close", "shut"])
def test_half_a_request_does_nothing(served: Served, connect: Connecting, made: Made, half: bytes, how: str) -> None:
    before = _broken_off(served)
    wire = connect(served).send(half)
    if how == "close":
        wire.close()
    else:
        wire.socket.shutdown(socket.SHUT_WR)
    eventually(lambda: _broken_off(served) > before, "the server noticed")
    assert not made


def _broken_off(served: Served) -> int:
    page = httpx.get(f"{served.url}/metrics", timeout=HANG_S).text
    mark = 'http_requests_total{method="POST",route="unmatched",status="400"} '
    return int(sum(float(line[len(mark) :]) for line in page.splitlines() if line.startswith(mark)))


def test_bodies_together_are_bounded(serving: Serving, connect: Connecting) -> None:
    served = serving(max_bodies_bytes=1500)
    half = POST + b"content-length: 900\r\n\r\n" + b" " * 890
    first = connect(served).send(half)
    eventually(lambda: in_progress(served) == 1, "one is under way")
    status, headers, _ = connect(served).send(half).answer()
    assert (status, headers["retry-after"]) == (503, "5")
    first.close()
    eventually(
        lambda: httpx.post(f"{served.url}/made", json={"name": "x" * 700}, timeout=HANG_S).status_code == 201,
        "there is room again",
    )
