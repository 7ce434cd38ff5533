"""What somebody does reaches the people concerned: once, live, across replicas, and nobody else."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import psycopg
import pytest

from chassis.testing import HANG_S, Process, Served, ServiceDatabase, eventually, make_topics
from conftest import Serving, product
from people import Business, Person

CONTRACTS = Path(__file__).parents[2] / "contracts"


@pytest.fixture(scope="module")
def kafka() -> dict[str, str]:
    """Topics of this module's own."""
    return {name.lower(): value for name, value in make_topics(CONTRACTS).items()}


@pytest.fixture(scope="module")
def two(serving: Serving, booking_database: ServiceDatabase, kafka: dict[str, str]) -> Iterator[tuple[Served, Served]]:
    """Two gateways, one of which hears of what the other one passes on, or the reverse; and booking."""
    names = {"kafka_instance": uuid4().hex}, {"kafka_instance": uuid4().hex}
    with (
        product(serving, booking_database, stream_heartbeat_s=0.3, **kafka, **names[0]) as first,
        serving(session_cache_s=0, stream_heartbeat_s=0.3, **kafka, **names[1]) as second,
    ):
        yield first, second


@pytest.fixture
def town(two: tuple[Served, Served]) -> Iterator["Town"]:
    """A business with a walker who has hours, and a customer with a dog and a home."""
    made = Town(two[0].url)
    yield made
    made.close()


class Town(Business):
    """A business in which walks can be booked."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.sam, self.ann = self.walker("Sam"), self.customer("Ann")
        self.service = self._made(
            self.admin, "/services", kind="walk", name="Long walk", duration_minutes=60, price_cents=1
        )
        hours = [{"weekday": day, "opens": "06:00", "closes": "22:00"} for day in ("MO", "TU", "WE", "TH", "FR")]
        wish = {"travel_mode": "driving", "working_hours": hours, "active": True}
        assert self.admin.client.put(f"/walkers/{self.sam.account['id']}", json=wish).status_code == 200
        self.dog = self._made(self.ann, "/dogs", name="Biscuit")
        self.home = self._made(self.ann, "/locations", label="Home", address="12 Elm Row", lat=51.5, lng=-0.1)

    def _made(self, who: Person, path: str, **body: Any) -> str:
        answer = who.client.post(path, json=body)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        return str(made.get("id") or next(iter(made.values()))["id"])

    def book(self, weeks: int = 10, start_time: str = "09:00", leave_out: int = 0) -> dict[str, Any]:
        """Book Ann a series with Sam. leave_out: how many of its dates, from the first on."""
        monday = datetime.now(UTC).date() + timedelta(days=14 - datetime.now(UTC).weekday())
        wish = {
            "service_id": self.service,
            "walker_id": self.sam.account["id"],
            "location_id": self.home,
            "dog_ids": [self.dog],
            "starts_on": monday.isoformat(),
            "start_time": start_time,
            "weekdays": ["MO"],
            "interval_weeks": 1,
            "count": weeks,
        }
        if leave_out:
            wish["accepted_dates"] = [str(monday + timedelta(days=7 * n)) for n in range(leave_out, weeks)]
        answer = self.ann.client.post("/series", json=wish, headers={"x-idempotency-key": str(uuid4())})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


def told(person: Person, at_least: int = 1) -> list[dict[str, Any]]:
    """Wait until somebody has been told some things. Returns them, the oldest first."""

    def enough() -> list[dict[str, Any]] | None:
        found = person.client.get("/notifications").json()["items"]
        return found if len(found) >= at_least else None

    return list(reversed(eventually(enough, f"told of {at_least} things")))


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


class Stream:
    """An open event stream; lines are read by a thread, as a browser does."""

    def __init__(self, url: str, token: str, last: str | None = None) -> None:
        headers = {"authorization": f"Bearer {token}"} | ({"last-event-id": last} if last else {})
        self._client = httpx.Client(timeout=HANG_S)
        self._context = self._client.stream("GET", f"{url}/api/v1/notifications/stream", headers=headers)
        self.answer = self._context.__enter__()
        self.lines: list[str] = []
        self._closing = False
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            for line in self.answer.iter_lines():
                self.lines.append(line)
                if self._closing:
                    break
        except httpx.HTTPError as error:
            self.lines.append(f"! {type(error).__name__}")
        self.ended.set()

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the ids and notifications that came so far."""
        blocks = "\n".join(self.lines).split("\n\n")
        whole = [
            dict(line.split(": ", 1) for line in b.splitlines() if ": " in line[1:]) for b in blocks if "id: " in b
        ]
        return [(one["id"], orjson.loads(one["data"])) for one in whole if {"id", "data"} <= one.keys()]

    def until(self, true: Callable[["Stream"], bool]) -> "Stream":
        """Wait until something is true of the stream."""
        eventually(lambda: true(self) or self.ended.is_set(), "the stream says so")
        assert true(self), f"it ended with {self.lines[-10:]}"
        return self

    def close(self) -> None:
        """Hang up, as a page that is closed."""
        self._closing = True  # noticed with the next heartbeat
        self._thread.join(HANG_S)
        self._context.__exit__(None, None, None)
        self._client.close()


@contextmanager
def stream(served: Served, person: Person, last: str | None = None) -> Iterator[Stream]:
    """Open a stream that is established."""
    made = Stream(served.url, person.token, last)
    try:
        yield made.until(lambda one: len(one.lines) > 1)
    finally:
        made.close()


def test_a_notification_arrives_live_whichever_replica_the_page_is_at(two: tuple[Served, Served], town: Town) -> None:
    with stream(two[0], town.sam) as first, stream(two[1], town.sam) as second, stream(two[1], town.ann) as other:
        town.book()
        for one in (first, second):
            [(_, notification)] = one.until(lambda s: len(s.events()) == 1).events()
            assert notification == told(town.sam)[0]
        assert other.until(lambda s: ": still here" in s.lines).events() == []
    assert first.answer.headers["content-type"].startswith("text/event-stream")


def test_a_stream_resumes_where_it_was_without_gap_or_double(two: tuple[Served, Served], town: Town) -> None:
    with stream(two[0], town.sam) as before:
        town.book(weeks=1, start_time="08:00")
        [(last, _)] = before.until(lambda s: len(s.events()) == 1).events()
    for hour in (10, 12, 14):
        town.book(weeks=1, start_time=f"{hour}:00")
    missed = told(town.sam, 4)[1:]
    with stream(two[1], town.sam, last) as after:
        town.book(weeks=1, start_time="16:00")
        got = after.until(lambda s: len(s.events()) == 4).events()
    assert [one["id"] for _, one in got[:3]] == [one["id"] for one in missed]
    assert [int(sequence) for sequence, _ in got] == sorted(int(sequence) for sequence, _ in got)


@pytest.mark.parametrize("told_before", [0, 1])
def test_a_page_from_another_life_of_the_database_begins_afresh(
    two: tuple[Served, Served], town: Town, told_before: int
) -> None:
    for _ in range(told_before):
        town.book(weeks=1, start_time="08:00")
        told(town.sam, 1)
    with stream(two[1], town.sam, "4711") as ahead:
        town.book(weeks=1, start_time="10:00")
        [(reset, nothing), (first, _)] = ahead.until(lambda s: len(s.events()) == 2).events()
        assert [line for line in ahead.lines if line.startswith("event: ")] == ["event: reset", "event: notification"]
        assert (reset, first, nothing) == (str(told_before), str(told_before + 1), {})
    with stream(two[1], town.sam, "1") as level:
        level.until(lambda s: ": still here" in s.lines or s.events())
        assert "event: reset" not in level.lines


def test_a_last_event_id_that_is_none_is_refused_by_its_name(town: Town) -> None:
    for wrong in ("abc", "-1", "9" * 30, "\u0661"):
        answer = town.sam.client.get("/notifications/stream", headers={"last-event-id": wrong.encode()})
        assert (answer.status_code, answer.json()["fields"][0]["path"]) == (422, "Last-Event-ID")


def test_a_stream_ends_with_its_session(two: tuple[Served, Served], town: Town) -> None:
    with stream(two[1], town.sam) as open_one:
        assert town.sam.client.delete("/session").status_code == 204
        assert open_one.until(lambda s: s.ended.is_set()).lines[-1] != "! ReadError"
    assert town.sam.client.get("/notifications/stream").status_code == 401


def test_an_account_has_five_streams_at_most_and_gets_them_back(two: tuple[Served, Served], town: Town) -> None:
    with ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(stream(two[0], town.sam))
        refused = town.sam.client.get("/notifications/stream")
        assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many-requests")
        with stream(two[0], town.ann):
            pass

    def let_in() -> bool:
        with town.sam.client.stream("GET", "/notifications/stream") as answer:
            return answer.status_code == 200

    eventually(let_in, "closed streams are no longer counted")


def test_a_notification_wakes_a_stream_that_has_no_heartbeat(
    serving: Serving, town: Town, kafka: dict[str, str]
) -> None:
    never = {"stream_heartbeat_s": 100 * HANG_S}
    with serving(never, session_cache_s=0, **kafka, kafka_instance="calm") as calm:
        one = Stream(calm.url, town.sam.token)
        one.until(lambda s: len(s.lines) > 1)
        town.book(weeks=1)
        one.until(lambda s: len(s.events()) == 1)
    one.close()


def test_a_stream_goes_on_when_the_database_hangs_up_on_who_listens(
    two: tuple[Served, Served], town: Town, database: ServiceDatabase
) -> None:
    with stream(two[1], town.sam) as live:
        with psycopg.connect(database.admin_url, autocommit=True) as admin:
            listeners = "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            eventually(
                lambda: admin.execute(f"SELECT pg_terminate_backend(pid) {listeners}").fetchall(), "they are there"
            )
        town.book(weeks=1)
        live.until(lambda s: len(s.events()) == 1)


def test_a_stream_outlives_the_limit_of_requests(serving: Serving, town: Town) -> None:
    with serving(request_timeout_s=2, stream_heartbeat_s=0.2) as impatient, ExitStack() as stack:

        def opened() -> Stream | None:  # which is a request that has to be in time
            one = Stream(impatient.url, town.sam.token)
            stack.callback(one.close)
            return one if one.answer.status_code == 200 else None

        one = eventually(opened, "a stream is opened")
        one.until(lambda s: s.lines.count(": still here") > 10)
        assert not one.ended.is_set()


def test_asked_to_stop_the_gateway_ends_its_streams_and_goes(
    database: ServiceDatabase, town: Town, tmp_path: Path
) -> None:
    settings = {"DATABASE_URL": database.url, "SHUTDOWN_GRACE_S": str(HANG_S), "STREAM_HEARTBEAT_S": "15"}
    gateway = Process("gateway", settings, tmp_path / "log")
    gateway.start()
    gateway.wait_until_ready()
    one = Stream(gateway.url, town.sam.token).until(lambda s: len(s.lines) > 1)
    gateway.stop()
    one.until(lambda s: s.ended.is_set()).close()
    assert not one.lines[-1].startswith("!")
    assert "Cancel" not in gateway.text()


def test_an_account_that_is_told_many_things_at_once_is_told_them_in_an_order(
    two: tuple[Served, Served], town: Town, database: ServiceDatabase
) -> None:
    with stream(two[1], town.sam) as live, ThreadPoolExecutor(8) as crowd:
        hours = [f"{hour:02}:{minute:02}" for hour in range(6, 20) for minute in (0,)]
        list(crowd.map(lambda at: town.book(weeks=1, start_time=at), hours[::2]))
        got = live.until(lambda s: len(s.events()) == len(hours[::2])).events()
    assert [sequence for sequence, _ in got] == sorted((sequence for sequence, _ in got), key=int)
    assert len({one["id"] for _, one in got}) == len(got)
    with psycopg.connect(database.admin_url) as admin:
        text = "SELECT count(*), max(sequence) FROM notifications WHERE account_id = %s"
        assert admin.execute(text, (UUID(town.sam.account["id"]),)).fetchone() == (len(got), len(got))
