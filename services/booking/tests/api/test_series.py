"""A series is booked whole or not at all, and every date that does not work says why and what would."""

from datetime import timedelta
from uuid import uuid4

import pytest

from business import Business, book, next_monday, wall_clock

NOTHING = {
    "recurring_booking_series": 0,
    "series_skips": 0,
    "bookings": 0,
    "calendar_blocks": 0,
    "outbox": 0,
    "idempotency_keys": 0,
}


def test_a_free_series_is_booked_whole(business: Business) -> None:
    ann = business.ann
    answer = book(ann, business.wish(ann, count=52))
    assert answer.status_code == 201
    made = answer.json()
    assert len(made["bookings"]) == made["series"]["booking_count"] == 52
    assert made["skipped"] == []
    assert made["series"]["rule"] == {
        "starts_on": next_monday().isoformat(),
        "start_time": "09:00",
        "weekdays": ["MO"],
        "interval_weeks": 1,
        "count": 52,
        "until": None,
    }
    first = made["bookings"][0]
    assert first["series_id"] == made["series"]["id"]
    assert (first["status"], first["price_cents"], first["currency"]) == ("scheduled", 2000, "GBP")
    assert business.count() == {**NOTHING, **dict.fromkeys(("bookings", "calendar_blocks"), 52)} | {
        "recurring_booking_series": 1,
        "outbox": 1,
        "idempotency_keys": 1,
    }


def test_a_preview_says_the_same_and_writes_nothing(business: Business) -> None:
    ann, monday = business.ann, next_monday()
    business.block(business.sam, wall_clock(monday, 9, 30))
    wish = business.wish(ann)
    preview = ann.http.post("/series/preview", json=wish).json()
    counts = [preview[f"{outcome}_count"] for outcome in ("available", "warning", "conflict")]
    assert counts == [9, 0, 1]
    assert (preview["price_cents"], preview["currency"]) == (9 * 2000, "GBP")
    refused = book(ann, wish)
    assert refused.json()["occurrences"] == preview["occurrences"]
    assert business.count() == {**NOTHING, "calendar_blocks": 1}


def test_a_conflict_refuses_the_whole_series_and_says_what_works_instead(business: Business) -> None:
    ann, monday = business.ann, next_monday()
    business.block(business.sam, wall_clock(monday, 9))
    refused = book(ann, business.wish(ann))
    problem = refused.json()
    assert (refused.status_code, problem["type"]) == (409, "/problems/booking-conflicts")
    assert refused.headers["content-type"] == "application/problem+json"
    first, *others = problem["occurrences"]
    assert first["outcome"] == "conflict"
    assert first["conflicts"] == [
        {
            "reason": "overlap",
            "cause": "another_walk",
            "severity": "hard",
            "message": "Walker unavailable",
            "walker_id": str(business.sam),
            "walker_name": "Sam",
            "own_booking": None,
        }
    ]
    offered = [(a["scheduled_start"], a["walker_name"]) for a in first["alternatives"]]
    assert offered == [(f"{monday}T08:00:00Z", "Sam"), (f"{monday}T10:00:00Z", "Sam"), (f"{monday}T09:00:00Z", "Priya")]
    assert {one["outcome"] for one in others} == {"available"}
    assert business.count() == {**NOTHING, "calendar_blocks": 1}


def test_of_many_walkers_the_one_who_is_free_on_most_dates_stands_in(business: Business) -> None:
    weeks = [wall_clock(next_monday() + timedelta(days=7 * n), 9) for n in range(10)]
    for at in weeks:
        business.block(business.sam, at)
    zoe = business.walker("Zoe")
    # More than anybody would look through by name, each of whom is free on one Monday only; Priya is free on half of them.
    for n in range(30):
        other = business.walker(f"Alex {n:02}")
        for at in weeks[: n % 10] + weeks[n % 10 + 1 :]:
            business.block(other, at)
    for at in weeks[::2]:
        business.block(business.priya, at)
    preview = business.ann.http.post("/series/preview", json=business.wish(business.ann)).json()
    named = [[a["walker_name"] for a in one["alternatives"]] for one in preview["occurrences"]]
    assert named == [["Sam", "Sam", "Zoe"]] * 10
    assert {a["walker_id"] for one in preview["occurrences"] for a in one["alternatives"]} == {
        str(business.sam),
        str(zoe),
    }


def test_every_kind_of_conflict_has_its_reason(business: Business) -> None:
    ann, monday, week = business.ann, next_monday(), timedelta(days=7)
    business.block(business.sam, wall_clock(monday, 9), kind="visit")
    business.block(business.sam, wall_clock(monday + week, 0), 1440, kind="time_off")
    business.block(business.sam, wall_clock(monday + 2 * week, 8), 58, lat=51.6)
    business.block(business.sam, wall_clock(monday + 3 * week, 8), 45, lat=51.52)
    book(ann, business.wish(ann, walker_id=str(business.priya), starts_on=str(monday + 4 * week), count=1))
    preview = ann.http.post("/series/preview", json=business.wish(ann, weekdays=["MO", "SU"], count=10)).json()
    found = [
        (one["date"], [(c["reason"], c["severity"], c["message"]) for c in one["conflicts"]])
        for one in preview["occurrences"]
        if one["conflicts"]
    ]
    mondays = [pair for pair in found if pair[0] in {str(monday + n * week) for n in range(5)}]
    assert mondays == [
        (str(monday), [("overlap", "hard", "Walker unavailable")]),
        (str(monday + week), [("block", "hard", "Walker is off")]),
        (str(monday + 2 * week), [("travel_time", "hard", "Walker cannot get here in time")]),
        (str(monday + 3 * week), [("travel_time", "warning", "Little time for the walker to get here")]),
        (str(monday + 4 * week), [("overlap", "hard", "Existing booking")]),
    ]
    assert (str(monday + timedelta(days=6)), [("block", "hard", "Outside the walker's hours")]) in found


def test_a_booking_of_ones_own_is_named_and_nobody_elses(business: Business) -> None:
    ann, bob, monday, week = business.ann, business.bob, next_monday(), timedelta(days=7)
    wish = {"count": 1, "start_time": "09:30", "walker_id": str(business.priya)}
    [own] = book(ann, business.wish(ann, **wish)).json()["bookings"]
    book(bob, business.wish(bob, count=1, starts_on=str(monday + week)))
    preview = ann.http.post("/series/preview", json=business.wish(ann, count=2)).json()
    [mine], [others] = (one["conflicts"] for one in preview["occurrences"])
    assert (mine["cause"], mine["message"], mine["walker_name"]) == ("own_booking", "Existing booking", "Sam")
    assert mine["own_booking"] == {
        "id": own["id"],
        "dog_names": ["Biscuit"],
        "walker_name": "Priya",
        "scheduled_start": f"{monday}T09:30:00Z",
        "scheduled_end": f"{monday}T10:30:00Z",
    }
    assert (others["cause"], others["message"], others["own_booking"]) == ("another_walk", "Walker unavailable", None)


def test_what_stood_in_the_way_of_a_skipped_date_is_named_to_the_customer_only(business: Business) -> None:
    ann, monday = business.ann, next_monday()
    [own] = book(ann, business.wish(ann, count=1, walker_id=str(business.priya))).json()["bookings"]
    series = book(ann, business.wish(ann, count=2, accepted_dates=[str(monday + timedelta(days=7))])).json()["series"]
    named = []
    for who in (ann.http, business.staff("walker", business.sam), business.office):
        [skip] = who.get(f"/series/{series['id']}").json()["skipped"]
        [conflict] = skip["conflicts"]
        assert conflict["cause"] == "own_booking"
        named.append(conflict["own_booking"] and conflict["own_booking"]["id"])
    assert named == [own["id"], None, None]


def test_a_day_off_and_hours_that_are_too_short_are_told_apart(business: Business) -> None:
    late = business.wish(business.ann, start_time="17:30", weekdays=["MO", "SU"], count=2)
    preview = business.ann.http.post("/series/preview", json=late).json()
    causes = [[c["cause"] for c in one["conflicts"]] for one in preview["occurrences"]]
    assert causes == [["outside_hours"], ["not_a_working_day"]]


def test_the_accepted_dates_are_booked_and_the_others_kept_with_their_reasons(business: Business) -> None:
    ann, monday = business.ann, next_monday()
    business.block(business.sam, wall_clock(monday, 9))
    wish = business.wish(ann)
    free = [o["date"] for o in book(ann, wish).json()["occurrences"] if o["outcome"] == "available"]
    answer = book(ann, {**wish, "accepted_dates": free[1:]})
    assert answer.status_code == 201
    made = answer.json()
    assert [one["date"] for one in made["bookings"]] == free[1:]
    assert [(s["date"], [c["message"] for c in s["conflicts"]]) for s in made["skipped"]] == [
        (str(monday), ["Walker unavailable"]),
        (free[0], ["You left this date out"]),
    ]
    left_out = made["skipped"][1]
    assert (left_out["outcome"], left_out["conflicts"][0]["reason"]) == ("available", "left_out")
    kept = business.rows("SELECT date::text FROM series_skips WHERE organization_id = %s ORDER BY date")
    assert kept == [(str(monday),), (free[0],)]


def test_an_accepted_date_that_meanwhile_conflicts_refuses_everything(business: Business) -> None:
    ann, monday = business.ann, next_monday()
    wish = business.wish(ann, accepted_dates=[str(monday), str(monday + timedelta(days=7))])
    business.block(business.sam, wall_clock(monday, 9))
    refused = book(ann, wish)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/booking-conflicts")
    assert business.count()["bookings"] == 0


def test_alternatives_are_booked_in_place_of_the_rules_dates(business: Business) -> None:
    ann, monday = business.ann, next_monday()
    business.block(business.sam, wall_clock(monday, 9))
    business.block(business.sam, wall_clock(monday + timedelta(days=7), 9))
    wish = business.wish(ann)
    first, second, *rest = book(ann, wish).json()["occurrences"]
    chosen = [
        {"date": first["date"], **{k: first["alternatives"][0][k] for k in ("scheduled_start", "walker_id")}},
        {"date": second["date"], **{k: second["alternatives"][2][k] for k in ("scheduled_start", "walker_id")}},
    ]
    dates = [one["date"] for one in (first, second, *rest)]
    answer = book(ann, {**wish, "accepted_dates": dates, "replacements": chosen})
    assert answer.status_code == 201, answer.text
    bookings = answer.json()["bookings"]
    assert [(b["date"], b["scheduled_start"], b["walker_id"]) for b in bookings[:2]] == [
        (one["date"], one["scheduled_start"], one["walker_id"]) for one in chosen
    ]
    assert bookings[1]["walker_id"] == str(business.priya)


def test_warnings_are_booked(business: Business) -> None:
    ann = business.ann
    business.block(business.sam, wall_clock(next_monday(), 8), 45, lat=51.52)
    assert book(ann, business.wish(ann)).status_code == 201


def test_touching_walks_at_one_place_do_not_disturb_each_other(business: Business) -> None:
    ann = business.ann
    assert book(ann, business.wish(ann)).status_code == 201
    assert book(ann, business.wish(ann, start_time="10:00")).status_code == 201
    assert book(ann, business.wish(ann, start_time="08:00")).status_code == 201


def test_the_same_service_at_the_same_start_is_a_duplicate_whatever_the_dog_and_the_walker(business: Business) -> None:
    ann = business.ann
    book(ann, business.wish(ann, count=1))
    business.add_dog(ann.who.account_id, juno := uuid4())
    refused = book(ann, business.wish(ann, count=1, dog_ids=[str(juno)], walker_id=str(business.priya)))
    problem = refused.json()
    assert (refused.status_code, problem["type"]) == (409, "/problems/duplicate-booking")
    assert "Neighbourhood walk" in problem["detail"]
    assert "at 09:00" in problem["detail"]


def test_anybody_is_whoever_has_the_fewest_conflicts(business: Business) -> None:
    ann, monday = business.ann, next_monday()
    business.block(business.priya, wall_clock(monday, 9))
    preview = ann.http.post("/series/preview", json=business.wish(ann, walker_id=None)).json()
    assert (preview["walker_id"], preview["walker_name"]) == (str(business.sam), "Sam")
    assert {w["name"]: w["available_count"] for w in preview["walkers"]} == {"Priya": 9, "Sam": 10}
    refused = book(ann, business.wish(ann, walker_id=None))
    assert (refused.status_code, refused.json()["fields"][0]["path"]) == (422, "walker_id")


def test_a_walk_on_the_day_the_clocks_change_stays_at_its_local_time(business: Business) -> None:
    preview = business.ann.http.post("/series/preview", json=business.wish(business.ann, count=52)).json()
    hours = {one["scheduled_start"][11:13] for one in preview["occurrences"]}
    assert hours == {"08", "09"}  # 09:00 in London is 08:00 UTC in summer


def test_a_single_booking_is_a_series_of_one_without_the_series(business: Business) -> None:
    ann, monday = business.ann, next_monday()
    wish = {k: v for k, v in business.wish(ann).items() if k in ("service_id", "walker_id", "location_id", "dog_ids")}
    wish |= {"date": str(monday), "start_time": "09:00"}
    answer = book(ann, wish, path="/bookings")
    assert answer.status_code == 201
    booking = answer.json()["booking"]
    assert (booking["date"], booking["series_id"]) == (str(monday), None)
    again = book(
        business.bob,
        {**wish, "location_id": str(business.bob.home), "dog_ids": [str(business.bob.dog)]},
        path="/bookings",
    )
    assert (again.status_code, again.json()["type"]) == (409, "/problems/booking-conflicts")
    assert len(again.json()["occurrences"]) == 1


def test_messages_give_nothing_away_of_another_customer(business: Business) -> None:
    book(business.ann, business.wish(business.ann, count=1))
    refused = book(business.bob, business.wish(business.bob, count=1))
    assert [c["message"] for c in refused.json()["occurrences"][0]["conflicts"]] == ["Walker unavailable"]
    for secret in (business.ann.who.account_id, business.ann.dog, business.ann.home):
        assert str(secret) not in refused.text


TABLES = {
    "customers": "INSERT OR UPDATE",
    "walkers": "UPDATE",
    "recurring_booking_series": "INSERT",
    "calendar_blocks": "INSERT",
    "bookings": "INSERT",
    "series_skips": "INSERT",
    "outbox": "INSERT",
    "idempotency_keys": "INSERT OR UPDATE",
}


@pytest.mark.parametrize("row", ["first", "last"])
@pytest.mark.parametrize("table", list(TABLES))
def test_a_failure_at_any_statement_leaves_nothing(business: Business, table: str, row: str) -> None:
    ann, key = business.ann, uuid4()
    wish = business.wish(ann)
    dates = [o["date"] for o in ann.http.post("/series/preview", json=wish).json()["occurrences"]]
    wish["accepted_dates"] = dates[:-2]
    many = {"calendar_blocks": 8, "bookings": 8, "series_skips": 2}.get(table, 1)
    _break(business, table, many if row == "last" else 1)
    before = business.count()
    failed = book(ann, wish, key)
    assert failed.status_code == 500
    assert failed.json()["type"] == "/problems/internal-error"
    assert business.count() == before == NOTHING
    _mend(business, table)
    assert book(ann, wish, key).status_code == 201
    assert business.count()["bookings"] == 8


def _break(business: Business, table: str, nth: int) -> None:
    name = f"broken_{business.id.hex}"
    business.script(
        f"""CREATE SEQUENCE {name};
        GRANT USAGE ON SEQUENCE {name} TO PUBLIC;
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF nextval('{name}') = {nth} THEN RAISE EXCEPTION 'broken on purpose'; END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER {name} BEFORE {TABLES[table]} ON {table} FOR EACH ROW
        WHEN (NEW.organization_id = '{business.id}') EXECUTE FUNCTION {name}()"""
    )


def _mend(business: Business, table: str) -> None:
    name = f"broken_{business.id.hex}"
    business.script(f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}(); DROP SEQUENCE {name}")


def test_a_series_is_told_to_the_others_in_one_event(business: Business) -> None:
    made = book(business.ann, business.wish(business.ann)).json()
    [(topic, key, event)] = business.rows("SELECT topic, key, event::json FROM outbox WHERE organization_id = %s")
    assert (topic, key) == ("packwalk.booking.v1", made["series"]["id"])
    assert (event["type"], event["organizationid"]) == ("series.created", str(business.id))
    of_the_event = event["data"]["series"]
    assert of_the_event == {name: made["series"][name] for name in of_the_event}
    ann = str(business.ann.who.account_id)
    assert (of_the_event["customer_id"], event["data"]["by"]) == (ann, {"account_id": ann, "role": "customer"})
    told = ("id", "walker_id", "scheduled_start", "scheduled_end")
    assert event["data"]["bookings"] == [{name: one[name] for name in told} for one in made["bookings"]]


def test_somebody_else_may_be_chosen_on_every_date(business: Business) -> None:
    monday = next_monday()
    chosen = {"date": str(monday), "scheduled_start": f"{monday}T09:00:00Z", "walker_id": str(business.priya)}
    wish = business.wish(business.ann, count=1, accepted_dates=[str(monday)], replacements=[chosen])
    assert business.ann.http.post("/series/preview", json=wish).json()["walker_name"] == "Sam"
    answer = book(business.ann, wish)
    assert answer.status_code == 201, answer.text
    assert [one["walker_id"] for one in answer.json()["bookings"]] == [str(business.priya)]
