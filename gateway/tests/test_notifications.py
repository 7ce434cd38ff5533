"""What somebody does reaches the people concerned: once, and nobody else."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from people import Person
from town import Town, told


def test_a_walker_hears_once_of_a_series(town: Town) -> None:
    made = town.book(weeks=10)
    town.book(weeks=1, start_time="11:00")
    [series, other] = told(town.sam, 2)
    assert series["title"] == "Ann booked 10 walks with you"
    assert series["about"] == {"type": "series", "id": made["series"]["id"]}
    assert (series["kind"], series["read_at"]) == ("walks_booked", None)
    assert other["title"] == "Ann booked a walk with you"
    assert town.ann.client.get("/notifications").json() == {"items": [], "next_cursor": None, "unread_count": 0}
    assert town.admin.client.get("/notifications").json()["items"] == []


def test_who_cancelled_is_not_told_and_the_others_are(town: Town) -> None:
    first, second = town.book(start_time="09:00"), town.book(start_time="11:00")
    path = "/series/{}/cancel"
    assert town.ann.client.post(path.format(first["series"]["id"]), json={"scope": "all"}).status_code == 200
    assert town.admin.client.post(path.format(second["series"]["id"]), json={"scope": "all"}).status_code == 200
    titles = [one["title"] for one in told(town.sam, 4)]
    assert sorted(titles) == [
        "Ann booked 10 walks with you",
        "Ann booked 10 walks with you",
        "Ann cancelled 10 walks with you",
        "The office cancelled 10 walks with you",
    ]
    assert [one["title"] for one in told(town.ann)] == ["The office cancelled 10 of your walks"]


def test_a_walker_hears_of_a_skipped_date_that_is_booked_after_all(town: Town) -> None:
    left_out = town.book(weeks=3, leave_out=1)
    path = f"/series/{left_out['series']['id']}/skipped/{left_out['skipped'][0]['date']}/book"
    assert town.ann.client.post(path, headers={"x-idempotency-key": str(uuid4())}).status_code == 201
    [_, later] = told(town.sam, 2)
    assert (later["title"], later["kind"]) == ("Ann booked a walk with you", "walks_booked")
    assert later["about"] == {"type": "series", "id": left_out["series"]["id"]}


def test_a_walker_hears_of_short_notice_by_the_businesss_own(town: Town) -> None:
    made = town.book(weeks=10)
    second = datetime.fromisoformat(made["bookings"][1]["scheduled_start"])
    until_the_second = (second - datetime.now(UTC)) // timedelta(hours=1)
    notice = {"cancellation_notice_hours": until_the_second + 3 * 24}
    assert town.admin.client.patch("/organization", json=notice).status_code == 200
    first, path = made["bookings"][0]["id"], f"/series/{made['series']['id']}/cancel"
    assert town.ann.client.post(f"/bookings/{first}/cancel").json()["booking"]["late"] is True
    assert town.ann.client.post(path, json={"scope": "all"}).json()["late_count"] == 1
    assert [one["title"] for one in told(town.sam, 3)][1:] == [
        "Ann cancelled a walk with you at short notice",
        "Ann cancelled 9 walks with you, 1 of them at short notice",
    ]


def test_walks_that_are_on_again_are_told_to_whoever_heard_of_their_end(town: Town) -> None:
    made = town.book(weeks=3)
    path, single = f"/series/{made['series']['id']}", made["bookings"][0]["id"]
    assert town.ann.client.post(f"/bookings/{single}/cancel").status_code == 200
    assert town.ann.client.post(f"/bookings/{single}/restore").status_code == 200
    ids = town.admin.client.post(f"{path}/cancel", json={"scope": "all"}).json()["cancelled"]
    assert town.admin.client.post(f"{path}/restore", json={"booking_ids": ids}).json()["restored"] == ids
    sams = told(town.sam, 5)
    assert [one["title"] for one in sams] == [
        "Ann booked 3 walks with you",
        "Ann cancelled a walk with you",
        "Ann's walk with you is on again",
        "The office cancelled 3 walks with you",
        "Ann's 3 walks with you are on again",
    ]
    assert (sams[4]["kind"], sams[4]["about"]["type"]) == ("walks_restored", "series")
    assert [one["title"] for one in told(town.ann, 2)] == [
        "The office cancelled 3 of your walks",
        "3 of your walks are on again",
    ]


def test_a_walk_that_was_moved_is_told_to_customer_walker_and_former_walker(town: Town) -> None:
    priya = town.walker("Priya")
    hours = [{"weekday": day, "opens": "06:00", "closes": "22:00"} for day in ("MO", "TU")]
    path, body = f"/walkers/{priya.account['id']}", {"travel_mode": "driving", "working_hours": hours, "active": True}
    assert town.admin.client.put(path, json=body).status_code == 200
    walk = town.book(weeks=2)["bookings"][0]

    def move(person: Person, at: str, **more: str) -> None:
        to = {"date": walk["date"], "start_time": at, **more}
        headers = {"x-idempotency-key": str(uuid4())}
        moved = person.client.post(f"/bookings/{walk['id']}/reschedule", json=to, headers=headers)
        assert moved.status_code == 200, moved.text

    move(town.ann, "09:30")
    move(town.admin, "11:00", walker_id=priya.account["id"])
    sams = told(town.sam, 3)
    assert [one["title"] for one in sams[1:]] == [
        "Ann moved a walk with you",
        "The office moved a walk with you to another walker",
    ]
    assert (sams[1]["kind"], sams[1]["about"]) == ("walks_moved", {"type": "booking", "id": walk["id"]})
    assert "at 09:30, instead of" in sams[1]["body"]
    assert [one["title"] for one in told(priya)] == ["Ann booked a walk with you"]
    assert [one["title"] for one in told(town.ann)] == ["The office moved a walk of yours"]


def test_a_customer_hears_what_the_office_booked_for_them(town: Town) -> None:
    walk = town.book(weeks=1)["bookings"][0]
    named = ("service_id", "walker_id", "location_id", "dog_ids", "date")
    body = {**{name: walk[name] for name in named}, "start_time": "15:00", "on_behalf_of": town.ann.account["id"]}
    headers = {"x-idempotency-key": str(uuid4())}
    assert town.admin.client.post("/bookings", json=body, headers=headers).status_code == 201
    assert [one["title"] for one in told(town.ann)] == ["The office booked a walk for you"]
    assert [one["title"] for one in told(town.sam, 2)][1] == "Ann booked a walk with you"


def test_one_action_over_many_bookings_tells_each_person_once(town: Town) -> None:
    made = town.book(weeks=10)
    starts = [one["scheduled_start"] for one in made["bookings"]]
    span = {"starts_at": starts[2], "ends_at": starts[6], "note": "Holiday", "cancel_bookings": True}
    walker = town.sam.account["id"]
    assert town.admin.client.post(f"/walkers/{walker}/time-off", json=span).status_code == 201
    single = made["bookings"][0]["id"]
    assert town.admin.client.post(f"/bookings/{single}/cancel", json={}).status_code == 200
    # The last event is about the last cancellation: when that has come, everything before it has.
    assert [one["title"] for one in told(town.ann, 2)] == [
        "The office cancelled 4 of your walks",
        "The office cancelled a walk of yours",
    ]
    assert [one["title"] for one in told(town.sam, 3)][1:] == [
        "The office cancelled 4 walks with you",
        "The office cancelled a walk with you",
    ]


def test_notifications_are_read_one_by_one_and_all_at_once_by_nobody_else(town: Town) -> None:
    for hour in (9, 11, 13):
        town.book(weeks=1, start_time=f"{hour:02}:00")
    [first, _, _] = told(town.sam, 3)
    page = town.sam.client.get("/notifications?limit=2").json()
    assert (len(page["items"]), page["unread_count"]) == (2, 3)
    rest = town.sam.client.get("/notifications", params={"limit": 2, "cursor": page["next_cursor"]}).json()
    assert [one["id"] for one in rest["items"]] == [first["id"]]
    assert town.ann.client.post(f"/notifications/{first['id']}/read").status_code == 404
    assert town.admin.client.post(f"/notifications/{first['id']}/read").status_code == 404
    read = town.sam.client.post(f"/notifications/{first['id']}/read").json()["notification"]
    assert read["read_at"]
    assert town.sam.client.post(f"/notifications/{first['id']}/read").json()["notification"] == read
    assert town.sam.client.get("/notifications").json()["unread_count"] == 2
    town.ann.client.post("/notifications/read")
    assert town.sam.client.get("/notifications").json()["unread_count"] == 2
    assert town.sam.client.post("/notifications/read").status_code == 204
    assert town.sam.client.get("/notifications").json()["unread_count"] == 0
    assert town.sam.client.post(f"/notifications/{uuid4()}/read").status_code == 404
    assert town.sam.client.get("/notifications?cursor=nonsense").json()["fields"][0]["path"] == "cursor"
