"""Travel's figures: trips that are known, trips that are not, and what looking at the ways costs a series' check.

Google is the stand-in that the tests use, checked with Google's own client; it takes 50 ms to answer.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import orjson
import psycopg

from bench import booking, data, measure
from bench.measure import Figure, Limit
from chassis.testing import Identity, Process, ServiceDatabase, create_database, drop_database
from travel.rules.model import Mode, Place, Source, TimeBucket, TrafficSlot, WeekdayClass
from travel.store import travel_times as store

HOME = Path(__file__).parents[1] / "services" / "travel"
sys.path.insert(0, str(HOME / "tests"))
from google_stand_in import KEY, Google  # noqa: E402

_GOOGLE_TAKES_S = 0.05
_HOUR = 13


@dataclass
class Travel:
    """Travel with a Google that takes its time, and somebody of the office who asks."""

    database: ServiceDatabase
    google: Google
    headers: dict[str, str]
    run: Any

    def trips(self, first: int, number: int = 104) -> list[dict[str, Any]]:
        """Write the ways to and from one home, half and half: what a year of Mondays can need at most."""
        at = datetime.combine(data.first_monday(), time(_HOUR), UTC).isoformat()
        home = {"lat": 51.0, "lng": round(first / 1e5, 5)}
        pairs = [({"lat": round(51.1 + n / 1e4, 5), "lng": 0.1}, home) for n in range(number // 2)]
        both = [pair for there, back in pairs for pair in ((there, back), (back, there))]
        return [{"origin": o, "destination": d, "depart_at": at, "mode": "driving"} for o, d in both]

    def slots(self, first: int) -> list[TrafficSlot]:
        """Return the same as the store knows them."""
        bucket = TimeBucket(WeekdayClass.WEEKDAY, _HOUR, "UTC")
        places = ((Place(**trip["origin"]), Place(**trip["destination"])) for trip in self.trips(first))
        return [TrafficSlot(Mode.DRIVING, origin, destination, bucket) for origin, destination in places]


@contextmanager
def running(identity: Identity, booking_jwks_url: str | None = None) -> Iterator[Travel]:
    """Get everything ready; `run` starts travel with settings of its own, and says where it answers."""
    with ExitStack() as stack:
        database = create_database("travel", HOME)
        stack.callback(drop_database, database)
        google = Google(delay_s=_GOOGLE_TAKES_S).start()
        stack.callback(google.stop)
        settings = {
            "DATABASE_URL": database.url,
            "JWKS_URL": identity.jwks_url,
            "BOOKING_JWKS_URL": booking_jwks_url or identity.jwks_url,
            "GOOGLE_MAPS_API_KEY": KEY,
            "GOOGLE_ROUTES_BASE_URL": google.url,
            "KAFKA_BOOTSTRAP_SERVERS": "",
        }

        def run(**own: str) -> str:
            process = Process("travel", {**settings, **own})
            process.start()
            stack.callback(process.stop)
            process.wait_until_ready()
            return process.url

        office = identity.person("admin", uuid4(), time_zone="UTC")
        headers = identity.headers("travel", office, lifetime_s=3600)
        yield Travel(database, google, headers, run)


def times() -> list[Figure | Limit]:
    """Measure 104 trips: from memory, from Postgres, and from Google."""
    identity = Identity()
    with running(identity) as bench:
        client, forgetful = measure.Http(bench.run()), measure.Http(bench.run(TRAVEL_MEMORY_ENTRIES="1"))
        known, fresh = orjson.dumps({"trips": bench.trips(0)}), count(1)

        def ask(whom: measure.Http, body: bytes) -> list[Any]:
            found: list[Any] = orjson.loads(whom.post("/travel-times", body, bench.headers))["trips"]
            if any(one["source"] != "google_routes" for one in found):
                raise RuntimeError("an estimate is no figure")
            return found

        def cold() -> None:
            ask(client, orjson.dumps({"trips": bench.trips(next(fresh))}))

        ask(client, known)
        bare = psycopg.connect(bench.database.admin_url, autocommit=True, prepare_threshold=0)
        values = store._parameters(Source.GOOGLE_ROUTES, bench.slots(0))  # noqa: SLF001 - the floor is our own statement

        def read() -> list[Any]:
            return bare.execute(store._READ, values).fetchall()  # noqa: SLF001

        if len(read()) != 104:
            raise RuntimeError("the floor reads something else")
        sql_ms, memory_ms = measure.side_by_side(read, lambda: ask(client, known), 60)
        sql_again_ms, database_ms = measure.side_by_side(read, lambda: ask(forgetful, known), 60)
        each = measure.each_ms(lambda: ask(client, known), 500)
        asked, billed = len(bench.google.requests), bench.google.billed
        one_ms, cold_ms = measure.side_by_side(lambda: _one_request(bench.google), cold, 5)
        asked, billed = len(bench.google.requests) - asked, bench.google.billed - billed
        colds = next(fresh) - 1
        bare.close()
        client.close()
        forgetful.close()
    identity.close()
    return [
        Figure("104 trips from memory over HTTP, beside one bare statement", sql_ms, memory_ms),
        Limit("the same, p50", measure.p50(each), at_most=4),
        Limit("the same, p99", measure.p99(each)),
        Figure("104 trips from Postgres over HTTP", sql_again_ms, database_ms),
        Figure("104 trips that nobody knows, beside one request to a Google of 50 ms", one_ms, cold_ms),
        Limit(
            "elements billed for 104 trips that nobody knows", (billed - _floors(asked, colds)) / colds, "", at_most=104
        ),
    ]


def _one_request(google: Google) -> None:
    place = {"waypoint": {"location": {"latLng": {"latitude": 51.0, "longitude": 0.0}}}}
    body = {"origins": [place], "destinations": [place], "travelMode": "WALK"}
    headers = {"X-Goog-Api-Key": KEY, "X-Goog-FieldMask": "duration"}
    httpx.post(f"{google.url}/distanceMatrix/v2:computeRouteMatrix", json=body, headers=headers).raise_for_status()


def _floors(requests: int, colds: int) -> int:
    # A cold question is two stars: all ways home, and all ways from home. The other requests were the floor's, of one element.
    return requests - 2 * colds


def in_the_check() -> list[Figure | Limit]:
    """Measure the check of 52 weeks with the ways before and after looked at, beside the same without travel."""
    with booking.running() as without:
        twin = Process("booking", {})
        with running(without.identity, f"{twin.url}/.well-known/jwks.json") as bench:
            settings = {
                "DATABASE_URL": without.database.url,
                "JWKS_URL": without.identity.jwks_url,
                "KAFKA_BOOTSTRAP_SERVERS": "",
                "TRAVEL_URL": bench.run(),
            }
            twin = Process("booking", settings, port=twin.port)
            twin.start()
            try:
                twin.wait_until_ready()
                alone, asking = measure.Http(without.url), measure.Http(twin.url)
                signed_in = without.headers(4950)
                # Half an hour before the next visit and after the last: every gap matters, and none is too short.
                body = orjson.dumps(without.wish(1, 4950, start_time="11:30"))

                def check(whom: measure.Http) -> Any:
                    return orjson.loads(whom.post("/series/preview", body, signed_in))

                bare_ms, our_ms = measure.side_by_side(lambda: check(alone), lambda: check(asking), 60)
                asked = [asked.elements for asked in bench.google.requests]
                alone.close()
                asking.close()
            finally:
                twin.stop()
    if not asked:
        raise RuntimeError("nobody was asked")
    return [
        Figure("check of 52 weeks with travel, cached, against without", bare_ms, our_ms, at_most=2),
        Limit("requests to Google for all of these checks", len(asked), ""),
    ]
