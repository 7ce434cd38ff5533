"""Whatever is sent, the answer names what is wrong, and nothing is written."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from business import Business, book, next_monday

MONDAY = next_monday()
TODAY = datetime.now(UTC).date()


@pytest.mark.parametrize(
    ("change", "status", "problem", "field"),
    [
        ({"starts_on": "2027-02-30"}, 422, "invalid-request", "starts_on"),
        ({"starts_on": "soon"}, 422, "invalid-request", "starts_on"),
        ({"starts_on": 20270104}, 422, "invalid-request", "starts_on"),
        ({"starts_on": None}, 422, "invalid-request", "starts_on"),
        ({"starts_on": str(TODAY - timedelta(days=2))}, 422, "invalid-request", "starts_on"),
        ({"starts_on": "9999-12-31"}, 422, "invalid-request", "starts_on"),
        ({"start_time": "25:00"}, 422, "invalid-request", "start_time"),
        ({"start_time": "9:00"}, 422, "invalid-request", "start_time"),
        ({"start_time": 900}, 422, "invalid-request", "start_time"),
        ({"weekdays": []}, 422, "invalid-request", "weekdays"),
        ({"weekdays": ["MO", "MO"]}, 422, "invalid-request", "weekdays"),
        ({"weekdays": ["Monday"]}, 422, "invalid-request", "weekdays.0"),
        ({"weekdays": "MO"}, 422, "invalid-request", "weekdays"),
        ({"interval_weeks": 0}, 422, "invalid-request", "interval_weeks"),
        ({"interval_weeks": 53}, 422, "invalid-request", "interval_weeks"),
        ({"interval_weeks": 1.0}, 422, "invalid-request", "interval_weeks"),
        ({"interval_weeks": "1"}, 422, "invalid-request", "interval_weeks"),
        ({"interval_weeks": True}, 422, "invalid-request", "interval_weeks"),
        ({"count": 0}, 422, "invalid-request", "count"),
        ({"count": 367}, 422, "too-many-occurrences", "count"),
        ({"count": 10_000}, 422, "too-many-occurrences", "count"),
        ({"count": 10**30}, 422, "too-many-occurrences", "count"),
        ({"count": 100, "interval_weeks": 2}, 422, "too-many-occurrences", "count"),
        ({"count": None}, 422, "invalid-request", "until"),
        ({"until": str(MONDAY)}, 422, "invalid-request", "until"),
        ({"count": None, "until": str(MONDAY - timedelta(days=1))}, 422, "invalid-request", "until"),
        ({"count": None, "until": "9999-12-31"}, 422, "too-many-occurrences", "until"),
        (
            {"count": None, "until": str(MONDAY + timedelta(days=700)), "weekdays": ["MO", "TU", "WE", "TH", "FR"]},
            422,
            "too-many-occurrences",
            "until",
        ),
        (
            {"count": None, "until": str(MONDAY + timedelta(days=2)), "weekdays": ["TH"]},
            422,
            "no-occurrences",
            "until",
        ),
        ({"accepted_dates": []}, 422, "no-occurrences", "accepted_dates"),
        ({"accepted_dates": [str(MONDAY + timedelta(days=1))]}, 422, "invalid-request", "accepted_dates.0"),
        ({"accepted_dates": ["x"]}, 422, "invalid-request", "accepted_dates.0"),
        ({"accepted_dates": [str(MONDAY)] * 2}, 422, "invalid-request", "accepted_dates"),
        ({"dog_ids": []}, 422, "invalid-request", "dog_ids"),
        ({"dog_ids": [str(uuid4())]}, 422, "invalid-request", "dog_ids.0"),
        ({"dog_ids": ["a\x00b"]}, 422, "invalid-request", "dog_ids.0"),
        ({"service_id": str(uuid4())}, 422, "invalid-request", "service_id"),
        ({"service_id": "1"}, 422, "invalid-request", "service_id"),
        ({"service_id": 1}, 422, "invalid-request", "service_id"),
        ({"walker_id": str(uuid4())}, 422, "invalid-request", "walker_id"),
        ({"location_id": str(uuid4())}, 422, "invalid-request", "location_id"),
        ({"price_cents": 1}, 422, "invalid-request", "price_cents"),
        ({"customer_id": str(uuid4())}, 422, "invalid-request", "customer_id"),
        ({"replacements": [{"date": str(MONDAY)}]}, 422, "invalid-request", "replacements.0.scheduled_start"),
    ],
)
def test_an_impossible_series_names_its_field(
    business: Business, change: dict[str, Any], status: int, problem: str, field: str
) -> None:
    wish = {**business.wish(business.ann), **change}
    for answer in (book(business.ann, wish), business.ann.http.post("/series/preview", json=wish)):
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"] == f"/problems/{problem}"
        assert field in [one["path"] for one in answer.json()["fields"]]
    assert set(business.count().values()) == {0}


@pytest.mark.parametrize(
    ("moved", "field"),
    [
        ({"date": str(MONDAY + timedelta(days=1))}, "replacements.0.date"),
        ({"scheduled_start": f"{MONDAY + timedelta(days=1)}T09:00:00Z"}, "replacements"),
        ({"walker_id": str(uuid4())}, "replacements.0.walker_id"),
        ({"scheduled_start": "2026-12-07"}, "replacements.0.scheduled_start"),
        ({"scheduled_start": "0001-01-01T00:00:00Z"}, "replacements.0.scheduled_start"),
        ({"scheduled_start": "9999-12-31T23:59:59Z"}, "replacements.0.scheduled_start"),
    ],
)
def test_an_impossible_alternative_names_its_field(business: Business, moved: dict[str, Any], field: str) -> None:
    good = {"date": str(MONDAY), "scheduled_start": f"{MONDAY}T11:00:00Z", "walker_id": str(business.priya)}
    wish = business.wish(business.ann, accepted_dates=[str(MONDAY)], replacements=[{**good, **moved}])
    refused = book(business.ann, wish)
    assert refused.status_code == 422
    assert field in [one["path"] for one in refused.json()["fields"]]
    assert book(business.ann, {**wish, "replacements": [good]}).status_code == 201


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"[]", 422),
        (b"null", 422),
        (b'"text"', 422),
        (b"\xff\xfe", 400),
        (b'{"service_id": "\\ud800"}', 422),
        (b'{"a":' * 2000 + b"1" + b"}" * 2000, 400),
        (b"[" * 100_000, 400),
        (b'{"x": "' + b"y" * 300_000 + b'"}', 413),
        (b'{"count": 1e400}', 422),
        (b'{"count": NaN}', 422),
    ],
)
def test_a_body_that_is_no_series_is_a_problem_and_never_a_defect(business: Business, body: bytes, status: int) -> None:
    headers = {"content-type": "application/json", "x-idempotency-key": str(uuid4())}
    answer = business.ann.http.post("/series", content=body, headers=headers)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.status_code in (status, 422)
    assert answer.status_code < 500
    assert set(business.count().values()) == {0}


def test_a_start_that_has_passed_today_is_refused_by_its_time(business: Business) -> None:
    day = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[TODAY.weekday()]
    wish = business.wish(business.ann, starts_on=str(TODAY), start_time="00:00", weekdays=[day], count=2)
    refused = book(business.ann, wish)
    assert (refused.status_code, refused.json()["fields"][0]["path"]) == (422, "start_time")


def test_only_customers_book(business: Business) -> None:
    wish = business.wish(business.ann)
    for role in ("admin", "walker"):
        staff = business.staff(role)  # type: ignore[arg-type]
        for path in ("/series", "/series/preview"):
            answer = staff.post(path, json=wish, headers={"x-idempotency-key": str(uuid4())})
            assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-allowed")
