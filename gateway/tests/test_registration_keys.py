"""A business, an account of one's own and an account by the office are made once for a key; a key alone gives nothing away."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from chassis.testing import ServiceDatabase, eventually, free_port
from conftest import Serving
from people import PASSWORD, Business

Body = dict[str, Any]


@dataclass(frozen=True)
class Made:
    """What is made: where, from what, and who asks."""

    path: str
    body: Callable[[Business, str], Body]
    by_office: bool = False

    def send(self, business: Business, body: Body, key: UUID | str | None) -> httpx.Response:
        client = business.admin.client if self.by_office else business.anybody
        return client.post(self.path, json=body, headers={"x-idempotency-key": str(key)} if key else {})


def account(business: Business, name: str) -> Body:
    return {"organization": business.slug, "name": name, "email": business.email(name), "password": PASSWORD}


def walker(business: Business, name: str) -> Body:
    return {"role": "walker", "name": name, "email": business.email(name), "password": PASSWORD}


def organization(business: Business, name: str) -> Body:
    return {**business.wish(name), "slug": f"{name}-{uuid4().hex[:12]}"}


def with_password(body: Body, password: str) -> Body:
    return (
        {**body, "admin": {**body["admin"], "password": password}}
        if "admin" in body
        else {**body, "password": password}
    )


KINDS = {
    "account": Made("/accounts", account),
    "walker": Made("/organization/accounts", walker, by_office=True),
    "business": Made("/organizations", organization),
}
of_every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())


@of_every_kind
def test_a_retry_gets_the_first_answer_instead_of_what_it_made_itself_in_the_way(
    business: Business, kind: Made
) -> None:
    key, body = uuid4(), kind.body(business, "ann")
    first, again = kind.send(business, body, key), kind.send(business, body, key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert again.content == first.content
    assert kind.send(business, body, None).status_code in (409, 422), "without the key it is in the way"


@of_every_kind
def test_32_at_once_make_one(business: Business, kind: Made, database: ServiceDatabase) -> None:
    key, body = uuid4(), kind.body(business, "ann")
    with ThreadPoolExecutor(32) as crowd:
        answers = list(crowd.map(lambda _: kind.send(business, body, key), range(32)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    with psycopg.connect(database.admin_url) as admin:
        ids = (answers[0].json()["account"]["organization_id"], answers[0].json()["account"]["email"])
        made = admin.execute("SELECT count(*) FROM accounts WHERE organization_id = %s AND email = %s", ids).fetchone()
    assert made == (1,)


@of_every_kind
def test_whoever_has_the_key_and_not_the_rest_learns_nothing(business: Business, kind: Made) -> None:
    key, body = uuid4(), kind.body(business, "ann")
    made = kind.send(business, body, key).json()
    for other in (with_password(body, "another-password"), {**body, "name": "Mallory"}, kind.body(business, "bob")):
        answer = kind.send(business, other, key)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/idempotency-key-reused")
        assert made["account"]["id"] not in answer.text
        assert body["name"] not in answer.json()["detail"]


@of_every_kind
def test_a_key_that_is_no_uuid_is_refused(business: Business, kind: Made) -> None:
    answer = kind.send(business, kind.body(business, "ann"), "not-a-uuid")
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/idempotency-key-invalid")


def test_two_who_happen_on_one_key_for_different_things_do_not_meet(business: Business) -> None:
    key = uuid4()
    for kind in KINDS.values():
        assert kind.send(business, kind.body(business, f"n{len(kind.path)}"), key).status_code == 201


def test_a_retry_is_replayed_though_the_password_was_changed_since(business: Business) -> None:
    key, kind = uuid4(), KINDS["account"]
    body = account(business, "ann")
    first = kind.send(business, body, key)
    ann = business.signed_in(business.email("ann"))
    wish = {"current_password": PASSWORD, "new_password": "something else"}
    assert ann.client.put("/session/password", json=wish).status_code == 204
    assert kind.send(business, body, key).content == first.content


def test_a_refusal_leaves_the_key_free(business: Business) -> None:
    key, kind = uuid4(), KINDS["account"]
    body = account(business, "ann")
    assert kind.send(business, {**body, "organization": "no-such-business"}, key).status_code == 422
    assert kind.send(business, {**body, "email": business.admin.email}, key).status_code == 409
    assert kind.send(business, body, key).status_code == 201


def test_no_password_can_be_tried_fast_on_what_the_keys_table_holds(
    business: Business, database: ServiceDatabase
) -> None:
    key, kind = uuid4(), KINDS["account"]
    body = account(business, "ann")
    assert kind.send(business, body, key).status_code == 201
    with psycopg.connect(database.admin_url) as admin:
        row = admin.execute("SELECT fingerprint, response FROM idempotency_keys WHERE key = %s", (key,)).fetchone()
    assert row
    digest, _, of_password = row[0].partition(" ")
    assert of_password.startswith("$argon2id$")
    assert PASSWORD not in row[0] + row[1]
    with psycopg.connect(database.admin_url) as admin:
        admin.execute("DELETE FROM idempotency_keys WHERE key = %s", (key,))
        admin.execute("DELETE FROM accounts WHERE email = %s", (body["email"],))
    assert kind.send(business, with_password(body, "quite another"), key).status_code == 201
    with psycopg.connect(database.admin_url) as admin:
        again = admin.execute("SELECT fingerprint FROM idempotency_keys WHERE key = %s", (key,)).fetchone()
    assert again
    assert again[0].partition(" ")[0] == digest, "the digest does not depend on the password"


def test_expired_keys_are_swept(serving: Serving, business: Business, database: ServiceDatabase) -> None:
    key, kind = uuid4(), KINDS["account"]
    assert kind.send(business, account(business, "ann"), key).status_code == 201

    def rows() -> int:
        with psycopg.connect(database.admin_url) as admin:
            return admin.execute("SELECT key FROM idempotency_keys WHERE key = %s", (key,)).rowcount

    assert rows() == 1
    with psycopg.connect(database.admin_url) as admin:
        admin.execute("UPDATE idempotency_keys SET expires_at = now() WHERE key = %s", (key,))
    with serving(booking_url=f"http://127.0.0.1:{free_port()}"):
        eventually(lambda: rows() == 0, "the expired key is gone")
