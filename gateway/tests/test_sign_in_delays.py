"""Whoever guesses is slowed down, and keeps nobody else from signing in."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from uuid import uuid4

import httpx
import pytest

from chassis.testing import HANG_S, Served, free_port
from conftest import Serving
from people import PASSWORD, Business

At = Callable[[str], httpx.Client]
THERE, ELSEWHERE = "127.0.0.2", "127.0.0.3"
WRONG = "a wrong guess"


@pytest.fixture(scope="module")
def strict(serving: Serving) -> Iterator[Served]:
    """A gateway whose first wait is longer than any test, and where one address may try as often as it likes."""
    away = f"http://127.0.0.1:{free_port()}"
    with serving(
        booking_url=away, tell_again_s=600, sign_in_delay_first_s=800, sign_ins_per_address="9999/minute"
    ) as served:
        yield served


@pytest.fixture
def at(strict: Served) -> Iterator[At]:
    """Return a new browser at an address."""
    with ExitStack() as stack:

        def browser(address: str) -> httpx.Client:
            there = httpx.HTTPTransport(local_address=address)
            return stack.enter_context(httpx.Client(base_url=f"{strict.url}/api/v1", transport=there, timeout=HANG_S))

        yield browser


def sign_in(
    browser: httpx.Client, business: Business, password: str = PASSWORD, *, named: bool = True
) -> httpx.Response:
    body = {"email": business.admin.email, "password": password, **({"organization": business.slug} if named else {})}
    return browser.post("/session", json=body)


def guess(browser: httpx.Client, business: Business, *, named: bool = True) -> list[int]:
    return [sign_in(browser, business, WRONG, named=named).status_code for _ in range(100)]


@pytest.mark.parametrize("named", [True, False])
def test_a_hundred_guesses_stop_whoever_made_them_and_nobody_elsewhere(
    business: Business, at: At, *, named: bool
) -> None:
    guesser = at(THERE)
    assert guess(guesser, business, named=named) == [401] * 5 + [429] * 95
    refused = sign_in(guesser, business, named=named)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 800
    assert refused.json()["detail"].startswith("There were too many wrong passwords. Please wait 1")
    assert " minutes and try again." in refused.json()["detail"]
    assert refused.json()["retryable"] is True
    assert sign_in(at(ELSEWHERE), business, named=named).status_code == 200


@pytest.mark.parametrize("named", [True, False])
def test_whose_browser_was_here_before_gets_in_beside_a_guesser(business: Business, at: At, *, named: bool) -> None:
    own = at(THERE)
    assert sign_in(own, business).status_code == 200
    assert own.delete("/session", headers={"x-csrf-token": own.get("/session").json()["csrf_token"]}).status_code == 204
    guess(at(THERE), business, named=named)
    assert sign_in(at(THERE), business, named=named).status_code == 429
    assert sign_in(own, business, named=named).status_code == 200


def test_guesses_at_one_business_keep_nobody_from_another(business: Business, strict: Served, at: At) -> None:
    other = Business(strict.url)
    email = business.admin.email
    signed_up = {"organization": other.slug, "name": "Ada", "email": email, "password": PASSWORD}
    assert other.anybody.post("/accounts", json=signed_up).status_code == 201
    guess(at(THERE), business)
    body = {"email": email, "password": PASSWORD, "organization": other.slug}
    assert at(THERE).post("/session", json=body).status_code == 200
    other.close()


def test_a_known_browser_that_guesses_is_slowed_down_as_well(business: Business, at: At) -> None:
    thief = at(THERE)
    assert sign_in(thief, business).status_code == 200
    assert guess(thief, business) == [401] * 5 + [429] * 95
    assert sign_in(thief, business).status_code == 429
    assert sign_in(at(ELSEWHERE), business).status_code == 200


def test_a_browser_that_is_known_at_ones_own_business_guesses_no_more_elsewhere(
    business: Business, strict: Served, at: At
) -> None:
    # Registered with the victim's e-mail and a password of their own: signing in there gives a fresh cookie every time.
    mine = Business(strict.url)
    email, own_password = business.admin.email, "the password of a thief"
    signed_up = {"organization": mine.slug, "name": "Eve", "email": email, "password": own_password}
    assert mine.anybody.post("/accounts", json=signed_up).status_code == 201
    eve, learned = at(THERE), []
    for _ in range(10):
        body = {"email": email, "password": own_password, "organization": mine.slug}
        assert eve.post("/session", json=body).status_code == 200
        learned += [sign_in(eve, business, WRONG, named=False).status_code for _ in range(3)]
    assert learned.count(401) == 5
    assert sign_in(eve, business, named=False).status_code == 429, "nor does the right one open it"
    mine.close()


@pytest.mark.parametrize("cookie", ["rubbish", "A" * 86, ""])
def test_a_made_up_cookie_opens_nothing(business: Business, at: At, cookie: str) -> None:
    guesser = at(THERE)
    guesser.cookies.set("packwalk-device", cookie)
    assert guess(guesser, business).count(401) == 5


def test_the_cookie_is_for_the_server_alone(business: Business, at: At, serving: Serving) -> None:
    browser = at(THERE)
    cookies = sign_in(browser, business).headers.get_list("set-cookie")
    [device] = [one.lower() for one in cookies if one.startswith("packwalk-device=")]
    assert {"httponly", "samesite=lax", "path=/"} <= set(device.split("; "))
    assert "secure" not in device
    with serving(booking_url=f"http://127.0.0.1:{free_port()}", cookie_secure="yes") as secure:
        body = {"email": business.admin.email, "password": PASSWORD, "organization": business.slug}
        answer = httpx.post(f"{secure.url}/api/v1/session", json=body, timeout=HANG_S)
    [device] = [one for one in answer.headers.get_list("set-cookie") if "-device=" in one]
    assert device.startswith("__Host-packwalk-device=")
    assert "; Secure" in device


def test_guesses_of_ones_own_password_are_slowed_down_and_sign_in_is_not(business: Business, at: At) -> None:
    browser = at(THERE)
    csrf = sign_in(browser, business).json()["csrf_token"]
    body = {"current_password": WRONG, "new_password": "another long password"}
    headers = {"x-csrf-token": csrf}
    seen = [browser.put("/session/password", json=body, headers=headers).status_code for _ in range(8)]
    assert seen == [422] * 5 + [429] * 3
    assert sign_in(browser, business).status_code == 200


def test_a_key_is_no_way_to_guess(business: Business, at: At) -> None:
    browser, headers = at(THERE), {"x-idempotency-key": str(uuid4())}
    body = {"organization": business.slug, "name": "Ann", "email": business.email("ann"), "password": PASSWORD}
    assert browser.post("/accounts", json=body, headers=headers).status_code == 201
    wrong = {**body, "password": WRONG}
    seen = [browser.post("/accounts", json=wrong, headers=headers).status_code for _ in range(8)]
    assert seen == [422] * 5 + [429] * 3
    elsewhere = at(ELSEWHERE).post("/accounts", json=body, headers=headers)
    assert (elsewhere.status_code, elsewhere.headers["idempotent-replayed"]) == (201, "true")
