"""Sessions: begun, ended, stolen, forged."""

import asyncio
from collections import Counter

import httpx
import psycopg
import pytest

from chassis.testing import HANG_S, Served, ServiceDatabase
from conftest import Serving
from people import PASSWORD, Business, Person


def refused(answer: httpx.Response, status: int, name: str) -> bool:
    return (answer.status_code, answer.json()["type"]) == (status, f"/problems/{name}")


def test_a_token_and_a_cookie_say_who_it_is(business: Business) -> None:
    ann = business.customer("ann")
    browser = business.browser()
    signed_in = browser.post("/session", json={"email": ann.email.upper(), "password": PASSWORD})
    assert signed_in.json()["account"] == ann.account
    cookie = signed_in.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert browser.get("/session").json()["account"]["id"] == ann.account["id"]
    assert browser.get("/session").json()["token"] is None, "no script may read the cookie's token"
    assert ann.client.get("/session").json()["account"]["id"] == ann.account["id"]


@pytest.mark.parametrize("email", ["admin", "nobody"])
def test_a_wrong_password_and_an_unknown_email_read_the_same(business: Business, email: str) -> None:
    answer = business.sign_in(business.email(email), "not-the-password")
    assert refused(answer, 401, "wrong-credentials")
    assert answer.json()["detail"] == "We know no account with this e-mail and password."


def test_signing_out_ends_the_session_for_whoever_stole_it(business: Business) -> None:
    ann = business.customer("ann")
    assert ann.client.get("/services").status_code == 200
    assert ann.client.delete("/session").status_code == 204
    for path in ("/session", "/services"):
        stolen = business.anybody.get(path, headers={"authorization": f"Bearer {ann.token}"})
        assert refused(stolen, 401, "not-signed-in")


def test_another_password_ends_every_session(business: Business) -> None:
    ann = business.customer("ann")
    again = business.signed_in(ann.email)
    wish = {"current_password": PASSWORD, "new_password": "something else"}
    wrong = ann.client.put("/session/password", json={**wish, "current_password": "wrong"})
    assert wrong.json()["fields"][0]["path"] == "current_password"
    assert ann.client.put("/session/password", json=wish).status_code == 204
    assert again.client.get("/session").status_code == 401
    assert business.sign_in(ann.email).status_code == 401
    assert business.sign_in(ann.email, "something else").status_code == 200


def test_whoever_stole_an_admins_session_cannot_keep_the_account_by_setting_a_password(business: Business) -> None:
    theirs = change(business, business.admin, name="Mallory", password="something else")
    assert refused(theirs, 422, "invalid-request")
    assert [field["path"] for field in theirs.json()["fields"]] == ["password"]
    assert business.sign_in(business.admin.email, "something else").status_code == 401
    assert business.sign_in(business.admin.email).json()["account"] == business.admin.account, "nothing else is changed"


def change(business: Business, person: Person, **changes: object) -> httpx.Response:
    return business.admin.client.patch(f"/organization/accounts/{person.account['id']}", json=changes)


def test_whose_account_is_closed_is_out_at_once_and_hears_why(business: Business) -> None:
    sam = business.walker("sam")
    assert change(business, sam, active=False).json()["account"]["active"] is False
    for path in ("/session", "/walkers", "/notifications/stream"):
        out = sam.client.get(path)
        assert refused(out, 401, "account-closed")
        assert out.json()["detail"].startswith("River has closed this account. Please ask their office")
    again = business.sign_in(sam.email)
    assert refused(again, 403, "account-closed")
    assert again.json()["detail"] == out.json()["detail"]


def test_that_an_account_is_closed_is_told_only_to_whom_knows_its_password(business: Business) -> None:
    sam, ann = business.walker("sam"), business.customer("ann")
    assert change(business, sam, active=False).status_code == 200
    assert refused(business.sign_in(sam.email, "not-the-password"), 401, "wrong-credentials")
    body = {"organization": business.slug, "name": "Sam", "password": PASSWORD}
    closed, in_use = (business.anybody.post("/accounts", json={**body, "email": one.email}) for one in (sam, ann))
    assert refused(closed, 409, "email-taken")
    assert closed.json()["detail"] == in_use.json()["detail"]


def test_an_account_that_is_opened_again_begins_a_new_session(business: Business) -> None:
    sam = business.walker("sam")
    change(business, sam, active=False)
    change(business, sam, active=True)
    assert refused(sam.client.get("/session"), 401, "not-signed-in")
    assert business.sign_in(sam.email).status_code == 200


def test_who_is_renamed_and_said_to_be_open_stays_signed_in(business: Business) -> None:
    sam = business.walker("sam")
    assert change(business, sam, name="Sam Okafor", active=True).status_code == 200
    assert sam.client.get("/session").json()["account"]["name"] == "Sam Okafor"


def test_an_account_that_is_closed_here_does_not_stand_before_one_elsewhere(
    gateway: Served, business: Business
) -> None:
    other = Business(gateway.url)
    email = business.email("both")
    for slug in (business.slug, other.slug):
        body = {"organization": slug, "name": "Bo", "email": email, "password": PASSWORD}
        assert business.anybody.post("/accounts", json=body).status_code == 201
    [bo] = [one for one in business.admin.client.get("/organization/accounts").json()["items"] if one["email"] == email]
    business.admin.client.patch(f"/organization/accounts/{bo['id']}", json={"active": False})
    signed_in = business.anybody.post("/session", json={"email": email, "password": PASSWORD})
    assert signed_in.json()["account"]["organization_id"] == other.organization["id"]
    assert refused(business.sign_in(email), 403, "account-closed")
    other.close()


def test_a_session_says_in_what_country_the_business_is(business: Business) -> None:
    assert business.sign_in(business.admin.email).json()["country"] == "GB"
    business.anybody.cookies.clear()
    for zone, country in (("America/New_York", "US"), ("UTC", None)):
        assert business.admin.client.patch("/organization", json={"time_zone": zone}).json()["country"] == country
        assert business.admin.client.get("/session").json()["country"] == country


def test_admins_cannot_lock_themselves_out(business: Business) -> None:
    own = f"/organization/accounts/{business.admin.account['id']}"
    answer = business.admin.client.patch(own, json={"active": False})
    assert answer.json()["fields"][0]["path"] == "active"


def test_signing_in_never_takes_over_a_session_that_was_brought(business: Business) -> None:
    browser = business.browser()
    browser.cookies.set("packwalk", "chosen-by-an-attacker")
    signed_in = browser.post("/session", json={"email": business.admin.email, "password": PASSWORD})
    assert signed_in.json()["token"] != "chosen-by-an-attacker"
    fixed = business.anybody.get("/session", headers={"cookie": "packwalk=chosen-by-an-attacker"})
    assert refused(fixed, 401, "not-signed-in")


def test_a_write_with_the_cookie_needs_the_csrf_token(business: Business) -> None:
    browser = business.browser()
    csrf = browser.post("/session", json={"email": business.admin.email, "password": PASSWORD}).json()["csrf_token"]
    for path, body in (("/organization", {"name": "Hijacked"}), ("/services/x", {})):
        assert refused(browser.patch(path, json=body), 403, "csrf-token-invalid")
        assert refused(browser.patch(path, json=body, headers={"x-csrf-token": "0" * 64}), 403, "csrf-token-invalid")
    assert browser.get("/organization").json()["name"] == "River"
    assert browser.patch("/organization", json={"name": "Stream"}, headers={"x-csrf-token": csrf}).status_code == 200


def test_another_sites_page_cannot_sign_its_visitor_in(business: Business) -> None:
    body = {"email": business.admin.email, "password": PASSWORD}
    answer = business.anybody.post("/session", json=body, headers={"sec-fetch-site": "cross-site"})
    assert refused(answer, 403, "csrf-token-invalid")


@pytest.mark.parametrize("value", ["Bearer", "Basic YTpi", "Bearer made-up", "Bearer \xff\xfe"])
def test_what_is_no_token_is_refused_even_beside_a_good_cookie(business: Business, value: str) -> None:
    headers = {"authorization": value.encode("latin-1"), "cookie": f"packwalk={business.admin.token}".encode()}
    for path in ("/session", "/services"):
        assert refused(business.anybody.get(path, headers=headers), 401, "not-signed-in")


def test_neither_tokens_nor_passwords_are_in_the_database(business: Business, database: ServiceDatabase) -> None:
    with psycopg.connect(database.admin_url) as connection:
        hashes = connection.execute("SELECT token_hash FROM sessions").fetchall()
        stored = connection.execute("SELECT password_hash FROM accounts").fetchall()
    assert hashes
    assert all(business.admin.token.encode() not in row[0] for row in hashes)
    assert all(row[0].startswith("$argon2id$") for row in stored if row[0])


def test_a_session_that_ended_is_none(business: Business, database: ServiceDatabase) -> None:
    ann = business.customer("ann")
    with psycopg.connect(database.admin_url) as connection:
        connection.execute(
            "UPDATE sessions SET ends_at = now() - interval '1 second' WHERE account_id = %s", (ann.account["id"],)
        )
    assert ann.client.get("/session").status_code == 401


async def test_guesses_at_once_learn_no_more_than_guesses_in_turn(serving: Serving, business: Business) -> None:
    with serving(sign_in_failures_free=3, sign_in_delay_first_s=800) as strict:
        async with httpx.AsyncClient(base_url=f"{strict.url}/api/v1", timeout=HANG_S) as client:
            body = {"email": business.admin.email, "password": "a wrong guess"}
            guesses = await asyncio.gather(*(client.post("/session", json=body) for _ in range(30)))
            seen = Counter(guess.status_code for guess in guesses)
            assert seen == {401: 3, 429: 27}
            late = await client.post("/session", json={**body, "password": PASSWORD})
            assert late.status_code == 429
            assert int(late.headers["retry-after"]) >= 1
            assert late.json()["retryable"] is True


def test_writes_are_limited_by_account(serving: Serving, business: Business) -> None:
    with serving(writes_per_account="2/day") as strict:
        admin = {"authorization": f"Bearer {business.admin.token}"}
        url = f"{strict.url}/api/v1/organization"
        answers = [
            httpx.patch(url, json={"name": "River"}, headers=admin, timeout=HANG_S).status_code for _ in range(3)
        ]
        assert answers == [200, 200, 429]
        assert httpx.get(url, headers=admin, timeout=HANG_S).status_code == 200
