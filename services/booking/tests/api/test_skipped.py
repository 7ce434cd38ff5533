"""A date that a series skipped can be booked later, into the series: once, however many ask."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from anyio import to_thread

from booking import commit
from business import Business, Customer, book, next_monday, wall_clock

MONDAY = next_monday()


@pytest.fixture
def series(business: Business) -> dict[str, Any]:
    """Ann's series of ten Mondays at nine with Sam, of which she left out the first two."""
    dates = [str(MONDAY + timedelta(days=7 * n)) for n in range(2, 10)]
    answer = book(business.ann, business.wish(business.ann, accepted_dates=dates))
    assert answer.status_code == 201
    return dict(answer.json())


def book_skipped(
    who: Customer, series: dict[str, Any], day: Any = MONDAY, key: Any = None, **body: Any
) -> httpx.Response:
    """Book a skipped date, with a new key unless one is given."""
    return book(who, body, key, path=f"/series/{series['series']['id']}/skipped/{day}/book")


def instead(hour: int, walker: Any) -> dict[str, Any]:
    """Write a replacement on the first Monday."""
    return {"scheduled_start": f"{MONDAY}T{hour:02}:00:00Z", "walker_id": str(walker)}


def test_a_skipped_date_is_booked_into_its_series(business: Business, series: dict[str, Any]) -> None:
    answer = book_skipped(business.ann, series)
    assert answer.status_code == 201
    made, after = answer.json()["booking"], answer.json()["series"]
    assert (made["date"], made["scheduled_start"]) == (str(MONDAY), f"{MONDAY}T09:00:00Z")
    assert made["series_id"] == after["id"] == series["series"]["id"]
    assert (after["booking_count"], after["skipped_count"]) == (9, 1)
    whole = business.ann.http.get(f"/series/{after['id']}").json()
    assert whole["series"] == after
    assert [skip["booked_as"] for skip in whole["skipped"]] == [made["id"], None]
    assert whole["bookings"][0]["id"] == made["id"]
    [(event,)] = business.rows(
        "SELECT event::json FROM outbox WHERE organization_id = %s ORDER BY position DESC LIMIT 1"
    )
    assert (event["type"], event["data"]["change"]) == ("series.changed", "booked")
    assert [one["id"] for one in event["data"]["bookings"]] == [made["id"]]


def test_a_retry_with_its_key_gets_the_first_answer(business: Business, series: dict[str, Any]) -> None:
    key = uuid4()
    first, again = (book_skipped(business.ann, series, key=key) for _ in range(2))
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    other = book_skipped(business.ann, series, MONDAY + timedelta(days=7), key=key)
    assert other.json()["type"] == "/problems/idempotency-key-reused"
    assert business.count()["bookings"] == 9


def test_a_retry_that_meets_the_first_request_at_work_gets_its_answer(
    business: Business, series: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    key, read, others = uuid4(), commit.PlannedCommit._reread, list[httpx.Response]()

    async def overtaken(self: commit.PlannedCommit, request: Any) -> Any:
        # The first request commits after the retry looked for its key, and before it looks at the series.
        monkeypatch.setattr(commit.PlannedCommit, "_reread", read)
        others.append(await to_thread.run_sync(lambda: book_skipped(business.ann, series, key=key)))
        return await read(self, request)

    monkeypatch.setattr(commit.PlannedCommit, "_reread", overtaken)
    retry = book_skipped(business.ann, series, key=key)
    [first] = others
    assert (first.status_code, retry.status_code) == (201, 201)
    assert retry.content == first.content
    assert retry.headers["idempotent-replayed"] == "true"


def test_another_start_and_walker_may_take_the_place_of_the_rules(business: Business, series: dict[str, Any]) -> None:
    answer = book_skipped(business.ann, series, replacement=instead(14, business.priya))
    assert answer.status_code == 201, answer.text
    made = answer.json()["booking"]
    assert (made["scheduled_start"], made["walker_id"]) == (f"{MONDAY}T14:00:00Z", str(business.priya))


def test_a_date_that_is_not_free_says_why_and_what_would_work(business: Business, series: dict[str, Any]) -> None:
    business.block(business.sam, wall_clock(MONDAY, 9, 30))
    refused = book_skipped(business.ann, series)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/booking-conflicts")
    [only] = refused.json()["occurrences"]
    assert (only["date"], only["conflicts"][0]["cause"]) == (str(MONDAY), "another_walk")
    assert only["alternatives"]
    assert business.count()["bookings"] == 8


@pytest.mark.parametrize("hour", [9, 15])
def test_a_date_that_was_booked_already_is_refused_as_such(
    business: Business, series: dict[str, Any], hour: int
) -> None:
    assert book_skipped(business.ann, series).status_code == 201
    refused = book_skipped(business.ann, series, replacement=instead(hour, business.priya))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/duplicate-booking")
    assert "already" in refused.json()["detail"]


def test_of_many_who_book_one_skipped_date_at_once_one_does(business: Business, series: dict[str, Any]) -> None:
    # Hours that are free with either walker, so that nothing but the date itself stands between them.
    choices = [instead(hour, walker) for hour in (8, 10, 12, 14, 16) for walker in (business.sam, business.priya)]
    with ThreadPoolExecutor(len(choices)) as crowd:
        answers = list(crowd.map(lambda one: book_skipped(business.ann, series, replacement=one), choices))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (len(choices) - 1)
    assert business.count()["bookings"] == 9
    assert len(business.rows("SELECT FROM series_skips WHERE organization_id = %s AND booked_as IS NOT NULL")) == 1


def test_a_booking_that_is_cancelled_leaves_its_date_skipped_again(business: Business, series: dict[str, Any]) -> None:
    made = book_skipped(business.ann, series).json()["booking"]
    business.ann.http.post(f"/bookings/{made['id']}/cancel")
    whole = business.ann.http.get(f"/series/{series['series']['id']}").json()
    assert [skip["booked_as"] for skip in whole["skipped"]] == [None, None]
    assert book_skipped(business.ann, series).status_code == 201


def test_a_series_that_was_cancelled_goes_on_with_what_is_booked_into_it(
    business: Business, series: dict[str, Any]
) -> None:
    path = f"/series/{series['series']['id']}/cancel"
    assert business.ann.http.post(path, json={"scope": "all"}).json()["series"]["status"] == "cancelled"
    assert book_skipped(business.ann, series).json()["series"]["status"] == "active"


def test_nobody_else_books_it_and_nothing_that_was_not_skipped(business: Business, series: dict[str, Any]) -> None:
    office = business.staff("admin")
    path = f"/series/{series['series']['id']}/skipped/{MONDAY}/book"
    assert book_skipped(business.bob, series).status_code == 404
    assert office.post(path, headers={"x-idempotency-key": str(uuid4())}).status_code == 403
    for day in (MONDAY + timedelta(days=14), MONDAY + timedelta(days=1)):
        assert book_skipped(business.ann, series, day).status_code == 404
    assert business.ann.http.post(path).json()["type"] == "/problems/idempotency-key-missing"
    assert business.count()["bookings"] == 8


def test_what_cannot_be_booked_is_named_in_this_requests_words(business: Business, series: dict[str, Any]) -> None:
    nobody = book_skipped(business.ann, series, replacement=instead(9, uuid4()))
    assert [field["path"] for field in nobody.json()["fields"]] == ["replacement.walker_id"]
    elsewhere = {**instead(9, business.sam), "scheduled_start": f"{MONDAY + timedelta(days=1)}T09:00:00Z"}
    wrong = book_skipped(business.ann, series, replacement=elsewhere)
    assert [field["path"] for field in wrong.json()["fields"]] == ["replacement.scheduled_start"]
    business.execute("UPDATE series_skips SET date = current_date - 7 WHERE organization_id = %s AND date = %s", MONDAY)
    over = book_skipped(
        business.ann,
        series,
        business.rows("SELECT date FROM series_skips WHERE organization_id = %s ORDER BY date")[0][0],
    )
    assert (over.status_code, over.json()["fields"]) == (
        422,
        [{"path": "date", "message": "This day has passed already. Choose a later one."}],
    )
