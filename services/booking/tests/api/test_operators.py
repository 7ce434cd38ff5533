"""What operators and load balancers ask booking."""

import httpx

from chassis.testing import HANG_S, Served


def test_the_service_says_that_its_database_is_ready(booking: Served) -> None:
    answer = httpx.get(f"{booking.url}/readyz", timeout=HANG_S)
    checks = {"database": "ok", "keys of gateway": "ok"}
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "checks": checks})


def test_an_unknown_address_is_a_problem(booking: Served) -> None:
    answer = httpx.get(f"{booking.url}/nope", headers={"x-request-id": "asked-by-a-test"}, timeout=HANG_S)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/not-found"
    assert answer.json()["correlation_id"] == answer.headers["x-request-id"] == "asked-by-a-test"
