"""What is made with a key is made once, however often it is sent; what is made without one is made as often as it is sent."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from business import Business, next_monday, wall_clock


@dataclass(frozen=True)
class Made:
    """A kind of thing: who makes it, where, from what, and what would be another."""

    client: Callable[[Business], httpx.Client]
    path: Callable[[Business], str]
    table: str
    body: dict[str, Any]
    other: dict[str, Any]

    def send(
        self, business: Business, key: UUID | str | None = None, body: dict[str, Any] | None = None
    ) -> httpx.Response:
        headers = {"x-idempotency-key": str(key)} if key else {}
        return self.client(business).post(self.path(business), json=body or self.body, headers=headers)

    def count(self, business: Business) -> int:
        [(count,)] = business.rows(f"SELECT count(*) FROM {self.table} WHERE organization_id = %s")
        return int(count)


def anns(business: Business) -> httpx.Client:
    return business.ann.http


def offices(business: Business) -> httpx.Client:
    return business.office


HOME = {"label": "Work", "address": "1 Mill Lane", "lat": 51.5, "lng": -0.1}
WALK = {"kind": "walk", "name": "Long walk", "duration_minutes": 120, "price_cents": 3400}
DAY = wall_clock(next_monday(), 0).isoformat()
LATER = wall_clock(next_monday(3), 0).isoformat()
KINDS = {
    "dog": Made(anns, lambda _: "/dogs", "dogs", {"name": "Juno"}, {"name": "Rex"}),
    "location": Made(anns, lambda _: "/locations", "locations", HOME, {**HOME, "lat": 51.6}),
    "service": Made(offices, lambda _: "/services", "services", WALK, {**WALK, "price_cents": 1}),
    "time off": Made(
        offices,
        lambda business: f"/walkers/{business.sam}/time-off",
        "calendar_blocks",
        {"starts_at": DAY, "ends_at": wall_clock(next_monday(), 12).isoformat()},
        {"starts_at": LATER, "ends_at": wall_clock(next_monday(3), 12).isoformat()},
    ),
}
of_every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())


@of_every_kind
def test_a_retry_gets_the_first_answer_and_makes_nothing(business: Business, kind: Made) -> None:
    key, before = uuid4(), kind.count(business)
    first, again = kind.send(business, key), kind.send(business, key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert again.content == first.content
    assert kind.count(business) == before + 1


@of_every_kind
def test_a_key_is_not_for_something_else(business: Business, kind: Made) -> None:
    key = uuid4()
    assert kind.send(business, key).status_code == 201
    before = kind.count(business)
    other = kind.send(business, key, kind.other)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert kind.count(business) == before


@of_every_kind
def test_32_at_once_make_one(business: Business, kind: Made) -> None:
    key, before = uuid4(), kind.count(business)
    with ThreadPoolExecutor(32) as crowd:
        answers = list(crowd.map(lambda _: kind.send(business, key), range(32)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert kind.count(business) == before + 1


@of_every_kind
def test_a_key_that_is_no_uuid_is_refused(business: Business, kind: Made) -> None:
    before = kind.count(business)
    invalid = kind.send(business, "not-a-uuid")
    assert (invalid.status_code, invalid.json()["type"]) == (400, "/problems/idempotency-key-invalid")
    assert kind.count(business) == before


def test_without_a_key_each_request_makes_its_own(business: Business) -> None:
    dog = KINDS["dog"]
    before = dog.count(business)
    assert dog.send(business).json()["id"] != dog.send(business).json()["id"]
    assert dog.count(business) == before + 2


def test_what_is_left_out_and_what_is_said_to_be_its_default_are_the_same(business: Business) -> None:
    key, dog = uuid4(), KINDS["dog"]
    first = dog.send(business, key)
    assert (
        dog.send(business, key, {"group_preference": "ask", "breed": None, "name": " Juno "}).content == first.content
    )


def test_a_key_of_one_thing_is_not_another_things(business: Business) -> None:
    key = uuid4()
    assert KINDS["dog"].send(business, key).status_code == 201
    assert KINDS["location"].send(business, key).json()["type"] == "/problems/idempotency-key-reused"


def test_two_customers_may_use_the_same_key(business: Business) -> None:
    headers = {"x-idempotency-key": str(uuid4())}
    made = [one.http.post("/dogs", json={"name": "Juno"}, headers=headers) for one in (business.ann, business.bob)]
    assert [answer.status_code for answer in made] == [201, 201]
    assert made[0].json()["id"] != made[1].json()["id"]


def test_a_refusal_leaves_the_key_free(business: Business) -> None:
    key, off = uuid4(), KINDS["time off"]
    inside = wall_clock(next_monday(), 9)
    block = business.block(business.sam, inside, kind="time_off")
    assert off.send(business, key).status_code == 422
    business.execute("DELETE FROM calendar_blocks WHERE organization_id = %s AND id = %s", block)
    made = off.send(business, key)
    assert (made.status_code, "idempotent-replayed" in made.headers) == (201, False)


def test_after_a_day_the_key_is_free_again(business: Business) -> None:
    key, dog = uuid4(), KINDS["dog"]
    first = dog.send(business, key)
    business.execute("UPDATE idempotency_keys SET expires_at = now() WHERE organization_id = %s")
    again = dog.send(business, key)
    assert "idempotent-replayed" not in again.headers
    assert again.json()["id"] != first.json()["id"]
