"""Booking's figures: the check of a year and the making of a series, over HTTP, beside bare psycopg."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from hashlib import md5
from itertools import count
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import aiohttp
import httpx
import orjson
import psutil
import psycopg

from bench import data, floors, measure, orm
from bench.measure import Figure, Limit
from booking.rules.model import Start
from booking.store.plan_query import STATEMENT, PlanQuery, parameters
from chassis.testing import Identity, Process, ServiceDatabase
from chassis.tokens import Caller

_LONDON = ZoneInfo("Europe/London")


def named(name: str) -> UUID:
    """Return the id that the data gives to a name, like `walker1`."""
    return UUID(md5(name.encode(), usedforsecurity=False).hexdigest())


@dataclass
class Bench:
    """Booking on a million bookings, and somebody to ask it."""

    database: ServiceDatabase
    url: str
    identity: Identity
    process: psutil.Process
    least_url: str
    turn: Iterator[int]

    def headers(self, customer: int) -> dict[str, str]:
        """Sign a customer in."""
        who = Caller(named(f"customer{customer}"), data.ORGANIZATION, "customer", "Ann", "Europe/London", "GBP")
        return self.identity.headers("booking", who, lifetime_s=3600)

    def wish(self, walker: int, customer: int, **changes: Any) -> dict[str, Any]:
        """Write a series: 52 Mondays at nine."""
        return {
            "service_id": str(named("service")),
            "walker_id": str(named(f"walker{walker}")),
            "location_id": str(named(f"location{customer}")),
            "dog_ids": [str(named(f"dog{customer}"))],
            "starts_on": data.first_monday().isoformat(),
            "start_time": "09:00",
            "weekdays": ["MO"],
            "count": 52,
            **changes,
        }

    def fresh(self, **changes: Any) -> tuple[dict[str, Any], dict[str, str]]:
        """Write a series that is free: evenings of a walker and a customer that nobody else of the run takes."""
        number = next(self.turn)
        walker, customer = 2 + number % 1990, 1 + number % 4890
        headers = {**self.headers(customer), "x-idempotency-key": str(uuid4())}
        return self.wish(walker, customer, start_time="19:00", **changes), headers


@contextmanager
def running(size: data.Size = data.Size(), **settings: str) -> Iterator[Bench]:
    """Run booking as a process of its own on a large database. settings: more of its environment."""
    database, identity = data.database(size), Identity()
    own = {
        "DATABASE_URL": database.url,
        "JWKS_URL": identity.jwks_url,
        "MAX_OCCURRENCES": "1000",
        "MAX_SERIES_MONTHS": "60",
        # Who measures the answers has no use for what is told of them.
        "KAFKA_BOOTSTRAP_SERVERS": "",
        "TRAVEL_URL": "",
    }
    process, least = Process("booking", {**own, **settings}), Process("bench.least", own)
    try:
        for one in (process, least):
            one.start()
            one.wait_until_ready()
        yield Bench(database, process.url, identity, psutil.Process(process.pid), least.url, count())
    finally:
        least.stop()
        process.stop()
        identity.close()
        data.drop(database)


def starts(numbers: int, hour: int = 9) -> list[datetime]:
    """Return the starts of a series of Mondays, in London."""
    days = (data.first_monday() + timedelta(days=7 * n) for n in range(numbers))
    return [datetime.combine(day, time(hour), _LONDON).astimezone(UTC) for day in days]


def check(bench: Bench) -> list[Figure | Limit]:
    """Measure the preview of a year of the walker who has 1,183 blocks in it: in free evenings, and in full mornings."""
    idle = bench.process.memory_info().rss / 2**20
    bare = floors.Bare(bench.database.admin_url, data.ORGANIZATION, named("walker1"))
    client = measure.Http(bench.url)
    lines = [
        *_evenings(bench, bare, client),
        *_mornings(bench, bare, client),
        *_one_by_one(bench, bare, client),
        Limit("memory of the idle service", idle, "MB", at_most=120),
        Limit("preview of free weeks at 150/s, open loop, p99", _previews_p99(bench), at_most=10),
    ]
    bare.close()
    client.close()
    return lines


def _evenings(bench: Bench, bare: floors.Bare, client: measure.Http) -> list[Figure | Limit]:
    evenings, free = starts(52, hour=19), _preview(bench, client, start_time="19:00")
    long = _preview(bench, client, weekdays=["MO", "TU", "WE", "TH", "FR"], count=520, start_time="19:00")
    with plan_statement(bench, evenings) as same:
        statement, beside_it = measure.side_by_side(same, free, 60)
    probe, ours = measure.side_by_side(lambda: bare.probe(evenings), free, 60)
    year, _ = measure.side_by_side(lambda: bare.year(evenings), lambda: bare.probe(evenings), 20)
    nothing = measure.Http(bench.least_url)
    least, beside_least = measure.side_by_side(_asking(bench, nothing, "/least"), free, 60)
    nothing.close()
    fifty_two, ten_times = measure.side_by_side(free, long, 20)
    return [
        Figure("preview of 52 free weeks over HTTP, beside its own statement", statement, beside_it, at_most=4),
        Figure("the same beside a mere probe of the walker's blocks", min(probe, year, key=median), ours, at_most=4),
        Figure("the same beside the least that a request with one empty statement costs", least, beside_least),
        Figure("520 free occurrences against 52, over HTTP", fifty_two, ten_times, at_most=3.5),
    ]


def _mornings(bench: Bench, bare: floors.Bare, client: measure.Http) -> list[Figure | Limit]:
    mornings, full = starts(52), _preview(bench, client)
    conflicts = orjson.loads(full())["conflict_count"]
    with plan_statement(bench, mornings) as same:
        statement, beside_it = measure.side_by_side(same, full, 60)
    probe, ours = measure.side_by_side(lambda: bare.probe(mornings), full, 60)
    what = f"preview with {conflicts} of 52 in conflict, with alternatives, beside its own statement"
    return [
        Figure(what, statement, beside_it, at_most=4),
        Figure("the same beside a mere probe of the walker's blocks", probe, ours, at_most=4),
    ]


def _one_by_one(bench: Bench, bare: floors.Bare, client: measure.Http) -> list[Figure | Limit]:
    evenings, free = starts(52, hour=19), _preview(bench, client, start_time="19:00")
    by_orm = orm.Orm(bench.database.admin_url, data.ORGANIZATION, named("walker1"))
    ours, single = measure.side_by_side(free, lambda: bare.one_by_one(evenings), 20)
    beside_orm, through_orm = measure.side_by_side(free, lambda: by_orm.one_by_one(evenings), 10)
    by_orm.close()
    slow = floors.Delay(0.001)
    _, far = measure.side_by_side(lambda: bare.probe(evenings), lambda: bare.one_by_one(evenings, slow), 10)
    return [
        Figure("52 bare queries against our one check over HTTP", ours, single, at_least=2),
        Figure("the same queries by SQLAlchemy's ORM", beside_orm, through_orm),
        Figure("the same bare queries with 1 ms of network", [ms + 1 for ms in ours], far, at_least=20),
    ]


def _previews_p99(bench: Bench) -> float:
    wish, signed_in = bench.wish(1, 4950, start_time="19:00"), bench.headers(4950)
    return rate(bench.url, "/series/preview", lambda: (wish, signed_in), 150)


@contextmanager
def plan_statement(bench: Bench, starts: list[datetime]) -> Iterator[Callable[[], object]]:
    """Ask what the check of a walker's year asks, by bare psycopg: as the service's role, with parameters that are written already."""
    question = PlanQuery(
        organization_id=data.ORGANIZATION,
        customer_id=named("customer4950"),
        service_id=named("service"),
        location_id=named("location4950"),
        dog_ids=[named("dog4950")],
        starts=[Start(at.date(), at.astimezone(_LONDON).time(), at, shifted=False) for at in starts],
        walkers=[named("walker1")] * len(starts),
        zone=_LONDON,
    )
    written = parameters(question)
    values = [written[name] for name in STATEMENT.names]
    with psycopg.connect(bench.database.url, autocommit=True, options=floors.SETTINGS) as connection:
        connection.execute("SELECT set_config('app.organization', %s, false)", (str(data.ORGANIZATION),))
        cursor = psycopg.RawCursor(connection)
        yield lambda: cursor.execute(STATEMENT.text, values, prepare=True).fetchall()


def deep(bench: Bench) -> list[Figure | Limit]:
    """Measure the check among ten million bookings beside the same among one million."""
    with running(data.Size(walkers=20_000, bookings=10_000_000)) as large:
        clients = measure.Http(bench.url), measure.Http(large.url)
        one, ten = measure.side_by_side(_preview(bench, clients[0]), _preview(large, clients[1]), 60)
        for client in clients:
            client.close()
    return [Figure("preview among ten million bookings against one million", one, ten, at_most=1.3)]


def _preview(bench: Bench, client: measure.Http, **changes: Any) -> Callable[[], bytes]:
    return _asking(bench, client, "/series/preview", **changes)


def _asking(bench: Bench, client: measure.Http, path: str, **changes: Any) -> Callable[[], bytes]:
    signed_in, body = bench.headers(4950), orjson.dumps(bench.wish(1, 4950, **changes))
    return lambda: client.post(path, body, signed_in)


def create(bench: Bench) -> list[Figure | Limit]:
    """Measure the making of series."""
    bare = floors.Bare(bench.database.admin_url, data.ORGANIZATION, named("walker1999"))
    client = measure.Http(bench.url)
    customer = {
        "customer": named("customer4999"),
        "service": named("service"),
        "location": named("location4999"),
        "dogs": "{" + str(named("dog4999")) + "}",
    }

    def booking(times: int, **changes: Any) -> Callable[[], str]:
        # Written and signed beforehand: that is the customers' work.
        wishes = [bench.fresh(**changes) for _ in range(5 + times * measure.ROUNDS)]
        written = iter([(orjson.dumps(wish), headers) for wish, headers in wishes])
        return lambda: client.post("/series", *next(written)).decode()

    made = booking(1)()
    years = count(0)

    def floor(numbers: int = 52) -> None:
        begins = starts(numbers)[0] + timedelta(days=3650 + 400 * next(years))
        bare.write([begins + timedelta(days=n) for n in range(numbers)], customer, made, made)

    bare_ms, our_ms = measure.side_by_side(floor, booking(30), 30)
    bare_double, our_double = measure.side_by_side(
        lambda: floor(104), booking(20, count=104, weekdays=["MO", "TU"]), 20
    )
    more_bare = [(b - a) / 52 * 1000 for a, b in zip(bare_ms, bare_double, strict=True)]
    more_ours = [(b - a) / 52 * 1000 for a, b in zip(our_ms, our_double, strict=True)]
    bare_cpu, our_cpu = _processor_ms(bench, floor, booking(30))
    by_orm = orm.Orm(bench.database.admin_url, data.ORGANIZATION, named("walker1998"))
    orm_ms, ours_beside = measure.side_by_side(
        lambda: by_orm.write(_later(starts(52), next(years)), customer, made), booking(15), 15
    )
    by_orm.close()
    lines: list[Figure | Limit] = [
        Figure("create 52 over HTTP, p50", bare_ms, our_ms, at_most=1.8),
        Figure("processor time of it, the service's beside the bare client's", bare_cpu, our_cpu, at_most=1.7),
        Figure("the same against SQLAlchemy's ORM, `add_all`", orm_ms, ours_beside, at_most=0.6),
        Figure("one more booking in a series", more_bare, more_ours, "µs", at_most=1.5),
        _crowd(bench, bare_ms),
        Limit("16 clients on one walker, p99", _one_walker(bench), at_most=500),
        Limit("create at 75/s, open loop, p99", rate(bench.url, "/series", bench.fresh, 75), at_most=30),
    ]
    bare.close()
    client.close()
    return lines


def _processor_ms(bench: Bench, floor: Callable[[], None], book: Callable[[], str]) -> tuple[list[float], list[float]]:
    floors, ours = [], []
    for _ in range(measure.ROUNDS):
        floors.append(measure.processor_ms(psutil.Process(), floor, 30))
        ours.append(measure.processor_ms(bench.process, book, 30))
    return floors, ours


def _later(of: list[datetime], years: int) -> list[datetime]:
    return [at + timedelta(days=3650 + 400 * years) for at in of]


def _crowd(bench: Bench, bare_ms: list[float]) -> Figure:
    def work(_: int) -> None:
        client = measure.Http(bench.url)
        for _ in range(12):
            wish, headers = bench.fresh()
            client.post("/series", orjson.dumps(wish), headers)
        client.close()

    rates = []
    for _ in range(measure.ROUNDS):
        started = perf_counter()
        with ThreadPoolExecutor(16) as crowd:
            list(crowd.map(work, range(16)))
        rates.append(16 * 12 / (perf_counter() - started))
    # One bare connection that writes without a pause: sixteen of them share the same two cores.
    alone = [1000 / ms for ms in bare_ms]
    return Figure("creations a second, 16 clients, different walkers", alone, rates, "/s", at_least=0.4)


def _one_walker(bench: Bench) -> float:
    def work(number: int) -> list[float]:
        found = []
        with httpx.Client(base_url=bench.url, timeout=30) as client:
            for turn in range(10):
                customer = 4901 + number
                start = str(data.first_monday() + timedelta(days=7 * (60 + turn)))
                wish = bench.wish(1990, customer, start_time="17:30", starts_on=start, count=1)
                headers = {**bench.headers(customer), "x-idempotency-key": str(uuid4())}
                began = perf_counter()
                answer = client.post("/series", json=wish, headers=headers)
                found.append((perf_counter() - began) * 1000)
                if answer.status_code not in (201, 409):
                    raise RuntimeError(answer.text)
        return found

    with ThreadPoolExecutor(16) as crowd:
        return measure.p99(sorted(ms for found in crowd.map(work, range(16)) for ms in found))


def rate(url: str, path: str, question: Callable[[], tuple[dict[str, Any], dict[str, str]]], per_second: int) -> float:
    """Ask at a fixed rate, whatever the answers take. question: makes body and headers. Returns the 99th percentile in ms."""
    # Written and signed beforehand: that is the customers' work.
    questions = (question() for _ in range(7 * per_second))
    written = iter([(orjson.dumps(body), {**headers, **_JSON}) for body, headers in questions])

    async def run() -> list[float]:
        async with aiohttp.ClientSession(url) as session:

            async def ask(_: int) -> None:
                body, headers = next(written)
                async with session.post(path, data=body, headers=headers) as answer:
                    await answer.read()
                    answer.raise_for_status()

            await measure.open_loop(ask, per_second, 1)
            return await measure.open_loop(ask, per_second, 6)

    return measure.p99(asyncio.run(run()))


_JSON = {"content-type": "application/json"}
