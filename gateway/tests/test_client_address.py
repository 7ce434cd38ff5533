"""Behind a proxy every client has limits of its own, and nobody chooses the address that is counted."""

import httpx

from chassis.testing import HANG_S, Served
from conftest import Serving

TWICE = {"sign_ins_per_address": "2/minute"}


def sign_in(gateway: Served, forwarded_for: str) -> int:
    """Try to sign in through a proxy that says for whom it asks; return the status."""
    wrong = {"email": "nobody@nowhere.example", "password": "not the password"}
    said = {"x-forwarded-for": forwarded_for}
    return httpx.post(f"{gateway.url}/api/v1/session", json=wrong, headers=said, timeout=HANG_S).status_code


def test_each_client_of_a_known_proxy_has_limits_of_its_own(serving: Serving) -> None:
    with serving(forwarded_allow_ips="127.0.0.1", **TWICE) as gateway:
        assert [sign_in(gateway, "192.0.2.7") for _ in range(3)] == [401, 401, 429]
        assert sign_in(gateway, "192.0.2.8") == 401
        assert sign_in(gateway, "198.51.100.1, 192.0.2.7") == 429, "what the proxy itself adds is the last"


def test_a_chain_of_known_proxies_is_followed_to_the_first_that_is_not(serving: Serving) -> None:
    with serving(forwarded_allow_ips="127.0.0.1, 10.0.0.0/8", **TWICE) as gateway:
        assert [sign_in(gateway, "192.0.2.7, 10.0.0.9") for _ in range(3)] == [401, 401, 429]
        assert sign_in(gateway, "192.0.2.8, 10.0.0.9") == 401


def test_nobody_else_chooses_an_address(serving: Serving) -> None:
    with serving(**TWICE) as gateway:
        assert [sign_in(gateway, f"192.0.2.{n}") for n in range(3)] == [401, 401, 429]
