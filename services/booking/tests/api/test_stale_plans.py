"""What a plan rests on may change between reading and commit: nothing is committed by what is out of date."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from business import Business, book, next_monday, wall_clock
from chassis.testing import eventually

ROUNDS = 30
CROWD = 8
Way = Callable[[Business], Callable[[UUID], httpx.Response]]


def a_series(business: Business) -> Callable[[UUID], httpx.Response]:
    return lambda key: book(business.ann, business.wish(business.ann), key)


def a_booking(business: Business) -> Callable[[UUID], httpx.Response]:
    wish = business.wish(business.ann)
    named = ("service_id", "walker_id", "location_id", "dog_ids", "start_time")
    body = {"date": wish["starts_on"], **{name: wish[name] for name in named}}
    return lambda key: book(business.ann, body, key, path="/bookings")


def a_skipped_date(business: Business) -> Callable[[UUID], httpx.Response]:
    day = next_monday()
    made = book(business.ann, business.wish(business.ann, accepted_dates=[str(day + timedelta(days=7))]))
    path = f"/series/{made.json()['series']['id']}/skipped/{day}/book"
    return lambda key: book(business.ann, {}, key, path=path)


def a_moved_walk(business: Business) -> Callable[[UUID], httpx.Response]:
    tuesday = str(next_monday() + timedelta(days=1))
    made = book(business.ann, business.wish(business.ann, starts_on=tuesday, weekdays=["TU"], count=1)).json()
    path = f"/bookings/{made['bookings'][0]['id']}/reschedule"
    return lambda key: book(business.ann, {"date": str(next_monday()), "start_time": "09:00"}, key, path=path)


def committed_after(business: Business, submit: Callable[[UUID], httpx.Response], change: Any) -> httpx.Response:
    """Submit, and change something when the plan is made and its commit has begun: it waits for its key, which somebody else holds."""
    key, ann = uuid4(), business.ann.who.account_id
    with ThreadPoolExecutor(1) as other, business.rival() as rival:
        text = "INSERT INTO idempotency_keys VALUES (%s, %s, %s, 'of nobody', NULL, NULL, now() + interval '1 day')"
        rival.execute(text, (business.id, ann, key))
        answer = other.submit(submit, key)
        eventually(business.waiting, "the commit has begun")
        change(business)
        rival.rollback()
        return answer.result()


def done(answer: httpx.Response) -> None:
    assert answer.is_success, answer.text


def retire(business: Business) -> None:
    done(business.office.delete(f"/services/{business.service}"))


def reprice(business: Business) -> None:
    done(business.office.patch(f"/services/{business.service}", json={"price_cents": 2500}))


def lengthen(business: Business) -> None:
    done(business.office.patch(f"/services/{business.service}", json={"duration_minutes": 90}))


def remove_the_dog(business: Business) -> None:
    done(business.ann.http.delete(f"/dogs/{business.ann.dog}"))


def remove_the_home(business: Business) -> None:
    done(business.ann.http.delete(f"/locations/{business.ann.home}"))


def move_the_home(business: Business) -> None:
    done(business.ann.http.patch(f"/locations/{business.ann.home}", json={"lat": 51.501}))


def _walker(business: Business, **changes: Any) -> None:
    hours = [{"weekday": "MO", "opens": "08:00", "closes": "18:00"}]
    done(business.office.put(f"/walkers/{business.sam}", json={"working_hours": hours, **changes}))


def no_more_mondays(business: Business) -> None:
    _walker(business, working_hours=[{"weekday": "TU", "opens": "08:00", "closes": "18:00"}])


def takes_no_bookings(business: Business) -> None:
    _walker(business, active=False)


def a_day_off(business: Business) -> None:
    day = next_monday()
    span = {"starts_at": wall_clock(day, 0).isoformat(), "ends_at": wall_clock(day, 20).isoformat()}
    done(business.office.post(f"/walkers/{business.sam}/time-off", json=span))


def _account(business: Business, account_id: UUID, role: str, *, active: bool) -> None:
    told = {"role": role, "name": "Somebody", "active": active}
    done(business.gateway(account_id).put(f"/internal/accounts/{account_id}", json=told))


def close_the_walker(business: Business) -> None:
    _account(business, business.sam, "walker", active=False)


def close_the_customer(business: Business) -> None:
    _account(business, business.ann.who.account_id, "customer", active=False)


def somebody_else_books(business: Business) -> None:
    done(book(business.bob, business.wish(business.bob, count=1)))


def the_dog_goes_with_another(business: Business) -> None:
    done(book(business.ann, business.wish(business.ann, count=1, walker_id=str(business.priya), start_time="09:30")))


REFUSED = (
    (retire, 422, "service_id"),
    (remove_the_dog, 422, "dog_ids.0"),
    (remove_the_home, 422, "location_id"),
    (takes_no_bookings, 422, "walker_id"),
    (close_the_walker, 422, "walker_id"),
    (close_the_customer, 403, "/problems/account-closed"),
    (no_more_mondays, 409, "block"),
    (a_day_off, 409, "block"),
    (somebody_else_books, 409, "overlap"),
    (the_dog_goes_with_another, 409, "overlap"),
)


def _named(problem: dict[str, Any]) -> str:
    if problem["status"] == 422:
        return str(problem["fields"][0]["path"])
    if problem["status"] == 409:
        return str(problem["occurrences"][0]["conflicts"][0]["reason"])
    return str(problem["type"])


# A walk that is moved keeps its service, dogs and place, whatever became of these.
OF_THE_CALENDAR = [one for one in REFUSED if one[0] not in (retire, remove_the_dog, remove_the_home)]


@pytest.mark.parametrize(("change", "status", "named"), OF_THE_CALENDAR)
def test_where_it_became_impossible_a_walk_is_not_moved(
    business: Business, change: Any, status: int, named: str
) -> None:
    submit, before = a_moved_walk(business), dict[str, int]()

    def changed(business: Business) -> None:
        change(business)
        before.update(business.count())

    answer = committed_after(business, submit, changed)
    assert (answer.status_code, _named(answer.json())) == (status, named)
    assert business.count() == before


@pytest.mark.parametrize("change", [retire, remove_the_dog, remove_the_home, reprice, lengthen])
def test_a_walk_is_moved_whatever_became_of_what_it_keeps(business: Business, change: Any) -> None:
    moved = committed_after(business, a_moved_walk(business), change)
    assert moved.status_code == 200, moved.text
    at = wall_clock(next_monday(), 9)
    assert _visits(business) == [(2000, at, at + timedelta(minutes=60), 51.5)]


@pytest.mark.parametrize("way", [a_series, a_booking, a_skipped_date])
@pytest.mark.parametrize(("change", "status", "named"), REFUSED)
def test_what_became_impossible_is_refused(business: Business, way: Way, change: Any, status: int, named: str) -> None:
    submit = way(business)
    before: dict[str, int] = {}

    def changed(business: Business) -> None:
        change(business)
        before.update(business.count())

    answer = committed_after(business, submit, changed)
    assert (answer.status_code, _named(answer.json())) == (status, named)
    assert business.count() == before


def _visits(business: Business) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = business.rows(
        "SELECT b.price_cents, b.scheduled_start, b.scheduled_end, k.lat FROM bookings b"
        " JOIN calendar_blocks k ON k.organization_id = b.organization_id AND k.id = b.block_id"
        " WHERE b.organization_id = %s AND b.occurrence_date = %s",
        next_monday(),
    )
    return found


@pytest.mark.parametrize("way", [a_series, a_booking, a_skipped_date])
@pytest.mark.parametrize(
    ("change", "price", "minutes", "lat"),
    [(reprice, 2500, 60, 51.5), (lengthen, 2000, 90, 51.5), (move_the_home, 2000, 60, 51.501)],
)
def test_what_became_different_is_planned_again(
    business: Business, way: Way, change: Any, price: int, minutes: int, lat: float
) -> None:
    answer = committed_after(business, way(business), change)
    assert answer.status_code == 201
    at = wall_clock(next_monday(), 9)
    assert _visits(business) == [(price, at, at + timedelta(minutes=minutes), lat)]
    made = answer.json()
    assert (made["bookings"][0] if "bookings" in made else made["booking"])["price_cents"] == price


@pytest.mark.parametrize("way", [a_series, a_booking, a_skipped_date])
def test_settings_of_the_organization_that_changed_are_planned_by(business: Business, way: Way) -> None:
    def move_to_new_york(business: Business) -> None:
        settings = {"time_zone": "America/New_York", "currency": "USD"}
        done(business.gateway().put("/internal/organization", json=settings))

    answer = committed_after(business, way(business), move_to_new_york)
    made = answer.json()
    booking = made["bookings"][0] if "bookings" in made else made["booking"]
    assert booking["currency"] == "USD"
    at = datetime.fromisoformat(booking["scheduled_start"])
    assert at - wall_clock(next_monday(), 9) in (timedelta(hours=5), timedelta(hours=4))
    # The token still has the former zone: what is asked later is planned by the new one as well.
    preview = business.bob.http.post("/series/preview", json=business.wish(business.bob)).json()
    assert preview["currency"] == "USD"
    assert datetime.fromisoformat(preview["occurrences"][0]["scheduled_start"]) == at


def test_a_plan_that_is_stale_again_and_again_is_made_under_the_locks(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("booking.commit._as_planned", lambda *_: False)
    answer = committed_after(business, a_series(business), reprice)
    assert {made["price_cents"] for made in answer.json()["bookings"]} == {2500}


def test_once_the_office_is_answered_nothing_of_the_retired_service_is_committed(business: Business) -> None:
    committed = "SELECT count(*) FROM bookings WHERE organization_id = %s AND service_id = %s"
    with ThreadPoolExecutor(CROWD) as crowd:
        for number in range(ROUNDS):
            service = uuid4()
            business.add_service(service, f"Walk {number}", 60)
            at, start = f"{8 + number % 10:02}:00", str(next_monday(2 + 10 * (number // 10)))
            wish = business.wish(business.ann, service_id=str(service), starts_on=start, start_time=at)
            submitted = crowd.submit(book, business.ann, wish)
            answer = crowd.submit(business.office.delete, f"/services/{service}").result()
            at_the_answer = business.rows(committed, service)
            assert answer.status_code == 200
            assert submitted.result().status_code in (201, 422)
            assert business.rows(committed, service) == at_the_answer


def test_once_the_office_is_answered_nothing_is_committed_at_the_old_price(business: Business) -> None:
    old = "SELECT count(*) FROM bookings WHERE organization_id = %s AND price_cents < %s"
    with ThreadPoolExecutor(CROWD) as crowd:
        for number in range(ROUNDS):
            price = 3000 + number
            at, start = f"{8 + number % 10:02}:00", str(next_monday(2 + 10 * (number // 10)))
            wish = business.wish(business.ann, starts_on=start, start_time=at)
            submitted = crowd.submit(book, business.ann, wish)
            change = {"price_cents": price}
            answer = crowd.submit(business.office.patch, f"/services/{business.service}", json=change).result()
            at_the_answer = business.rows(old, price)
            assert (answer.status_code, submitted.result().status_code) == (200, 201)
            assert business.rows(old, price) == at_the_answer


def test_the_office_gets_its_turn_however_many_book_without_a_pause(business: Business) -> None:
    customers = [business.customer(f"Rival {n}", 51.5) for n in range(CROWD)]
    walkers = [business.walker(f"Walker {n}") for n in range(CROWD)]
    ended: list[bool] = []

    def keep_booking(number: int) -> set[int]:
        statuses = set[int]()
        for week in count(2):
            if ended or week > 200:
                return statuses
            more = {"walker_id": str(walkers[number]), "starts_on": str(next_monday(week)), "count": 1}
            statuses.add(book(customers[number], business.wish(customers[number], **more)).status_code)
        return statuses

    with ThreadPoolExecutor(CROWD) as crowd:
        booking = [crowd.submit(keep_booking, number) for number in range(CROWD)]
        for price in range(3000, 3020):
            done(business.office.patch(f"/services/{business.service}", json={"price_cents": price}))
        ended.append(True)
        assert set().union(*(one.result() for one in booking)) == {201}
