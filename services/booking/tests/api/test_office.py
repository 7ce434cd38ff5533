"""The office: the catalogue, walkers' hours, time off and calendars."""

from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from business import Business, book, next_monday, wall_clock
from chassis.testing import HANG_S, Identity, Served

WALK = {"kind": "walk", "name": "Long walk", "duration_minutes": 120, "price_cents": 3400}
GROUP = {**WALK, "kind": "group_walk", "max_dogs": 5, "group_discount_percent": 20}


def test_a_service_is_offered_changed_and_retired(business: Business) -> None:
    office, ann = business.staff("admin"), business.ann.http
    made = office.post("/services", json=WALK)
    assert made.status_code == 201
    service = made.json()
    assert (service["currency"], service["active"], service["max_dogs"]) == ("GBP", True, None)
    changed = office.patch(f"/services/{service['id']}", json={"price_cents": 3500}).json()
    assert changed == {**service, "price_cents": 3500}
    assert service["id"] in [s["id"] for s in ann.get("/services").json()["items"]]
    assert office.delete(f"/services/{service['id']}").json()["active"] is False
    assert service["id"] not in [s["id"] for s in ann.get("/services").json()["items"]]
    assert service["id"] in [s["id"] for s in office.get("/services").json()["items"]]
    refused = book(business.ann, business.wish(business.ann, service_id=service["id"]))
    assert [f["path"] for f in refused.json()["fields"]] == ["service_id"]


def test_customers_see_what_a_group_walk_costs_them_and_the_full_price(business: Business) -> None:
    office = business.staff("admin")
    office.post("/services", json=GROUP)
    [seen] = [s for s in business.ann.http.get("/services").json()["items"] if s["kind"] == "group_walk"]
    assert (seen["price_cents"], seen["full_price_cents"]) == (2720, 3400)
    refused = book(business.ann, business.wish(business.ann, service_id=seen["id"]))
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/service-kind-mismatch")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"duration_minutes": 0}, "duration_minutes"),
        ({"duration_minutes": 60.0}, "duration_minutes"),
        ({"duration_minutes": "60"}, "duration_minutes"),
        ({"price_cents": -1}, "price_cents"),
        ({"price_cents": 10**12}, "price_cents"),
        ({"kind": "swim"}, "kind"),
        ({"max_dogs": 4}, "max_dogs"),
        ({"currency": "EUR"}, "currency"),
    ],
)
def test_a_wrong_service_is_refused_by_the_name_of_its_field(business: Business, change: dict, field: str) -> None:
    refused = business.staff("admin").post("/services", json={**WALK, **change})
    assert refused.status_code == 422
    assert [f["path"] for f in refused.json()["fields"]] == [field]


def test_a_walkers_hours_decide_what_can_be_booked(business: Business) -> None:
    office, sam = business.staff("admin"), f"/walkers/{business.sam}"
    hours = [
        {"weekday": "MO", "opens": "09:00", "closes": "10:00"},
        {"weekday": "SU", "opens": "00:00", "closes": "24:00"},
    ]
    changed = office.put(sam, json={"working_hours": hours, "travel_mode": "walking"})
    assert changed.json()["working_hours"] == hours
    assert business.ann.http.get(sam).json()["travel_mode"] == "walking"
    preview = business.ann.http.post("/series/preview", json=business.wish(business.ann, weekdays=["MO", "TU"])).json()
    assert [o["outcome"] for o in preview["occurrences"][:2]] == ["available", "conflict"]
    office.put(sam, json={"working_hours": [], "active": False})
    assert business.ann.http.get(sam).status_code == 404
    assert [w["id"] for w in business.ann.http.get("/walkers").json()["items"]] == [str(business.priya)]
    refused = book(business.ann, business.wish(business.ann))
    assert [f["path"] for f in refused.json()["fields"]] == ["walker_id"]


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        ([("MO", "10:00", "09:00")], "working_hours.0.closes"),
        ([("MO", "09:00", "12:00"), ("MO", "11:00", "13:00")], "working_hours.1"),
        ([("XX", "09:00", "12:00")], "working_hours.0.weekday"),
        ([("MO", "9:00", "12:00")], "working_hours.0.opens"),
        ([("MO", "09:00", "24:30")], "working_hours.0.closes"),
    ],
)
def test_wrong_hours_are_refused_by_the_name_of_their_field(business: Business, hours: list, field: str) -> None:
    wish = {"working_hours": [dict(zip(("weekday", "opens", "closes"), h, strict=True)) for h in hours]}
    refused = business.staff("admin").put(f"/walkers/{business.sam}", json=wish)
    assert (refused.status_code, [f["path"] for f in refused.json()["fields"]]) == (422, [field])


def test_a_week_off_is_one_thing_and_is_freed_as_one(business: Business) -> None:
    sam, monday = business.staff("walker", business.sam), next_monday()
    path = f"/walkers/{business.sam}/time-off"
    span = {"starts_at": f"{monday}T00:00:00Z", "ends_at": f"{monday + timedelta(days=5)}T12:00:00Z", "note": "Holiday"}
    made = sam.post(path, json=span)
    assert made.status_code == 201
    assert sam.get(path).json()["items"] == [made.json()]
    assert business.count()["calendar_blocks"] == 6
    conflicts = book(business.ann, business.wish(business.ann)).json()["occurrences"][0]["conflicts"]
    assert [(c["reason"], c["message"]) for c in conflicts] == [("block", "Walker is off")]
    again = sam.post(path, json=span)
    assert (again.status_code, again.json()["fields"][0]["path"]) == (422, "starts_at")
    assert sam.delete(f"{path}/{made.json()['id']}").status_code == 204
    assert sam.get(path).json()["items"] == []
    assert sam.delete(f"{path}/{made.json()['id']}").status_code == 404
    assert book(business.ann, business.wish(business.ann)).status_code == 201


def test_time_off_over_bookings_names_them_or_cancels_them_when_asked(business: Business) -> None:
    office, monday = business.staff("admin"), next_monday()
    made = book(business.ann, business.wish(business.ann)).json()
    path = f"/walkers/{business.sam}/time-off"
    span = {"starts_at": f"{monday}T00:00:00Z", "ends_at": f"{monday + timedelta(days=8)}T00:00:00Z"}
    refused = office.post(path, json=span)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/bookings-in-the-way")
    assert [b["id"] for b in refused.json()["bookings"]] == [b["id"] for b in made["bookings"][:2]]
    assert office.post(path, json={**span, "cancel_bookings": True}).status_code == 201
    first = business.ann.http.get(f"/bookings/{made['bookings'][0]['id']}").json()
    assert (first["status"], first["cancel_reason"]) == ("cancelled", "time_off")
    events = [
        e for (e,) in business.rows("SELECT event::json FROM outbox WHERE organization_id = %s ORDER BY position")
    ]
    assert [event["type"] for event in events] == ["series.created", "booking.cancelled", "booking.cancelled"]
    [one, other] = [event["data"] for event in events[1:]]
    assert one["action"] == other["action"]
    starts = [b["scheduled_start"] for b in made["bookings"][:2]]
    extent = {"bookings": 2, "late": 0, "first_start": starts[0], "last_start": starts[1]}
    assert (one["action"]["customer"], one["action"]["walker"]) == (extent, extent)
    assert one["by"]["role"] == "admin"
    assert len(business.ann.http.get("/bookings?status=scheduled").json()["items"]) == 8


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends_at": "2020-01-01T00:00:00Z"}, "ends_at"),
        ({"ends_at": "2099-01-01T00:00:00Z"}, "ends_at"),
        ({"starts_at": "2026-12-07T09:00:00"}, "starts_at"),
        ({"starts_at": 0}, "starts_at"),
        ({"starts_at": "9999-12-31T23:59:59-23:59"}, "starts_at"),
        ({"cancel_bookings": "yes"}, "cancel_bookings"),
    ],
)
def test_wrong_time_off_is_refused_by_the_name_of_its_field(business: Business, change: dict, field: str) -> None:
    monday = next_monday()
    span = {"starts_at": f"{monday}T00:00:00Z", "ends_at": f"{monday}T12:00:00Z"}
    refused = business.staff("admin").post(f"/walkers/{business.sam}/time-off", json={**span, **change})
    assert (refused.status_code, [f["path"] for f in refused.json()["fields"]]) == (422, [field])


def test_time_off_at_the_end_of_the_calendar_is_refused(business: Business) -> None:
    span = {"starts_at": "9999-12-31T12:00:00Z", "ends_at": "9999-12-31T23:00:00Z"}
    refused = business.staff("admin").post(f"/walkers/{business.sam}/time-off", json=span)
    assert (refused.status_code, [f["path"] for f in refused.json()["fields"]]) == (422, ["starts_at", "ends_at"])


def test_a_calendar_shows_what_is_taken_with_its_bookings(business: Business) -> None:
    monday = next_monday()
    made = book(business.ann, business.wish(business.ann, count=1)).json()["bookings"][0]
    business.ann.http.patch(f"/dogs/{business.ann.dog}", json={"breed": "Beagle", "notes": "Key is under the pot"})
    off = business.block(business.sam, wall_clock(monday, 14), kind="time_off")
    calendar = business.staff("walker", business.sam).get(
        f"/calendar?walker_id={business.sam}&from={monday}&to={monday}"
    )
    visit, time_off = calendar.json()["blocks"]
    assert (visit["kind"], visit["starts_at"]) == ("visit", made["scheduled_start"])
    assert [(b["id"], b["dog_names"], b["location"]["address"]) for b in visit["bookings"]] == [
        (made["id"], ["Biscuit"], "12 Elm Row")
    ]
    [dog] = visit["bookings"][0]["dogs"]
    assert dog == {
        "id": str(business.ann.dog),
        "name": "Biscuit",
        "breed": "Beagle",
        "notes": "Key is under the pot",
    }
    assert (time_off["id"], time_off["kind"], time_off["bookings"]) == (str(off), "time_off", [])


def test_the_gateway_alone_tells_of_accounts(business: Business, identity: Identity, booking: Served) -> None:
    account = uuid4()
    path, tom = f"/internal/accounts/{account}", {"role": "walker", "name": "Tom"}
    for client in (business.staff("admin"), business.ann.http):
        assert client.put(path, json=tom).status_code == 403
    office = identity.person("admin", business.id)
    headers = identity.headers("booking", office.through("gateway"))
    assert httpx.put(booking.url + path, json=tom, headers=headers, timeout=HANG_S).status_code == 204
    walker = business.ann.http.get(f"/walkers/{account}").json()
    assert (walker["name"], walker["working_hours"], walker["active"]) == ("Tom", [], True)
    httpx.put(booking.url + path, json={**tom, "active": False}, headers=headers, timeout=HANG_S)
    assert business.ann.http.get(f"/walkers/{account}").status_code == 404
    assert httpx.get(booking.url + "/services", headers=headers, timeout=HANG_S).status_code == 403


def test_lists_are_paged_by_key(business: Business) -> None:
    office = business.staff("admin")
    for number in range(5):
        office.post("/services", json={**WALK, "name": f"Walk {number}"})
    seen, cursor = [], ""
    while cursor is not None:
        answer = office.get(f"/services?limit=2{cursor and '&cursor=' + cursor}").json()
        seen += [s["name"] for s in answer["items"]]
        cursor = answer["next_cursor"]
    assert seen == ["Neighbourhood walk", *(f"Walk {n}" for n in range(5))]
    for wrong in ("x", "bm9uc2Vuc2U", "WzEsMl0", "W10"):
        refused = office.get(f"/services?cursor={wrong}")
        assert (refused.status_code, refused.json()["fields"][0]["path"]) == (422, "cursor")


def test_a_walker_does_not_see_or_change_another_walkers_time(business: Business) -> None:
    priya, monday = business.staff("walker", business.priya), next_monday()
    span = {"starts_at": f"{monday}T00:00:00Z", "ends_at": f"{monday}T12:00:00Z"}
    assert priya.get(f"/calendar?walker_id={business.sam}&from={monday}&to={monday}").status_code == 404
    assert priya.post(f"/walkers/{business.sam}/time-off", json=span).status_code == 404
    assert priya.get(f"/walkers/{business.sam}/time-off").status_code == 404
    for path in ("/services", f"/walkers/{business.sam}"):
        assert priya.request("POST" if path == "/services" else "PUT", path, json=WALK).status_code in (403, 422)
    assert isinstance(business.sam, UUID)
