"""However often a submission is sent, it is booked once, and every answer is the first one."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest

from business import Business, book


def test_a_retry_gets_the_first_answer_byte_for_byte(business: Business) -> None:
    key = uuid4()
    first = book(business.ann, business.wish(business.ann), key)
    again = book(business.ann, business.wish(business.ann), key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert again.content == first.content
    assert business.count()["recurring_booking_series"] == 1


def test_the_order_of_fields_does_not_matter_but_their_values_do(business: Business) -> None:
    key, wish = uuid4(), business.wish(business.ann)
    first = book(business.ann, wish, key)
    assert book(business.ann, dict(reversed(wish.items())), key).content == first.content
    other = book(business.ann, {**wish, "count": 9}, key)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")


def test_one_key_is_not_another_endpoints(business: Business) -> None:
    key, wish = uuid4(), business.wish(business.ann, count=1)
    book(business.ann, wish, key)
    single = {k: wish[k] for k in ("service_id", "walker_id", "location_id", "dog_ids", "start_time")}
    other = book(business.ann, {**single, "date": wish["starts_on"]}, key, path="/bookings")
    assert other.json()["type"] == "/problems/idempotency-key-reused"


def test_a_hundred_at_once_make_one_series(business: Business) -> None:
    key, wish = uuid4(), business.wish(business.ann)

    def submit(_: int) -> httpx.Response:
        return book(business.ann, wish, key)

    with ThreadPoolExecutor(100) as crowd:
        answers = list(crowd.map(submit, range(100)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert business.count()["recurring_booking_series"] == 1


def test_two_customers_may_use_the_same_key(business: Business) -> None:
    key = uuid4()
    assert book(business.ann, business.wish(business.ann), key).status_code == 201
    bobs = book(business.bob, business.wish(business.bob, start_time="14:00"), key)
    assert bobs.status_code == 201
    assert "idempotent-replayed" not in bobs.headers


def test_after_a_day_the_key_is_free_again(business: Business) -> None:
    key = uuid4()
    book(business.ann, business.wish(business.ann), key)
    [(kept, until)] = business.rows(
        "SELECT idempotency_key, extract(hour FROM idempotency_expires_at - now() + interval '1 minute') + 24 * "
        "extract(day FROM idempotency_expires_at - now() + interval '1 minute')"
        " FROM recurring_booking_series WHERE organization_id = %s"
    )
    assert (kept, until) == (key, 24)
    business.execute("UPDATE idempotency_keys SET expires_at = now() WHERE organization_id = %s")
    again = book(business.ann, business.wish(business.ann, start_time="14:00"), key)
    assert again.status_code == 201
    assert "idempotent-replayed" not in again.headers
    assert business.count()["recurring_booking_series"] == 2
    assert book(business.ann, business.wish(business.ann, start_time="14:00"), key).content == again.content


def test_an_answer_that_was_made_under_the_locks_is_kept_as_well(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Every plan goes stale; the third try plans while it holds the locks, and asks no more.
    monkeypatch.setattr("booking.commit._as_planned", lambda *_: False)
    key, wish = uuid4(), business.wish(business.ann)
    first, again = book(business.ann, wish, key), book(business.ann, wish, key)
    assert first.status_code == 201
    assert again.headers["idempotent-replayed"] == "true"
    assert again.content == first.content
    assert business.count()["recurring_booking_series"] == 1


def test_a_refusal_is_not_kept_and_a_retry_is_judged_afresh(business: Business) -> None:
    key, wish = uuid4(), business.wish(business.bob)
    book(business.ann, business.wish(business.ann))
    assert book(business.bob, wish, key).status_code == 409
    business.execute("UPDATE calendar_blocks SET released_at = now() WHERE organization_id = %s")
    assert book(business.bob, wish, key).status_code == 201


def test_a_replay_is_given_even_when_the_wish_is_impossible_by_now(business: Business) -> None:
    key, wish = uuid4(), business.wish(business.ann)
    first = book(business.ann, wish, key)
    business.execute("UPDATE dogs SET deleted_at = now() WHERE organization_id = %s")
    assert book(business.ann, wish, key).content == first.content
    assert book(business.ann, wish).status_code == 422


def test_a_retry_after_an_upgrade_gets_the_answer_of_the_version_before(business: Business) -> None:
    key, wish = uuid4(), business.wish(business.ann)
    first = book(business.ann, wish, key)
    # That version's fingerprints began with nothing, and cannot be compared.
    business.execute("UPDATE idempotency_keys SET fingerprint = repeat('a', 64) WHERE organization_id = %s")
    again = book(business.ann, wish, key)
    assert (again.status_code, again.content) == (201, first.content)


def test_a_key_is_required_and_is_a_uuid(business: Business) -> None:
    wish = business.wish(business.ann)
    missing = business.ann.http.post("/series", json=wish)
    assert (missing.status_code, missing.json()["type"]) == (400, "/problems/idempotency-key-missing")
    invalid = book(business.ann, wish, "not-a-uuid")
    assert (invalid.status_code, invalid.json()["type"]) == (400, "/problems/idempotency-key-invalid")
    assert business.count()["bookings"] == 0


def test_the_standard_header_is_taken_as_well_quoted_or_not(business: Business) -> None:
    key, wish = uuid4(), business.wish(business.ann)
    first = book(business.ann, wish, key)
    for written in (f'"{key}"', str(key), str(key).upper()):
        again = business.ann.http.post("/series", json=wish, headers={"idempotency-key": written})
        assert again.content == first.content
