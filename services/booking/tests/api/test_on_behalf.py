"""The office books for a customer: the account that acts and the customer are two."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from business import Business, book


@pytest.fixture(autouse=True)
def known(business: Business) -> None:
    """The gateway has told of both customers."""
    for customer, name in ((business.ann, "Ann"), (business.bob, "Bob")):
        account_id = customer.who.account_id
        body = {"role": "customer", "name": name}
        assert business.gateway(account_id).put(f"/internal/accounts/{account_id}", json=body).is_success


def ask(business: Business, path: str, body: dict[str, Any], key: Any = None) -> httpx.Response:
    """Let the office ask."""
    return business.office.post(path, json=body, headers={"x-idempotency-key": str(key or uuid4())})


def for_ann(business: Business, path: str) -> dict[str, Any]:
    """Write what the office asks for Ann."""
    wish = business.wish(business.ann, count=2) | {"on_behalf_of": str(business.ann.who.account_id)}
    if path.startswith("/series"):
        return wish
    named = ("service_id", "walker_id", "location_id", "dog_ids", "start_time", "on_behalf_of")
    return {"date": wish["starts_on"], **{name: wish[name] for name in named}}


@pytest.mark.parametrize("path", ["/bookings", "/series"])
def test_what_the_office_books_is_the_customers(business: Business, path: str) -> None:
    made = ask(business, path, for_ann(business, path))
    assert made.status_code == 201, made.text
    ann = str(business.ann.who.account_id)
    first = made.json()["bookings"][0] if path == "/series" else made.json()["booking"]
    assert first["customer_id"] == ann
    assert business.ann.http.get("/bookings").json()["items"][0]["id"] == first["id"]
    [(event,)] = business.rows("SELECT event::json FROM outbox WHERE organization_id = %s")
    assert event["data"]["by"]["role"] == "admin"
    assert event["data"]["by"]["account_id"] != ann


def test_a_preview_for_the_customer_is_the_customers_own(business: Business) -> None:
    body = for_ann(business, "/series")
    assert ask(business, "/series", body).status_code == 201
    shown = ask(business, "/series/preview", body).json()
    assert shown["occurrences"][0]["conflicts"][0]["cause"] == "own_booking"


def test_the_key_is_the_offices_own(business: Business) -> None:
    key, body = uuid4(), for_ann(business, "/series")
    first, again = ask(business, "/series", body, key), ask(business, "/series", body, key)
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    # The customer's key of the same name is another.
    of_ann = book(business.ann, business.wish(business.ann, count=1, start_time="14:00"), key)
    assert "idempotent-replayed" not in of_ann.headers
    bob = {**business.wish(business.bob, count=2), "on_behalf_of": str(business.bob.who.account_id)}
    assert ask(business, "/series", bob, key).json()["type"] == "/problems/idempotency-key-reused"


def test_others_dogs_and_unknown_customers_are_refused(business: Business) -> None:
    mixed = {**business.wish(business.bob), "on_behalf_of": str(business.ann.who.account_id)}
    refused = ask(business, "/series", mixed)
    assert [field["path"] for field in refused.json()["fields"]] == ["location_id", "dog_ids.0"]
    nobody = {**business.wish(business.ann), "on_behalf_of": str(uuid4())}
    unknown = ask(business, "/series", nobody)
    assert [field["path"] for field in unknown.json()["fields"]] == ["on_behalf_of"]
    assert business.count()["bookings"] == 0
    assert business.rows("SELECT count(*) FROM customers WHERE organization_id = %s AND id = %s", uuid4()) == [(0,)]


def test_only_the_office_books_for_others_and_it_says_for_whom(business: Business) -> None:
    for_bob = {**business.wish(business.ann), "on_behalf_of": str(business.bob.who.account_id)}
    assert book(business.ann, for_bob).status_code == 403
    own = {**business.wish(business.ann), "on_behalf_of": str(business.ann.who.account_id)}
    assert book(business.ann, own).status_code == 201
    assert ask(business, "/series", business.wish(business.ann)).status_code == 403
    sam = business.staff("walker", business.sam)
    headers = {"x-idempotency-key": str(uuid4())}
    assert sam.post("/series", json=for_bob, headers=headers).status_code == 403
