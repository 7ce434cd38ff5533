"""A client that does not read, or asks for very much, holds what is its own: no service is blamed, and nobody else waits."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from threading import Event, Thread

import httpx
import pytest

from chassis.testing import HANG_S, Served, eventually
from conftest import Serving
from people import Business, Person
from upstreams import NO_ITEMS, said, standing_in

# More than the two sockets between a gateway and its client hold.
LARGE = said("200 OK", "application/json", b"[%b1]" % (b"1," * (2**21 - 100_000)))


class Reader:
    """A client that reads the head of an answer, and its body when it is asked to."""

    def __init__(self, gateway: Served, token: str, path: str) -> None:
        host, port = gateway.url.removeprefix("http://").split(":")
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.settimeout(HANG_S)
        self._socket.connect((host, int(port)))
        head = f"GET /api/v1{path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
        self._socket.sendall(head.encode())
        self._seen = b""

    def head(self) -> str:
        while b"\r\n\r\n" not in self._seen:
            self._seen += self._socket.recv(512)
        return self._seen.split(b"\r\n\r\n")[0].decode()

    def whole(self) -> bytes:
        return self._seen + b"".join(iter(lambda: self._socket.recv(2**20), b""))

    def close(self) -> None:
        self._socket.close()


@contextmanager
def reader(gateway: Served, who: Person, path: str = "/bookings") -> Iterator[Reader]:
    made = Reader(gateway, who.token, path)
    try:
        assert made.head().startswith("HTTP/1.1 200 ")
        yield made
    finally:
        made.close()


def ask(gateway: Served, who: Person, path: str = "/services") -> httpx.Response:
    signed_in = {"authorization": f"Bearer {who.token}"}
    return httpx.get(f"{gateway.url}/api/v1{path}", headers=signed_in, timeout=HANG_S)


@pytest.fixture
def ann(business: Business) -> Person:
    return business.customer("ann")


@pytest.fixture
def ben(business: Business) -> Person:
    return business.customer("ben")


@dataclass(frozen=True)
class Gateway:
    """A gateway before a booking that says much of bookings, nothing of dogs until it may, and little of all else."""

    served: Served
    may_answer: Event
    heard: list[bytes]

    @contextmanager
    def hanging(self, who: Person, times: int) -> Iterator[None]:
        """Let some requests of somebody hang in booking while the block runs."""
        threads = [Thread(target=ask, args=(self.served, who, "/dogs")) for _ in range(times)]
        for one in threads:
            one.start()
        try:
            # What is asked before they hang could take the place of one of them.
            eventually(lambda: sum(one.startswith(b"GET /dogs") for one in self.heard) == times, "they hang")
            yield
        finally:
            self.may_answer.set()
            for one in threads:
                one.join(HANG_S)


@contextmanager
def before_booking(serving: Serving, **settings: float) -> Iterator[Gateway]:
    may_answer = Event()

    def answer(request: bytes) -> bytes:
        if request.startswith(b"GET /dogs"):
            may_answer.wait(HANG_S)
        return LARGE if request.startswith(b"GET /bookings") else NO_ITEMS

    with standing_in(answer) as (url, heard), serving(booking_url=url, tell_again_s=600, **settings) as served:
        try:
            yield Gateway(served, may_answer, heard)
        finally:
            may_answer.set()


def refused(gateway: Gateway, who: Person) -> httpx.Response:
    """Ask until it is refused. Returns the refusal."""
    return eventually(lambda: None if (found := ask(gateway.served, who)).is_success else found, "it is refused")


def test_slow_readers_keep_no_connection_to_the_service(serving: Serving, ann: Person, ben: Person) -> None:
    with (
        before_booking(serving, upstream_connections=1) as gateway,
        reader(gateway.served, ann),
        reader(gateway.served, ann),
    ):
        assert ask(gateway.served, ben).status_code == 200


def test_a_service_is_not_blamed_for_slow_readers(serving: Serving, ann: Person, ben: Person) -> None:
    settings = {"upstream_timeout_s": 0.5, "unread_bytes_per_account": 2**30}
    with before_booking(serving, **settings) as gateway, ExitStack() as readers:
        slow = [readers.enter_context(reader(gateway.served, ann)) for _ in range(6)]
        # It is over after the time that a service has: so the time of those before it is over as well.
        assert ask(gateway.served, ben, "/dogs").status_code == 504
        assert ask(gateway.served, ben).status_code == 200
        assert all(one.whole().endswith(LARGE[-1000:]) for one in slow), "each has its own time, and gets its answer"


def test_who_leaves_too_much_unread_is_refused_more_and_nobody_else_is(
    serving: Serving, ann: Person, ben: Person
) -> None:
    with before_booking(serving, unread_bytes_per_account=100_000) as gateway:
        with reader(gateway.served, ann):
            refusal = ask(gateway.served, ann)
            assert (refusal.status_code, refusal.json()["type"]) == (429, "/problems/too-many-requests")
            assert refusal.json()["retryable"] is True
            assert int(refusal.headers["retry-after"]) >= 1
            assert ask(gateway.served, ben).status_code == 200
        eventually(lambda: ask(gateway.served, ann).status_code == 200, "who hangs up leaves nothing unread")


def test_who_asks_for_too_much_at_once_is_refused_more_and_nobody_else_is(
    serving: Serving, ann: Person, ben: Person
) -> None:
    with before_booking(serving, requests_per_account=2, upstream_connections_per_organization=4) as gateway:
        with gateway.hanging(ann, 2):
            refusal = refused(gateway, ann)
            assert (refusal.status_code, refusal.json()["type"]) == (429, "/problems/too-many-requests")
            assert int(refusal.headers["retry-after"]) >= 1
            assert ask(gateway.served, ben).status_code == 200
        eventually(lambda: ask(gateway.served, ann).status_code == 200, "the others are over")


def test_an_organization_whose_requests_hang_keeps_no_other_from_the_service(
    serving: Serving, ann: Person, gateway: Served
) -> None:
    other = Business(gateway.url)
    settings = {"upstream_wait_s": 0.1, "upstream_connections_per_organization": 2}
    with before_booking(serving, **settings) as before, before.hanging(ann, 2):
        refusal = refused(before, ann)
        assert (refusal.status_code, refusal.json()["type"]) == (503, "/problems/upstream-unavailable")
        assert int(refusal.headers["retry-after"]) >= 1
        assert ask(before.served, other.admin).status_code == 200
    other.close()
