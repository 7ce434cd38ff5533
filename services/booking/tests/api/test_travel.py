"""Ways between visits: asked of travel in one question, and guessed where travel is of no help. Nobody else's places are told."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from pydantic import SecretStr

from booking.app import create_app as create_booking
from booking.clients.travel import answers
from booking.settings import Settings
from business import Business, book, next_monday, wall_clock
from chassis.testing import (
    HANG_S,
    Identity,
    ServiceDatabase,
    create_database,
    drop_database,
    eventually,
    free_port,
    serve,
)
from google_stand_in import KEY, Google
from travel.app import create_app as create_travel
from travel.settings import Settings as TravelSettings

TRAVEL = Path(__file__).parents[3] / "travel"
NEAR, FAR = 51.508, 51.53  # 0.9 and 3.3 km north of home: 3 and 11 minutes by our estimate
Serving = Callable[..., Business]


@pytest.fixture(scope="session")
def travel_database() -> Iterator[ServiceDatabase]:
    """Travel's own database."""
    made = create_database("travel", TRAVEL)
    yield made
    drop_database(made)


@pytest.fixture
def google(travel_database: ServiceDatabase) -> Iterator[Google]:
    """Google, as it answers this test; nothing of other tests' answers is kept."""
    with psycopg.connect(travel_database.admin_url, autocommit=True) as admin:
        admin.execute("TRUNCATE travel_times")
    made = Google().start()
    yield made
    made.stop()


@pytest.fixture
def serving(
    database: ServiceDatabase, travel_database: ServiceDatabase, identity: Identity, google: Google
) -> Iterator[Serving]:
    """A business whose booking asks a real travel, which asks Google; or whatever stands at `travel_url`."""
    with ExitStack() as stack:

        def business(travel_url: str | None = None, **settings: Any) -> Business:
            port, real = free_port(), travel_url is None
            if travel_url is None:
                theirs = TravelSettings(
                    database_url=SecretStr(travel_database.url),
                    jwks_url=identity.jwks_url,
                    booking_jwks_url=f"http://127.0.0.1:{port}/.well-known/jwks.json",
                    google_maps_api_key=SecretStr(KEY),
                    google_routes_base_url=google.url,
                )
                patient = theirs.model_copy(update={"travel_budget_s": HANG_S})
                travel_url = stack.enter_context(serve(create_travel(patient))).url
            named = {"database_url": SecretStr(database.url), "jwks_url": identity.jwks_url, "travel_url": travel_url}
            config = Settings(**named, **settings)
            if real:
                config = config.model_copy(update={"travel_timeout_s": HANG_S})
            served = stack.enter_context(serve(create_booking(config), port=port))
            made = Business(database, identity, served.url)
            stack.callback(made.close)
            return made

        yield business


def preview(business: Business, **changes: Any) -> dict[str, Any]:
    answer = business.ann.http.post("/series/preview", json=business.wish(business.ann, **changes))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def beside(business: Business, minutes_after: int, lat: float = FAR, weeks: int = 1) -> None:
    """Give Sam a visit so many minutes after the end of Ann's, every week."""
    for week in range(weeks):
        ends = wall_clock(next_monday(), 10) + timedelta(weeks=week)
        business.block(business.sam, ends + timedelta(minutes=minutes_after), lat=lat)


def kinds(found: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    return [
        (c["reason"], c["severity"], c["message"], c["estimated"]) for o in found["occurrences"] for c in o["conflicts"]
    ]


def test_a_series_asks_travel_once_and_google_for_each_way_once(serving: Serving, google: Google) -> None:
    business = serving()
    beside(business, 45, weeks=10)
    before = asked()
    found = preview(business)
    assert asked() - before == 1
    assert (found["available_count"], found["conflict_count"]) == (10, 0)
    assert (len(google.requests), google.billed) == (1, 1)
    preview(business)
    assert book(business.ann, business.wish(business.ann)).status_code == 201
    assert len(google.requests) == 1


def test_no_time_to_get_there_by_googles_figure_and_the_buffer_is_a_hard_conflict(
    serving: Serving, google: Google
) -> None:
    business = serving()
    beside(business, 18)  # 3.3 km take 7 minutes without traffic, and the buffer is 15
    found = preview(business, count=1)
    assert kinds(found) == [("travel_time", "hard", "Walker cannot get to the next visit in time", False)]
    assert [o["outcome"] for o in found["occurrences"]] == ["conflict"]
    refused = book(business.ann, business.wish(business.ann, count=1))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/booking-conflicts")
    assert google.billed >= 1


def test_what_is_offered_instead_leaves_time_to_drive_by_googles_figures(serving: Serving, google: Google) -> None:
    business = serving()
    beside(business, 10)
    business.execute("UPDATE walkers SET active = false WHERE organization_id = %s AND id = %s", business.priya)
    [wanted] = preview(business, count=1)["occurrences"]
    assert wanted["outcome"] == "conflict"
    assert wanted["alternatives"]
    for other in wanted["alternatives"]:
        assert taken_instead(business, wanted, other) == ["available"]


def test_where_the_roads_are_slower_than_we_guessed_nothing_is_offered_that_nobody_knows(
    serving: Serving, google: Google
) -> None:
    google.jam = 4
    business = serving()
    beside(business, 30)  # enough by our estimate, so nothing was offered before Google said otherwise
    business.execute("UPDATE walkers SET active = false WHERE organization_id = %s AND id = %s", business.priya)
    [wanted] = preview(business, count=1)["occurrences"]
    assert [(c["message"], c["estimated"]) for c in wanted["conflicts"]] == [
        ("Walker cannot get to the next visit in time", False)
    ]
    assert wanted["alternatives"]
    for other in wanted["alternatives"]:
        assert taken_instead(business, wanted, other) == ["available"]


def taken_instead(business: Business, wanted: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Choose an alternative. Returns the outcome."""
    chosen = {"date": wanted["date"], **{k: other[k] for k in ("scheduled_start", "walker_id")}}
    again = preview(business, count=1, accepted_dates=[wanted["date"]], replacements=[chosen])
    return [one["outcome"] for one in again["occurrences"]]


def test_a_long_gap_is_nothing_to_pay_for(serving: Serving, google: Google) -> None:
    business = serving()
    beside(business, 110, lat=NEAR, weeks=10)
    assert preview(business)["available_count"] == 10
    assert google.requests == []


def test_an_estimate_warns_where_a_figure_forbids_and_says_that_it_is_one(serving: Serving, google: Google) -> None:
    google.how = "http 400"
    business = serving()
    beside(business, 18)
    found = preview(business, count=1)
    assert kinds(found) == [("travel_time", "warning", "Little time for the walker to get to the next visit", True)]
    made = book(business.ann, business.wish(business.ann, count=1))
    assert made.status_code == 201


def _walls(behaviour: str) -> Iterator[str]:
    """Something that listens where travel should be."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status, answer = RUBBISH[behaviour](len(body["trips"]))
            if behaviour == "slow":
                over.wait()
            self.send_response(status)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Booking hangs up when it has waited long enough."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    over.set()
    server.shutdown()
    server.server_close()


def _trips(number: int, **one: Any) -> bytes:
    good = {
        "duration_seconds": 60,
        "distance_meters": 1,
        "source": "google_routes",
        "cached": True,
        "buffer_seconds": 0,
    }
    return json.dumps({"trips": [{**good, **one}] * number}).encode()


RUBBISH: dict[str, Callable[[int], tuple[int, bytes]]] = {
    "slow": lambda n: (200, _trips(n)),
    "server error": lambda n: (500, b"{}"),
    "not allowed": lambda n: (403, b"{}"),
    "no json": lambda n: (200, b"<html>"),
    "no object": lambda n: (200, b"[]"),
    "too few": lambda n: (200, _trips(n - 1)),
    "too many": lambda n: (200, _trips(n + 1)),
    "negative": lambda n: (200, _trips(n, duration_seconds=-1)),
    "fraction": lambda n: (200, _trips(n, duration_seconds=1.5)),
    "true": lambda n: (200, _trips(n, buffer_seconds=True)),
    "years": lambda n: (200, _trips(n, duration_seconds=10**9)),
    "another source": lambda n: (200, _trips(n, source="crystal ball")),
    "null": lambda n: (200, b'{"trips": null}'),
}


@pytest.mark.parametrize("behaviour", [*RUBBISH, "away"])
def test_without_travel_booking_goes_on_with_its_own_estimate_before_travel_answers(
    serving: Serving, behaviour: str
) -> None:
    walls = _walls(behaviour) if behaviour != "away" else iter([f"http://127.0.0.1:{free_port()}"])
    business = serving(next(walls))
    beside(business, 18)
    found = preview(business, count=1)
    assert kinds(found) == [("travel_time", "warning", "Little time for the walker to get to the next visit", True)]
    page = httpx.get(f"{business._url}/metrics", timeout=HANG_S).text
    assert 'booking_travel_times_total{source="own_estimate"}' in page
    for _ in walls:
        pass


def test_a_travel_that_hangs_is_not_waited_for_again_and_again(serving: Serving) -> None:
    walls = _walls("slow")
    business = serving(next(walls), travel_timeout_s=0.2)
    beside(business, 18)

    def opened() -> bool:
        preview(business, count=1)
        return 'breaker_state{upstream="travel"} 2.0' in httpx.get(f"{business._url}/metrics", timeout=HANG_S).text

    eventually(opened, "the breaker opens")
    for _ in walls:
        pass


def asked() -> float:
    """Count the ways that travel has been asked for by this process."""
    return answers.labels("travel")._value.get()


def test_whoever_plans_under_the_locks_asks_nobody(serving: Serving, google: Google, monkeypatch) -> None:
    """The first two plans go stale; the third is made while the locks are held, with what was told before."""
    from booking import commit  # noqa: PLC0415

    business = serving()
    beside(business, 45, weeks=3)
    planned = commit._as_planned
    turns = iter([False, False])
    monkeypatch.setattr(commit, "_as_planned", lambda *args: next(turns, None) is None and planned(*args))
    before = asked()
    made = book(business.ann, business.wish(business.ann, count=3))
    assert made.status_code == 201
    assert next(turns, None) is None
    assert asked() - before == 1


def test_customers_learn_nothing_of_where_others_live(serving: Serving) -> None:
    business = serving()
    beside(business, 18)
    business.block(business.sam, wall_clock(next_monday(), 7, 50), lat=51.49)
    refused = book(business.ann, business.wish(business.ann, count=1))
    for text in (refused.text, json.dumps(preview(business, count=1))):
        for place in ("51.53", "51.49", '"lat"', "metres", "duration_seconds", "distance"):
            assert place not in text


def test_the_calendar_shows_the_ways_before_and_after_each_visit(serving: Serving) -> None:
    business, monday = serving(), next_monday()
    first = book(business.ann, business.wish(business.ann, count=1)).json()["bookings"][0]
    beside(business, 45)
    business.block(business.sam, wall_clock(monday, 12), kind="time_off")
    sam = business.staff("walker", business.sam)
    visit, following, off = sam.get(f"/calendar?walker_id={business.sam}&from={monday}&to={monday}").json()["blocks"]
    assert visit["starts_at"] == first["scheduled_start"]
    assert visit["travel_before"] is None
    assert visit["travel_after"] == following["travel_before"]
    way = visit["travel_after"]
    assert (way["gap_seconds"], way["buffer_seconds"], way["estimated"], way["tight"]) == (2700, 900, False, False)
    assert 0 < way["duration_seconds"] < 1800
    assert (following["travel_after"], off["travel_before"], off["travel_after"]) == (None, None, None)


def test_ways_that_are_over_are_shown_and_not_asked_for(serving: Serving, google: Google) -> None:
    business, past = serving(), next_monday(-2)
    for hour, lat in ((9, NEAR), (11, FAR)):
        business.block(business.sam, wall_clock(past, hour), lat=lat)
    office = business.staff("admin")
    [_, second] = office.get(f"/calendar?walker_id={business.sam}&from={past}&to={past}").json()["blocks"]
    assert second["travel_before"]["estimated"] is True
    assert google.requests == []
