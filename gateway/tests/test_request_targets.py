"""Whatever address is asked for: the service that is asked is the configured one, for the path that the request was routed by."""

import socket
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from yarl import URL

from chassis.testing import Served
from conftest import Serving
from gateway.rules.request_target import PREFIX, AmbiguousTargetError, read
from people import Business
from upstreams import said, standing_in

PREFIXES = [
    "/api/v1",
    "/%61pi/v1",
    "/api/%761",
    "/api%2fv1",
    "/api/v1%2f",
    "/API/v1",
    "/api",
    "",
    "/api/v1@",
    "/api/v1:",
]
PIECES = [
    "/",
    "//",
    "/services",
    "/%73ervices",
    "/dogs",
    "%2f",
    "%2F",
    "%5c",
    "\\",
    "/.",
    "/..",
    "/%2e%2e",
    "@",
    "%40",
    ":",
    "#",
    "%23",
    "?",
    "%3f",
    ";",
    "%",
    "%zz",
    "%00",
    "%0d%0a",
    "%ff",
    "%C3%A9",
    "%252f",
    "~a",
    "%7ea",
    "http://",
    "127.0.0.1:",
    "ELSEWHERE",
]
CRAFTED = st.tuples(st.sampled_from(PREFIXES), st.lists(st.sampled_from(PIECES), max_size=8)).map(
    lambda parts: parts[0] + "".join(parts[1])
)
ANY_BYTES = st.binary(max_size=40).map(lambda some: b"/api/v1/" + some)


def asked(gateway: Served, token: str, target: str) -> bytes:
    """Ask for an address that is written by hand, for a client would tidy it up."""
    host, port = gateway.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        head = f"GET {target} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
        connection.sendall(head.encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_the_service_asked_is_the_configured_one_for_the_path_that_was_routed_by(
    serving: Serving, business: Business
) -> None:
    answer = said("200 OK", "application/json", b"{}")
    with (
        standing_in(answer) as (booking, heard),
        standing_in(answer) as (elsewhere, heard_elsewhere),
        serving(booking_url=booking, travel_url=booking, tell_again_s=600) as gateway,
    ):

        @settings(max_examples=200, deadline=None)
        @given(CRAFTED)
        @example("/api/v1/services")
        @example("/%61pi/v1/services")
        @example("/%61pi/v1/services@ELSEWHERE/")
        def holds(crafted: str) -> None:
            target = crafted.replace("ELSEWHERE", elsewhere.removeprefix("http://"))
            heard.clear()
            status = int(asked(gateway, business.admin.token, target).split(b" ", 2)[1])
            assert status < 500, target
            assert not heard_elsewhere
            for request in heard:
                line, host = request.decode().split("\r\n")[:2]
                passed_on = urlsplit(line.split(" ")[1]).path
                assert host.lower() == f"host: {booking.removeprefix('http://')}"
                assert target.startswith(f"{PREFIX}/")
                assert unquote(urlsplit(target).path) == PREFIX + unquote(passed_on)

        holds()


@given(ANY_BYTES, st.binary(max_size=20))
def test_no_path_and_no_query_touches_the_authority(raw_path: bytes, query: bytes) -> None:
    try:
        target = read({"raw_path": raw_path, "query_string": query})
    except AmbiguousTargetError:
        return
    url = target.at(URL("http://booking:8001/below"))
    again = URL(str(url))  # as whoever reads the text of it would
    assert (url.host, url.port, url.user) == (again.host, again.port, again.user) == ("booking", 8001, None)
    assert unquote(url.raw_path) == "/below" + target.path.removeprefix(PREFIX)
    assert "#" not in str(url)


@pytest.mark.parametrize("path", ["/%61pi/v1/services", "/api/%761/services", "/%61pi/v1/organization", "/%61pi"])
def test_a_prefix_that_is_not_written_out_is_refused(gateway: Served, business: Business, path: str) -> None:
    answer = asked(gateway, business.admin.token, path)
    assert answer.startswith(b"HTTP/1.1 400 "), answer[:200]
    assert b"/problems/malformed-request" in answer


@pytest.mark.parametrize("path", ["/api/v1/%73ervices", "/api/v1/%6frganization"])
def test_below_the_prefix_an_escaped_letter_is_the_letter(gateway: Served, business: Business, path: str) -> None:
    assert asked(gateway, business.admin.token, path).startswith(b"HTTP/1.1 200 ")
