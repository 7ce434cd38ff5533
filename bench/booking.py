"""Booking's figures: the check of a year and the making of a series, over HTTP, beside bare psycopg."""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import md5
from itertools import count
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
from booking.model import Start
from booking.store.plan_question import STATEMENT, Question, parameters
from chassis.testing import Identity, Process, ServiceDatabase
from chassis.tokens import Caller


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
    """Return the starts of a series of Mondays."""
    first = datetime.combine(data.first_monday(), datetime.min.time(), UTC)
    return [first + timedelta(days=7 * n, hours=hour) for n in range(numbers)]


def check(bench: Bench) -> list[Figure | Limit]:
    """Measure the preview of a year of the walker who has 1,183 blocks in it: in free evenings, and in full mornings."""
    bare = floors.Bare(bench.database.admin_url, data.ORGANIZATION, named("walker1"))
    client = measure.Http(bench.url)
    mornings, evenings = starts(52), starts(52, hour=19)

    free, full = _preview(bench, client, start_time="19:00"), _preview(bench, client)
    conflicts = orjson.loads(full())["conflict_count"]
    long = _preview(bench, client, weekdays=["MO", "TU", "WE", "TH", "FR"], count=520, start_time="19:00")
    idle = bench.process.memory_info().rss / 2**20
    floor, ours = measure.side_by_side(lambda: bare.probe(evenings), free, 60)
    _, whole = measure.side_by_side(lambda: bare.probe(evenings), lambda: bare.year(evenings), 20)
    nothing = measure.Http(bench.least_url)
    least, beside_least = measure.side_by_side(_asking(bench, nothing, "/least"), free, 60)
    nothing.close()
    statement, asked = _statement(bench, evenings)
    probe, whole_statement = measure.side_by_side(lambda: bare.probe(evenings), statement, 60)
    asked.close()
    full_floor, full_ours = measure.side_by_side(lambda: bare.probe(mornings), full, 60)
    fifty_two, ten_times = measure.side_by_side(free, long, 20)
    by_orm = orm.Orm(bench.database.admin_url, data.ORGANIZATION, named("walker1"))
    through_orm, _ = measure.side_by_side(lambda: by_orm.one_by_one(evenings), lambda: None, 10)
    by_orm.close()
    single, _ = measure.side_by_side(lambda: bare.one_by_one(evenings), lambda: bare.probe(evenings), 20)
    slow = floors.Delay(0.001)
    far, _ = measure.side_by_side(lambda: bare.one_by_one(evenings, slow), lambda: None, 5)
    lines: list[Figure | Limit] = [
        Figure("preview of 52 free weeks over HTTP, p50", floor if min(floor) < min(whole) else whole, ours, at_most=4),
        Figure("the same beside the least that a request with one empty statement costs", least, beside_least),
        Figure("the plan's statement alone, by bare psycopg", probe, whole_statement),
        Figure(f"the same, {conflicts} of 52 in conflict, with alternatives", full_floor, full_ours, at_most=4),
        Figure("520 free occurrences against 52, over HTTP", fifty_two, ten_times, at_most=3.5),
        Figure("52 bare queries against our one check over HTTP", ours, single, at_least=2),
        Figure("the same queries by SQLAlchemy's ORM", ours, through_orm),
        Figure("the same bare queries with 1 ms of network", [o + 1 for o in ours], far, at_least=20),
        Limit("memory of the idle service", idle, "MB", at_most=120),
        Limit("preview of free weeks at 150/s, open loop, p99", _rate(bench, 150, book=False), at_most=10),
    ]
    bare.close()
    client.close()
    return lines


def _statement(bench: Bench, evenings: list[datetime]) -> tuple[Callable[[], object], psycopg.Connection]:
    # As the service's role, under row-level security, with parameters that are written already.
    connection = psycopg.connect(bench.database.url, autocommit=True, options=floors.SETTINGS)
    connection.execute("SELECT set_config('app.organization', %s, false)", (str(data.ORGANIZATION),))
    question = Question(
        organization_id=data.ORGANIZATION,
        customer_id=named("customer4950"),
        service_id=named("service"),
        location_id=named("location4950"),
        dog_ids=[named("dog4950")],
        starts=[Start(at.date(), at.time(), at, shifted=False) for at in evenings],
        walkers=[named("walker1")] * len(evenings),
        zone=ZoneInfo("Europe/London"),
    )
    written = parameters(question)
    values = [written[name] for name in STATEMENT.names]
    cursor = psycopg.RawCursor(connection)
    return lambda: cursor.execute(STATEMENT.text, values, prepare=True).fetchall(), connection


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
        Limit("create at 75/s, open loop, p99", _rate(bench, 75, book=True), at_most=30),
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
        started = time.perf_counter()
        with ThreadPoolExecutor(16) as crowd:
            list(crowd.map(work, range(16)))
        rates.append(16 * 12 / (time.perf_counter() - started))
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
                began = time.perf_counter()
                answer = client.post("/series", json=wish, headers=headers)
                found.append((time.perf_counter() - began) * 1000)
                if answer.status_code not in (201, 409):
                    raise RuntimeError(answer.text)
        return found

    with ThreadPoolExecutor(16) as crowd:
        return measure.p99(sorted(ms for found in crowd.map(work, range(16)) for ms in found))


def _rate(bench: Bench, per_second: float, *, book: bool) -> float:
    signed_in = bench.headers(4950)

    async def run() -> list[float]:
        async with aiohttp.ClientSession(bench.url) as session:

            async def ask(_: int) -> None:
                wish, headers = bench.fresh()
                if not book:
                    wish, headers = bench.wish(1, 4950, start_time="19:00"), signed_in
                path = "/series" if book else "/series/preview"
                async with session.post(path, json=wish, headers=headers) as answer:
                    await answer.read()
                    answer.raise_for_status()

            await measure.open_loop(ask, per_second, 1)
            return await measure.open_loop(ask, per_second, 6)

    return measure.p99(asyncio.run(run()))
