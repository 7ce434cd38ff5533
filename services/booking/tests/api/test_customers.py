"""Customers: what they have, what they booked, and what they cancel. Nobody else's is seen or changed."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from business import Business, book, next_monday, wall_clock
from chassis.testing import Identity, Served, ServiceDatabase

HOME = {"label": "Work", "address": "1 Mill Lane", "lat": 51.5, "lng": -0.1}


def test_a_customer_keeps_dogs_and_locations(business: Business) -> None:
    ann = business.ann.http
    dog = ann.post("/dogs", json={"name": "Juno", "breed": "Whippet"}).json()
    assert (dog["name"], dog["group_preference"], dog["group_eligible"]) == ("Juno", "ask", True)
    assert ann.patch(f"/dogs/{dog['id']}", json={"notes": "Shy"}).json() == {**dog, "notes": "Shy"}
    place = ann.post("/locations", json=HOME).json()
    assert place["group_walks_available"] is False
    assert ann.patch(f"/locations/{place['id']}", json={"lat": 52}).json() == {**place, "lat": 52.0}
    assert len(ann.get("/dogs").json()["items"]) == len(ann.get("/locations").json()["items"]) == 2
    assert ann.delete(f"/dogs/{dog['id']}").status_code == 204
    assert ann.delete(f"/locations/{place['id']}").status_code == 204
    assert len(ann.get("/dogs").json()["items"]) == len(ann.get("/locations").json()["items"]) == 1
    wish = business.wish(business.ann, dog_ids=[dog["id"]], location_id=place["id"])
    refused = book(business.ann, wish)
    assert [f["path"] for f in refused.json()["fields"]] == ["location_id", "dog_ids.0"]


def test_two_changes_at_once_are_both_kept(business: Business) -> None:
    ann, dog = business.ann.http, f"/dogs/{business.ann.dog}"
    with ThreadPoolExecutor(2) as both:
        for number in range(15):
            changes = ({"name": f"Juno {number}"}, {"notes": f"Shy {number}"})
            answers = both.map(lambda change: ann.patch(dog, json=change), changes)
            assert [answer.status_code for answer in answers] == [200, 200]
            [kept] = ann.get("/dogs").json()["items"]
            assert (kept["name"], kept["notes"]) == (f"Juno {number}", f"Shy {number}")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lat": 91}, "lat"),
        ({"lng": -180.5}, "lng"),
        ({"lat": "51"}, "lat"),
        ({"lat": True}, "lat"),
        ({"label": " "}, "label"),
        ({"address": "x" * 201}, "address"),
        ({"customer_id": str(uuid4())}, "customer_id"),
        ({"id": str(uuid4())}, "id"),
    ],
)
def test_a_wrong_location_is_refused_by_the_name_of_its_field(business: Business, change: dict, field: str) -> None:
    refused = business.ann.http.post("/locations", json={**HOME, **change})
    assert (refused.status_code, [f["path"] for f in refused.json()["fields"]]) == (422, [field])


def test_staff_decide_on_groups_and_owners_on_all_else(business: Business) -> None:
    office, path = business.staff("admin"), f"/dogs/{business.ann.dog}"
    no = {"group_eligible": False, "group_ineligible_reason": "Bites"}
    assert office.patch(path, json=no).json()["group_eligible"] is False
    assert office.patch(path, json={"name": "Rex"}).status_code == 403
    assert business.ann.http.patch(path, json={"group_eligible": True}).status_code == 403
    assert business.ann.http.patch(path, json={"group_preference": "opted_out"}).json()["group_eligible"] is False
    assert {d["id"] for d in office.get("/dogs").json()["items"]} == {str(business.ann.dog), str(business.bob.dog)}


def test_lists_show_everybody_their_own(business: Business) -> None:
    monday = next_monday()
    made = book(business.ann, business.wish(business.ann)).json()
    book(business.bob, business.wish(business.bob, walker_id=str(business.priya), count=2))
    span = f"/bookings?from={monday}&to={monday + timedelta(days=7)}"
    annes = business.ann.http.get(span).json()["items"]
    assert [b["id"] for b in annes] == [b["id"] for b in made["bookings"][:2]]
    assert (annes[0]["walker_name"], annes[0]["dog_names"], annes[0]["location"]["label"]) == (
        "Sam",
        ["Biscuit"],
        "Home",
    )
    assert "customer_name" not in annes[0]
    sams = business.staff("walker", business.sam).get(span).json()["items"]
    assert [(b["id"], b["customer_id"]) for b in sams] == [(b["id"], str(business.ann.who.account_id)) for b in annes]
    assert len(business.staff("admin").get(span).json()["items"]) == 4
    pages = business.ann.http.get("/bookings?limit=4").json()
    following = business.ann.http.get(f"/bookings?limit=200&cursor={pages['next_cursor']}").json()
    assert [b["id"] for b in pages["items"] + following["items"]] == [b["id"] for b in made["bookings"]]


def test_a_series_is_shown_with_its_bookings_and_skips(business: Business) -> None:
    wish = business.wish(business.ann)
    dates = [o["date"] for o in business.ann.http.post("/series/preview", json=wish).json()["occurrences"]]
    made = book(business.ann, {**wish, "accepted_dates": dates[1:]}).json()
    whole = business.ann.http.get(f"/series/{made['series']['id']}").json()
    assert whole["series"]["rule"] == made["series"]["rule"]
    assert (whole["series"]["booking_count"], whole["series"]["skipped_count"]) == (9, 1)
    assert [b["id"] for b in whole["bookings"]] == [b["id"] for b in made["bookings"]]
    assert [(s["date"], s["booked_as"]) for s in whole["skipped"]] == [(dates[0], None)]
    assert [s["id"] for s in business.ann.http.get("/series").json()["items"]] == [made["series"]["id"]]


def test_cancelling_frees_the_time_and_cancelling_again_does_no_more(business: Business) -> None:
    made = book(business.ann, business.wish(business.ann, count=1)).json()["bookings"][0]
    path = f"/bookings/{made['id']}/cancel"
    first = business.ann.http.post(path, json={"reason": "Vet"})
    assert (first.status_code, first.json()["booking"]["status"]) == (200, "cancelled")
    assert business.ann.http.post(path).json() == first.json()
    assert book(business.bob, business.wish(business.bob, count=1)).status_code == 201
    assert book(business.ann, business.wish(business.ann, count=1)).status_code == 409


def test_a_cancellation_within_the_businesss_notice_is_late(business: Business) -> None:
    made = book(business.ann, business.wish(business.ann)).json()
    ids = [one["id"] for one in made["bookings"]]
    until_the_second = wall_clock(next_monday(3), 9) - datetime.now(UTC)
    hours = until_the_second // timedelta(hours=1) - 1
    ann = business.client(replace(business.ann.who, cancellation_notice_hours=hours))
    assert ann.get(f"/bookings/{ids[0]}").json()["late"] is False
    assert [ann.post(f"/bookings/{one}/cancel").json()["booking"]["late"] for one in ids[:2]] == [True, False]
    strict = business.client(replace(business.ann.who, cancellation_notice_hours=hours + 7 * 24 + 2))
    answer = strict.post(f"/series/{made['series']['id']}/cancel", json={"scope": "all"}).json()
    assert (len(answer["cancelled"]), answer["late_count"]) == (8, 1)
    kept = business.rows("SELECT late, cancelled_by FROM bookings WHERE organization_id = %s ORDER BY scheduled_start")
    assert [late for late, _ in kept] == [True, False, True] + [False] * 7
    assert {by for _, by in kept} == {business.ann.who.account_id}


def test_what_has_begun_is_not_cancelled(business: Business) -> None:
    made = book(business.ann, business.wish(business.ann, count=1)).json()["bookings"][0]
    business.execute(
        "UPDATE calendar_blocks SET starts_at = now() - interval '5 minutes', ends_at = now() + interval '1 hour'"
        " WHERE organization_id = %s"
    )
    refused = business.ann.http.post(f"/bookings/{made['id']}/cancel")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-cancellable")


def test_a_series_is_cancelled_whole_or_from_a_date_on(business: Business) -> None:
    made = book(business.ann, business.wish(business.ann)).json()
    path, dates = f"/series/{made['series']['id']}/cancel", [b["date"] for b in made["bookings"]]
    some = business.ann.http.post(path, json={"scope": "following", "from": dates[7]}).json()
    assert (some["cancelled"], some["kept"]) == ([b["id"] for b in made["bookings"][7:]], 7)
    assert some["series"]["status"] == "active"
    rest = business.ann.http.post(path, json={"scope": "all"}).json()
    assert (len(rest["cancelled"]), rest["kept"], rest["series"]["status"]) == (7, 0, "cancelled")
    assert business.ann.http.post(path, json={"scope": "all"}).json()["cancelled"] == []
    assert book(business.bob, business.wish(business.bob)).status_code == 201
    for wrong in ({"scope": "following"}, {"scope": "all", "from": dates[0]}):
        refused = business.ann.http.post(path, json=wrong)
        assert (refused.status_code, refused.json()["fields"][0]["path"]) == (422, "from")


def test_what_is_another_customers_looks_missing(business: Business) -> None:
    made, bob = book(business.ann, business.wish(business.ann)).json(), business.bob.http
    booking, series = made["bookings"][0]["id"], made["series"]["id"]
    answers = [
        bob.get(f"/bookings/{booking}"),
        bob.post(f"/bookings/{booking}/cancel"),
        bob.get(f"/series/{series}"),
        bob.post(f"/series/{series}/cancel", json={"scope": "all"}),
        bob.patch(f"/dogs/{business.ann.dog}", json={"name": "Mine"}),
        bob.delete(f"/dogs/{business.ann.dog}"),
        bob.patch(f"/locations/{business.ann.home}", json={"label": "Mine"}),
        bob.delete(f"/locations/{business.ann.home}"),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    for field, foreign in (("dog_ids", [str(business.ann.dog)]), ("location_id", str(business.ann.home))):
        refused = book(business.bob, business.wish(business.bob, **{field: foreign}))
        assert refused.status_code == 422
        assert refused.json()["fields"][0]["path"].startswith(field)


def test_what_is_another_organizations_looks_missing_to_its_office_too(
    business: Business, database: ServiceDatabase, identity: Identity, booking: Served
) -> None:
    other = Business(database, identity, booking.url)
    made = book(business.ann, business.wish(business.ann)).json()
    office = other.staff("admin")
    booking_id, series_id = made["bookings"][0]["id"], made["series"]["id"]
    answers = [
        office.get(f"/bookings/{booking_id}"),
        office.post(f"/bookings/{booking_id}/cancel"),
        office.get(f"/series/{series_id}"),
        office.get(f"/walkers/{business.sam}"),
        office.put(f"/walkers/{business.sam}", json={"working_hours": []}),
        office.patch(f"/services/{business.service}", json={"name": "Mine"}),
        office.get(f"/walkers/{business.sam}/time-off"),
        office.patch(f"/dogs/{business.ann.dog}", json={"group_eligible": False}),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert office.get("/bookings").json()["items"] == office.get("/series").json()["items"] == []
    wish = other.wish(other.ann, service_id=str(business.service), walker_id=str(business.sam))
    assert [f["path"] for f in book(other.ann, wish).json()["fields"]] == ["service_id"]
    wish = other.wish(other.ann, walker_id=str(business.sam))
    assert [f["path"] for f in book(other.ann, wish).json()["fields"]] == ["walker_id"]
    other.close()
