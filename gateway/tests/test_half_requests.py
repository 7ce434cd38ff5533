"""A request that did not arrive whole does nothing, here and in the services behind."""

import socket

import pytest

from chassis.testing import HANG_S, Served, eventually
from people import Business

BODY = b'{"name": "Rex"}'
# The first is passed on to booking; the second wants no body.
OPERATIONS = ["POST /api/v1/dogs", "DELETE /api/v1/session"]


def half(operation: str, how: str, token: str) -> bytes:
    start = f"{operation} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: Bearer {token}\r\n".encode()
    if how == "declared":
        return start + b"content-length: 400\r\n\r\n" + BODY
    return start + b"transfer-encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(BODY), BODY)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("how", ["declared", "chunked"])
def test_half_a_request_does_nothing(gateway: Served, business: Business, operation: str, how: str) -> None:
    ann = business.customer("ann")
    host, port = gateway.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), HANG_S) as connection:
        connection.sendall(half(operation, how, ann.token))
        address = connection.getsockname()
        eventually(lambda: connected(gateway, address), "the gateway has the connection")
    eventually(lambda: not connected(gateway, address), "the gateway notices that it is gone")
    assert ann.client.post("/dogs", json={"name": "Bella"}).status_code == 201, "still signed in"
    assert [dog["name"] for dog in ann.client.get("/dogs").json()["items"]] == ["Bella"]


def connected(served: Served, address: tuple[str, int]) -> bool:
    """Say whether the server has a connection from an address."""
    return any(one.client == address for one in tuple(served.server.server_state.connections))
