"""What the gateway does when booking is away, slow or talks rubbish, and what it lets through."""

import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import httpx
import pytest

from chassis import issuer
from chassis.problems import MEDIA_TYPE, NotFound
from chassis.testing import HANG_S, Served, free_port, response_checks
from conftest import Serving
from people import Business
from upstreams import NO_ITEMS, said, standing_in

Asking = Callable[..., httpx.Response]


@pytest.fixture
def asking(serving: Serving, business: Business) -> Callable[[str], Iterator[Asking]]:
    """Ask, as the admin, a gateway whose booking is somewhere else."""

    @contextmanager
    def of(booking_url: str, **settings: float) -> Iterator[Asking]:
        with serving(booking_url=booking_url, tell_again_s=600, **settings) as gateway:
            signed_in = {"authorization": f"Bearer {business.admin.token}"}
            with httpx.Client(base_url=f"{gateway.url}/api/v1", headers=signed_in, timeout=HANG_S) as client:
                yield client.request

    return of


def test_booking_away_is_said_and_soon_nobody_waits_for_it(asking) -> None:
    with asking(f"http://127.0.0.1:{free_port()}") as ask:
        for _ in range(7):
            answer = ask("GET", "/services")
            assert (answer.status_code, answer.json()["type"]) == (503, "/problems/upstream-unavailable")
            assert answer.json()["retryable"] is True
            assert int(answer.headers["retry-after"]) >= 1
        assert ask("GET", "/organization").status_code == 200, "what needs no booking goes on"


def test_booking_slow_is_a_timeout(asking) -> None:
    with standing_in(None) as (url, _), asking(url, upstream_timeout_s=0.3) as ask:
        answer = ask("GET", "/services")
        assert (answer.status_code, answer.json()["type"]) == (504, "/problems/upstream-timeout")
        assert answer.json()["retryable"] is True
        assert "retry-after" in answer.headers


def test_impatient_callers_do_not_open_the_breaker_for_others(asking) -> None:
    with standing_in(None) as (url, _), asking(url, upstream_timeout_s=2.0) as ask:
        hurried = [ask("GET", "/services", headers={"x-deadline-ms": "50"}).status_code for _ in range(8)]
        assert hurried == [504] * 8


@pytest.mark.parametrize(
    "rubbish",
    [
        b"SSH-2.0-OpenSSH_9\r\n",
        b"",
        said("200 OK", "text/html", b"<h1>It works!</h1>"),
        said("502 Bad Gateway", "text/html", b"nginx"),
        said("302 Found\r\nlocation: http://elsewhere.example/", "application/json", b"{}"),
        said("401 Unauthorized", "application/problem+json", b'{"type": "/problems/not-signed-in"}'),
        said("200 OK", "application/json", b'{"items": [', length=500),
        said("200 OK", "application/json", b"[" * 300_000, length=300_001),
        said("200 OK", "application/json", b"[" * 5 * 2**20),
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{'ite",
    ],
)
def test_rubbish_from_booking_is_a_problem_that_may_go_away(asking, rubbish: bytes) -> None:
    with standing_in(rubbish) as (url, _), asking(url) as ask:
        answer = ask("GET", "/services")
        assert answer.status_code in (502, 503)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"] == "/problems/upstream-unavailable"
        assert answer.json()["retryable"] is True


def test_a_write_that_may_have_arrived_is_not_sent_twice(asking) -> None:
    with standing_in(b"") as (url, heard), asking(url) as ask:
        answer = ask("POST", "/dogs", json={"name": "Rex"})
        assert answer.status_code == 502, "503 would say that nothing was done"
        assert answer.json()["retryable"] is True
        assert len(heard) == 1


def test_what_is_passed_on_is_held_to_the_public_document(asking) -> None:
    with (
        standing_in(said("200 OK", "application/json", b"{}")) as (url, _),
        asking(url) as ask,
        response_checks.seen() as faults,
    ):
        ask("GET", "/services")
    assert sorted(faults) == [
        f'GET /api/v1/services: 200: the body: "{field}" is a required property' for field in ("items", "next_cursor")
    ]


def test_booking_hears_who_it_is_from_us_alone(asking, business: Business) -> None:
    with standing_in(NO_ITEMS) as (url, heard), asking(url) as ask:
        forged = {
            "x-forwarded-user": "root",
            "x-organization-id": "other",
            "x-request-id": "asked-by-a-test",
            "te": "trailers",
        }
        ask("GET", "/services?limit=1&cursor=a%2Fb", headers={**forged, "cookie": "packwalk=secret"})
        request = heard[-1].decode().lower()
    assert request.startswith("get /services?limit=1&cursor=a%2fb http/1.1")
    assert "x-request-id: asked-by-a-test" in request
    assert "x-deadline-ms: " in request
    assert "traceparent: " in request
    for left_out in ("cookie", "x-forwarded-user", "x-organization-id", "te: ", business.admin.token.lower()):
        assert left_out not in request


def test_booking_is_told_of_no_body_that_is_none_and_asked_for_nothing_compressed(asking) -> None:
    def answer(request: bytes) -> bytes:
        problem = NotFound("No such booking.").body("/bookings/1/cancel")
        return NO_ITEMS if request.startswith(b"GET") else said("404 Not Found", MEDIA_TYPE, problem)

    with standing_in(answer) as (url, heard), asking(url) as ask:
        ask("POST", "/bookings/1/cancel")
        ask("GET", "/services")
        posted, got = (request.decode().lower() for request in heard)
    assert "content-length: 0" in posted
    for request in (posted, got):
        assert "content-type" not in request
        assert "accept-encoding: identity" in request
        assert request.count("accept: */*") == 1


def test_a_clock_that_is_ahead_is_said_to_be(
    gateway: Served, business: Business, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    token_cache = gateway.app.state.proxies["booking"]._token_cache._given
    assert business.admin.client.get("/services").status_code == 200
    ahead = SimpleNamespace(time=lambda: time.time() + 100, monotonic=time.monotonic)
    try:
        token_cache.clear()
        monkeypatch.setattr(issuer, "time", ahead)
        known = business.admin.client.get("/services")
        new = business.customer("ann").client.get("/services")
    finally:
        token_cache.clear()
    for answer, status in ((known, 502), (new, 503)):
        assert (answer.status_code, answer.json()["type"]) == (status, "/problems/upstream-unavailable")
        assert re.search(r"The clocks of two of our computers are \d\d+ seconds apart", answer.json()["detail"])
        assert answer.headers["retry-after"] == "30"
    said = capsys.readouterr().out
    assert "token refused: clocks differ" in said
    assert "upstream refuses our tokens: clocks differ" in said


@pytest.mark.parametrize(("late", "status"), [(1, 200), (2, 502)])
def test_a_token_that_grew_old_on_its_way_is_replaced_once(
    gateway: Served, business: Business, monkeypatch: pytest.MonkeyPatch, late: int, status: int
) -> None:
    token_cache = gateway.app.state.proxies["booking"]._token_cache._given
    assert business.admin.client.get("/services").status_code == 200
    signed_at = iter([100] * late)
    clock = SimpleNamespace(time=lambda: time.time() - next(signed_at, 0), monotonic=time.monotonic)
    try:
        token_cache.clear()
        monkeypatch.setattr(issuer, "time", clock)
        answer = business.admin.client.get("/services")
    finally:
        token_cache.clear()
    assert answer.status_code == status


def test_readiness_compares_clocks(asking) -> None:
    late = "Date: Mon, 02 Jan 2023 03:04:05 GMT"
    with standing_in(said(f"200 OK\r\n{late}", "application/json", b"{}")) as (url, _), asking(url) as ask:
        assert re.fullmatch(r"its clock is \d+ s behind ours", ask("GET", "/../../readyz").json()["checks"]["booking"])


def test_what_booking_refuses_reaches_the_customer_as_it_is(business: Business) -> None:
    answer = business.customer("ann").client.post("/series", json={})
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/idempotency-key-missing")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/services/../internal/accounts/x",
        "/api/v1/services/%2e%2e/internal/accounts/x",
        "/api/v1/services%2f..%2finternal",
        "/api/v1/services/..%5cinternal",
        "/api/v1//services",
        "/api/v1/services/%00",
        "/assets/../../etc/passwd",
    ],
)
def test_addresses_that_mean_two_things_are_refused(gateway: Served, business: Business, path: str) -> None:
    # Written by hand, for a client would tidy the path up.
    host, port = gateway.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        lines = f"GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {business.admin.token}\r\nconnection: close\r\n\r\n"
        connection.sendall(lines.encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 400 "), answer[:200]
    assert b"/problems/malformed-request" in answer


@pytest.mark.parametrize("path", ["/internal/accounts/x", "/nothing", "/servicesx", "/"])
def test_addresses_that_are_nothing_are_a_problem(business: Business, path: str) -> None:
    answer = business.admin.client.get(path)
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


@pytest.mark.parametrize("path", ["/dogs", "/organization/accounts"])
@pytest.mark.parametrize("announced", [True, False])
def test_enormous_bodies_are_refused(business: Business, path: str, announced: bool) -> None:
    body = json.dumps({"name": "x" * 300_000}).encode()
    parts = iter([body[:100_000], body[100_000:]])
    answer = business.admin.client.post(
        path, content=body if announced else parts, headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/body-too-large")


@pytest.mark.parametrize("path", ["/dogs", "/organization/accounts"])
def test_what_is_not_json_is_refused(business: Business, path: str) -> None:
    answer = business.admin.client.post(path, content=b"<dog/>", headers={"content-type": "text/xml"})
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"
