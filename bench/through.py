"""The check of a year as customers ask for it: through the gateway, signed in, with booking on its million bookings behind that."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import orjson
import psycopg

from bench import booking, data, floors, measure
from bench.booking import Bench, named
from bench.gateway import HOME, register, sign_in
from bench.measure import Figure, Limit
from chassis.testing import Process, ServiceDatabase, create_database, drop_database, free_port

_CUSTOMER = 4950


@dataclass(frozen=True)
class Through:
    """The way through the gateway. headers: of the customer who asks."""

    bench: Bench
    url: str
    headers: dict[str, str]


@contextmanager
def running() -> Iterator[Through]:
    """Run booking and a gateway before it, whose keys booking trusts."""
    database, port = create_database("gateway", HOME), free_port()
    try:
        with booking.running(JWKS_URL=f"http://127.0.0.1:{port}/.well-known/jwks.json") as bench:
            own = {"DATABASE_URL": database.url, "BOOKING_URL": bench.url, "KAFKA_BOOTSTRAP_SERVERS": ""}
            gateway = Process("gateway", {**own, "ENVIRONMENT": "development"}, port=port)
            gateway.start()
            try:
                gateway.wait_until_ready()
                yield Through(bench, gateway.url, _customer(gateway.url, database))
            finally:
                gateway.stop()
    finally:
        drop_database(database)


def _customer(url: str, database: ServiceDatabase) -> dict[str, str]:
    # Somebody registers as everybody does, and becomes the customer whom booking's data knows.
    who = register(url)
    with psycopg.connect(database.admin_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE organizations SET organization_id = %s", (data.ORGANIZATION,))
        connection.execute(
            "UPDATE accounts SET organization_id = %s, id = %s, role = 'customer', booking_knows = revision",
            (data.ORGANIZATION, named(f"customer{_CUSTOMER}")),
        )
        connection.execute("DELETE FROM sessions")
    return sign_in(url, who)


def check() -> list[Figure | Limit]:
    """Measure the preview of 52 free weeks."""
    with running() as through:
        bench = through.bench
        wish = bench.wish(1, _CUSTOMER, start_time="19:00")
        body, evenings = orjson.dumps(wish), booking.starts(52, hour=19)
        bare = floors.Bare(bench.database.admin_url, data.ORGANIZATION, named("walker1"))
        client = measure.Http(through.url)

        def ask() -> bytes:
            return client.post("/api/v1/series/preview", body, through.headers)

        if orjson.loads(ask())["available_count"] != len(evenings):
            raise RuntimeError("these evenings are not free")
        probe, ours = measure.side_by_side(lambda: bare.probe(evenings), ask, 60)
        with booking.plan_statement(bench, evenings) as same:
            statement, beside_it = measure.side_by_side(same, ask, 60)
        p99 = booking.rate(through.url, "/api/v1/series/preview", lambda: (wish, through.headers), 150)
        bare.close()
        client.close()
    return [
        Figure(
            "preview of 52 free weeks through the gateway, beside its own statement", statement, beside_it, at_most=6
        ),
        Figure("the same beside a mere probe of the walker's blocks", probe, ours, at_most=6),
        Limit("the same at 150/s, open loop, p99", p99, at_most=20),
    ]
