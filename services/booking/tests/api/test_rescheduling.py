"""A walk is moved to another time or walker: the same booking, judged as a new one would be, and never in its own way."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from business import Business, Customer, book, next_monday, overlapping, wall_clock

MONDAY = next_monday()
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def walk(business: Business) -> dict[str, Any]:
    """Ann's walk on a Monday at nine with Sam."""
    return one_walk(business, business.ann)


def one_walk(business: Business, customer: Customer, **changes: Any) -> dict[str, Any]:
    wish = business.wish(customer, **changes)
    named = ("service_id", "walker_id", "location_id", "dog_ids", "start_time")
    made = book(customer, {"date": wish["starts_on"], **{name: wish[name] for name in named}}, path="/bookings")
    assert made.status_code == 201, made.text
    return dict(made.json()["booking"])


def move(
    http: httpx.Client, walk: dict[str, Any], at: str, day: date = MONDAY, key: Any = None, **body: Any
) -> httpx.Response:
    """Reschedule a walk, with a new key unless one is given."""
    headers = {"x-idempotency-key": str(key or uuid4())}
    body = {"date": str(day), "start_time": at, **body}
    return http.post(f"/bookings/{walk['id']}/reschedule", json=body, headers=headers)


def standing(business: Business) -> list[tuple[Any, ...]]:
    """Return the walkers and starts of the blocks that are taken."""
    return business.rows(
        "SELECT walker_id, starts_at FROM calendar_blocks WHERE organization_id = %s AND released_at IS NULL ORDER BY 2"
    )


def last_event(business: Business) -> dict[str, Any]:
    text = "SELECT event::json FROM outbox WHERE organization_id = %s ORDER BY position DESC LIMIT 1"
    return dict(business.rows(text)[0][0])


def test_half_an_hour_later_the_walk_is_not_in_its_own_way(business: Business, walk: dict[str, Any]) -> None:
    moved = move(business.ann.http, walk, "09:30")
    assert moved.status_code == 200, moved.text
    after = {**walk, "scheduled_start": f"{MONDAY}T09:30:00Z", "scheduled_end": f"{MONDAY}T10:30:00Z"}
    assert moved.json()["booking"] == after
    assert business.ann.http.get(f"/bookings/{walk['id']}").json() == after
    assert standing(business) == [(business.sam, wall_clock(MONDAY, 9, 30))]


def test_the_others_hear_where_it_was_and_where_it_is(business: Business, walk: dict[str, Any]) -> None:
    move(business.ann.http, walk, "11:00", TUESDAY, walker_id=str(business.priya))
    event = last_event(business)
    data = event["data"]
    assert (event["type"], data["booking"]["id"]) == ("booking.rescheduled", walk["id"])
    assert data["former"] == {name: walk[name] for name in ("walker_id", "scheduled_start", "scheduled_end")}
    assert data["booking"]["walker_id"] == str(business.priya)
    assert data["booking"]["scheduled_start"] == f"{TUESDAY}T11:00:00Z"
    ann = str(business.ann.who.account_id)
    assert (data["booking"]["customer_id"], data["by"]["account_id"]) == (ann, ann)


def test_a_walk_of_a_series_stays_in_it_and_keeps_its_date_of_the_rule(business: Business) -> None:
    made = book(business.ann, business.wish(business.ann, count=2)).json()
    walk, other = made["bookings"]
    moved = move(business.ann.http, walk, "10:00", TUESDAY).json()["booking"]
    assert (moved["series_id"], moved["date"]) == (made["series"]["id"], str(TUESDAY))
    text = "SELECT rule_date FROM bookings WHERE organization_id = %s AND id = %s"
    assert business.rows(text, walk["id"]) == [(MONDAY,)]
    # What is cancelled from a day on is what takes place from that day on.
    path = f"/series/{made['series']['id']}/cancel"
    left = business.ann.http.post(path, json={"scope": "following", "from": str(TUESDAY)}).json()
    assert left["cancelled"] == [walk["id"], other["id"]]


def test_a_skipped_date_that_was_booked_and_moved_is_skipped_again_and_restored(business: Business) -> None:
    made = book(business.ann, business.wish(business.ann, accepted_dates=[str(MONDAY + timedelta(days=7))])).json()
    path = f"/series/{made['series']['id']}"
    walk = book(business.ann, {}, path=f"{path}/skipped/{MONDAY}/book").json()["booking"]
    assert move(business.ann.http, walk, "10:00", TUESDAY).status_code == 200

    def stands_for() -> Any:
        skipped = business.ann.http.get(path).json()["skipped"]
        return {skip["date"]: skip["booked_as"] for skip in skipped}[str(MONDAY)]

    assert stands_for() == walk["id"]
    business.ann.http.post(f"/bookings/{walk['id']}/cancel")
    assert stands_for() is None
    assert business.ann.http.post(f"/bookings/{walk['id']}/restore").status_code == 200
    assert stands_for() == walk["id"]


def test_what_is_taken_is_refused_with_what_would_work_and_the_walk_stays(
    business: Business, walk: dict[str, Any]
) -> None:
    business.block(business.sam, wall_clock(MONDAY, 12))
    refused = move(business.ann.http, walk, "12:30")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/booking-conflicts")
    [only] = refused.json()["occurrences"]
    assert [conflict["cause"] for conflict in only["conflicts"]] == ["another_walk"]
    assert only["alternatives"]
    assert "block_id" not in refused.text
    assert business.ann.http.get(f"/bookings/{walk['id']}").json() == walk


def test_there_has_to_be_time_to_get_there(business: Business, walk: dict[str, Any]) -> None:
    business.block(business.sam, wall_clock(MONDAY, 13), lat=51.7)
    refused = move(business.ann.http, walk, "12:00")
    [conflict] = refused.json()["occurrences"][0]["conflicts"]
    assert (refused.status_code, conflict["reason"]) == (409, "travel_time")


def test_a_retry_with_its_key_gets_the_first_answer_and_moves_nothing(business: Business, walk: dict[str, Any]) -> None:
    key = uuid4()
    first = move(business.ann.http, walk, "10:00", key=key)
    assert move(business.ann.http, walk, "14:00").status_code == 200
    again = move(business.ann.http, walk, "10:00", key=key)
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert standing(business) == [(business.sam, wall_clock(MONDAY, 14))]
    other = move(business.ann.http, walk, "11:00", key=key)
    assert other.json()["type"] == "/problems/idempotency-key-reused"


def test_a_retry_gets_the_first_answer_even_after_the_walk_was_cancelled(
    business: Business, walk: dict[str, Any]
) -> None:
    key = uuid4()
    first = move(business.ann.http, walk, "10:00", key=key)
    business.ann.http.post(f"/bookings/{walk['id']}/cancel")
    assert move(business.ann.http, walk, "10:00", key=key).content == first.content


def test_of_rivals_for_one_time_one_gets_it(business: Business) -> None:
    walks = {hour: one_walk(business, business.ann, start_time=f"{hour:02}:00") for hour in (8, 10)}
    with ThreadPoolExecutor(3) as crowd:
        moves = [crowd.submit(move, business.ann.http, walk, "13:00") for walk in walks.values()]
        booked = crowd.submit(book, business.bob, business.wish(business.bob, start_time="13:00", count=1))
        statuses = [one.result().status_code for one in moves] + [booked.result().status_code]
    assert sum(status < 300 for status in statuses) == 1
    assert set(statuses) <= {200, 201, 409}
    assert overlapping(business) == []


def test_of_two_who_move_one_walk_at_once_none_is_lost_between(business: Business, walk: dict[str, Any]) -> None:
    with ThreadPoolExecutor(8) as crowd:
        hours = [f"{hour:02}:00" for hour in range(10, 18)]
        answers = list(crowd.map(lambda at: move(business.ann.http, walk, at), hours))
    assert {answer.status_code for answer in answers} <= {200, 409}
    [(_, starts_at)] = standing(business)
    now = business.ann.http.get(f"/bookings/{walk['id']}").json()
    assert now["scheduled_start"] == f"{starts_at:%Y-%m-%dT%H:%M:%SZ}"
    assert now["scheduled_start"] in {one.json()["booking"]["scheduled_start"] for one in answers if one.is_success}


def test_price_and_duration_stay_though_the_service_changed_or_was_retired(
    business: Business, walk: dict[str, Any]
) -> None:
    business.office.patch(f"/services/{business.service}", json={"price_cents": 9900, "duration_minutes": 30})
    business.office.delete(f"/services/{business.service}")
    moved = move(business.ann.http, walk, "10:00").json()["booking"]
    assert (moved["price_cents"], moved["scheduled_end"]) == (walk["price_cents"], f"{MONDAY}T11:00:00Z")


def test_the_office_moves_a_walk_and_a_walker_does_not(business: Business, walk: dict[str, Any]) -> None:
    sam = business.staff("walker", business.sam)
    assert move(sam, walk, "10:00").status_code == 403
    moved = move(business.office, walk, "10:00")
    assert "customer_name" in moved.json()["booking"]
    by, customer = last_event(business)["data"]["by"], last_event(business)["data"]["booking"]["customer_id"]
    assert (by["role"], customer) == ("admin", str(business.ann.who.account_id))
    assert by["account_id"] != customer


@pytest.mark.parametrize("body", [{"date": str(next_monday(-1)), "start_time": "09:00"}, {"walker_id": str(uuid4())}])
def test_what_cannot_be_is_named(business: Business, walk: dict[str, Any], body: dict[str, Any]) -> None:
    whole = {"date": str(MONDAY), "start_time": "10:00", **body}
    refused = book(business.ann, whole, path=f"/bookings/{walk['id']}/reschedule")
    assert refused.status_code == 422
    assert [field["path"] for field in refused.json()["fields"]] == [next(iter(body))]


def test_nobody_else_moves_it_and_none_that_was_cancelled_or_is_over(business: Business, walk: dict[str, Any]) -> None:
    assert move(business.bob.http, walk, "10:00").status_code == 404
    assert move(business.ann.http, {"id": uuid4()}, "10:00").status_code == 404
    path = f"/bookings/{walk['id']}/reschedule"
    unkeyed = business.ann.http.post(path, json={"date": str(MONDAY), "start_time": "10:00"})
    assert unkeyed.json()["type"] == "/problems/idempotency-key-missing"
    business.ann.http.post(f"/bookings/{walk['id']}/cancel")
    cancelled = move(business.ann.http, walk, "10:00")
    over = _yesterday(business, one_walk(business, business.ann))
    begun = move(business.ann.http, {"id": over}, "10:00")
    for refused in (cancelled, begun):
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-reschedulable")


def _yesterday(business: Business, walk: dict[str, Any]) -> UUID:
    """Let a walk have been; its booking moves with its block."""
    text = "SELECT block_id, id FROM bookings WHERE organization_id = %s AND id = %s"
    [(block, booking)] = business.rows(text, walk["id"])
    ago = wall_clock(next_monday(-1), 9)
    business.execute(
        "UPDATE calendar_blocks k SET starts_at = n.at, ends_at = n.at + interval '1 hour'"
        " FROM (SELECT %s::uuid AS org, %s::timestamptz AS at, %s::uuid AS id) n"
        " WHERE k.organization_id = n.org AND k.id = n.id",
        ago,
        block,
    )
    return UUID(str(booking))
