"""A cancellation can be undone for a few minutes: the same bookings again, where their time is still free, all or none."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from business import Business, Customer, book, next_monday, overlapping, wall_clock

MONDAY = next_monday()


@pytest.fixture
def series(business: Business) -> dict[str, Any]:
    """Ann's ten Mondays at nine with Sam."""
    return dict(book(business.ann, business.wish(business.ann)).json())


def cancelled(who: httpx.Client, series: dict[str, Any]) -> list[str]:
    """Cancel all of a series. Returns what was cancelled."""
    answer = who.post(f"/series/{series['series']['id']}/cancel", json={"scope": "all"})
    assert answer.status_code == 200
    return list(answer.json()["cancelled"])


def restore(who: httpx.Client, series: dict[str, Any], ids: list[str]) -> httpx.Response:
    """Ask for bookings of a series to be on again."""
    return who.post(f"/series/{series['series']['id']}/restore", json={"booking_ids": ids})


def events(business: Business) -> list[Any]:
    """Return what was told, in order."""
    text = "SELECT event::json FROM outbox WHERE organization_id = %s ORDER BY position"
    return [event for (event,) in business.rows(text)]


def test_a_booking_is_on_again_the_same_as_it_was(business: Business, series: dict[str, Any]) -> None:
    ann, one = business.ann.http, series["bookings"][0]["id"]
    before = ann.get(f"/bookings/{one}").json()
    ann.post(f"/bookings/{one}/cancel", json={"reason": "Vet"})
    answer = ann.post(f"/bookings/{one}/restore")
    assert (answer.status_code, answer.json()["booking"]) == (200, before)
    assert book(business.bob, business.wish(business.bob, count=1)).status_code == 409
    told = events(business)
    assert [event["type"] for event in told] == ["series.created", "booking.cancelled", "booking.restored"]
    assert told[2]["data"]["booking"]["id"] == one
    # In the order of the series, so that nobody hears of the cancellation last.
    assert len(business.rows("SELECT DISTINCT key FROM outbox WHERE organization_id = %s")) == 1


def test_restoring_what_is_scheduled_does_nothing(business: Business, series: dict[str, Any]) -> None:
    one = series["bookings"][0]["id"]
    assert business.ann.http.post(f"/bookings/{one}/restore").json()["booking"]["status"] == "scheduled"
    assert restore(business.ann.http, series, [one]).json()["restored"] == []
    assert len(events(business)) == 1


def test_a_series_is_on_again_as_a_whole(business: Business, series: dict[str, Any]) -> None:
    ids = cancelled(business.ann.http, series)
    answer = restore(business.ann.http, series, [*ids[::-1], ids[0]]).json()
    assert answer["restored"] == ids
    assert (answer["series"]["status"], answer["series"]["booking_count"]) == ("active", 10)
    last = events(business)[-1]
    assert (last["type"], last["data"]["change"]) == ("series.changed", "restored")
    assert [one["id"] for one in last["data"]["bookings"]] == ids
    kept = business.rows("SELECT count(*) FROM calendar_blocks WHERE organization_id = %s AND released_at IS NULL")
    assert kept == [(10,)]


def test_a_series_of_which_one_time_is_taken_stays_cancelled(business: Business, series: dict[str, Any]) -> None:
    ids = cancelled(business.ann.http, series)
    taken = MONDAY + timedelta(days=21)
    assert book(business.bob, business.wish(business.bob, count=1, starts_on=str(taken))).status_code == 201
    refused = restore(business.ann.http, series, ids)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/booking-conflicts")
    outcomes = {one["date"]: one["outcome"] for one in refused.json()["occurrences"]}
    assert [day for day, outcome in outcomes.items() if outcome == "conflict"] == [str(taken)]
    assert len(outcomes) == 10
    assert refused.json()["detail"] == "1 of 10 times is no longer free. Nothing was restored."
    assert refused.json()["occurrences"][3]["conflicts"][0]["own_booking"] is None
    assert business.rows("SELECT count(*) FROM bookings WHERE organization_id = %s AND status = 'scheduled'") == [(1,)]
    rest = [one for one in ids if one != ids[3]]
    assert restore(business.ann.http, series, rest).json()["restored"] == rest


def test_the_office_reads_no_details_of_the_customers_other_bookings(
    business: Business, series: dict[str, Any]
) -> None:
    office = business.staff("admin")
    ids = cancelled(office, series)
    book(business.ann, business.wish(business.ann, count=1, walker_id=str(business.priya)))
    refused = restore(office, series, ids).json()
    [conflict] = refused["occurrences"][0]["conflicts"]
    assert (conflict["cause"], conflict["own_booking"]) == ("own_booking", None)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ("cancelled_at = now() - interval '11 minutes'", "10 minutes"),
        ("cancelled_by = gen_random_uuid()", "Only whoever cancelled"),
        ("cancelled_by = NULL", "Only whoever cancelled"),
    ],
)
def test_what_is_long_ago_or_anothers_is_not_restored(
    business: Business, series: dict[str, Any], spoil: str, words: str
) -> None:
    ids = cancelled(business.ann.http, series)
    business.execute(f"UPDATE bookings SET {spoil} WHERE organization_id = %s AND id = %s", UUID(ids[4]))
    refused = restore(business.ann.http, series, ids)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-restorable")
    assert words in refused.json()["detail"]
    assert business.rows("SELECT count(*) FROM bookings WHERE organization_id = %s AND status = 'scheduled'") == [(0,)]


def test_a_walk_that_would_have_begun_is_not_restored(business: Business, series: dict[str, Any]) -> None:
    one = series["bookings"][0]["id"]
    business.ann.http.post(f"/bookings/{one}/cancel")
    business.execute(
        "UPDATE calendar_blocks SET starts_at = now() - interval '1 minute', ends_at = now() + interval '1 hour'"
        " WHERE organization_id = %s AND released_at IS NOT NULL"
    )
    refused = business.ann.http.post(f"/bookings/{one}/restore")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-restorable")


def test_a_customer_cannot_undo_what_the_office_cancelled(business: Business, series: dict[str, Any]) -> None:
    office = business.staff("admin")
    ids = cancelled(office, series)
    assert restore(business.ann.http, series, ids).json()["type"] == "/problems/not-restorable"
    assert restore(business.staff("admin"), series, ids).json()["type"] == "/problems/not-restorable"
    assert restore(office, series, ids).json()["restored"] == ids


def test_nobody_elses_booking_is_restored(business: Business, series: dict[str, Any]) -> None:
    ids = cancelled(business.ann.http, series)
    other = book(business.bob, business.wish(business.bob, start_time="14:00")).json()
    assert business.bob.http.post(f"/bookings/{ids[0]}/restore").status_code == 404
    assert restore(business.bob.http, series, ids).status_code == 404
    assert restore(business.bob.http, other, ids).status_code == 404
    assert restore(business.ann.http, series, [*ids, other["bookings"][0]["id"]]).status_code == 404
    assert restore(business.ann.http, series, [*ids, str(uuid4())]).status_code == 404
    assert restore(business.ann.http, series, []).json()["fields"][0]["path"] == "booking_ids"


def test_a_skipped_date_that_was_booked_stands_for_its_booking_again(business: Business) -> None:
    wish = business.wish(business.ann, count=2, accepted_dates=[str(MONDAY + timedelta(days=7))])
    series = book(business.ann, wish).json()["series"]["id"]
    path, ann = f"/series/{series}/skipped/{MONDAY}/book", business.ann.http
    made = book(business.ann, {}, path=path).json()["booking"]["id"]
    ann.post(f"/bookings/{made}/cancel")
    assert ann.post(f"/bookings/{made}/restore").status_code == 200
    assert ann.get(f"/series/{series}").json()["skipped"][0]["booked_as"] == made
    ann.post(f"/bookings/{made}/cancel")
    later = {"scheduled_start": f"{MONDAY}T14:00:00Z", "walker_id": str(business.sam)}
    assert book(business.ann, {"replacement": later}, path=path).status_code == 201
    assert ann.post(f"/bookings/{made}/restore").json()["type"] == "/problems/not-restorable"


def test_many_who_restore_at_once_restore_once(business: Business, series: dict[str, Any]) -> None:
    ids = cancelled(business.ann.http, series)
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda _: restore(business.ann.http, series, ids), range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(len(answer.json()["restored"]) for answer in answers) == [0] * 7 + [10]
    assert [event["type"] for event in events(business)] == ["series.created", "series.changed", "series.changed"]


def test_of_a_restored_series_and_one_that_takes_its_time_one_wins(business: Business) -> None:
    for turn in range(8):
        start = str(next_monday(2 + 4 * turn))
        series = book(business.ann, business.wish(business.ann, starts_on=start, count=3)).json()
        ids = cancelled(business.ann.http, series)
        rivals = [business.bob, *(business.customer(f"Rival {turn} {n}", 51.5) for n in range(3))]

        def take(rival: Customer, start: str = start) -> int:
            return book(rival, business.wish(rival, starts_on=start, count=3)).status_code

        with ThreadPoolExecutor(5) as crowd:
            ours = crowd.submit(restore, business.ann.http, series, ids)
            theirs = list(crowd.map(take, rivals))
        assert sorted([ours.result().status_code == 200, *(status == 201 for status in theirs)]) == [False] * 4 + [True]
        assert {ours.result().status_code, *theirs} <= {200, 201, 409}
    assert overlapping(business) == []


def test_a_long_walk_is_looked_at_in_full_though_its_service_is_short_by_now(business: Business) -> None:
    hike = uuid4()
    business.add_service(hike, "Hike", 540)
    wish = business.wish(business.ann, service_id=str(hike), start_time="08:00", count=1)
    made = book(business.ann, wish).json()
    ids = cancelled(business.ann.http, made)
    business.execute("UPDATE services SET duration_minutes = 15 WHERE organization_id = %s AND id = %s", hike)
    # The dog is out with Priya in the afternoon meanwhile, hours after the hike would begin.
    other = business.wish(business.ann, walker_id=str(business.priya), start_time="16:00", count=1)
    assert book(business.ann, other).status_code == 201
    refused = restore(business.ann.http, made, ids)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/booking-conflicts")
    assert refused.json()["occurrences"][0]["conflicts"][0]["cause"] == "own_booking"


def test_the_constraint_stands_behind_the_judgement(
    business: Business, series: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = cancelled(business.ann.http, series)
    business.block(business.sam, wall_clock(MONDAY, 9, 30))
    monkeypatch.setattr("booking.commit.refuse_conflicts", lambda *_: None)
    refused = restore(business.ann.http, series, ids)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-restorable")
    assert overlapping(business) == []
    assert business.rows("SELECT count(*) FROM bookings WHERE organization_id = %s AND status = 'scheduled'") == [(0,)]
