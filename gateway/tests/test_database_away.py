"""The gateway's own database broken in every way: everything that needs it can be tried again, its own operations and what is passed on."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from psycopg import sql

from chassis.testing import HANG_S, Served, ServiceDatabase, eventually
from chassis.testing.databases import cluster_url
from conftest import REPOSITORY, Serving, migrated, product, serving_on
from gateway import public_openapi
from gateway.rules.request_target import PREFIX
from people import PASSWORD, Business

SOMEBODY = {"name": "Zoe", "email": "zoe@elsewhere.example", "password": PASSWORD}
OWN: dict[tuple[str, str], Any] = {
    ("POST", "/organizations"): {
        "slug": "elsewhere",
        "name": "Elsewhere",
        "time_zone": "Europe/London",
        "currency": "GBP",
        "admin": SOMEBODY,
    },
    ("GET", "/organization"): None,
    ("PATCH", "/organization"): {"name": "Another river"},
    ("POST", "/accounts"): {"organization": "SLUG", **SOMEBODY},
    ("POST", "/organization/accounts"): {"role": "walker", **SOMEBODY},
    ("GET", "/organization/accounts"): None,
    ("PATCH", "/organization/accounts/{account_id}"): {"name": "Zoe"},
    ("GET", "/session"): None,
    ("POST", "/session"): {"email": "EMAIL", "password": PASSWORD, "organization": "SLUG"},
    ("DELETE", "/session"): None,
    ("PUT", "/session/password"): {"current_password": PASSWORD, "new_password": "another-password"},
    ("GET", "/notifications"): None,
    ("POST", "/notifications/read"): None,
    ("POST", "/notifications/{notification_id}/read"): None,
    ("GET", "/notifications/stream"): None,
}
PASSED_ON = {
    ("GET", "/services"): None,
    ("POST", "/dogs"): {"name": "Biscuit"},
    ("POST", "/travel-times"): {"trips": []},
}
REFUSED = (503, "/problems/upstream-unavailable", True)


class Breaking:
    """A gateway whose database can be broken, and somebody who is signed in."""

    def __init__(self, database: ServiceDatabase, served: Served, business: Business) -> None:
        self.database = database
        self.served = served
        self.business = business
        self.elsewhere = psycopg.connect(cluster_url(), autocommit=True)

    def ask(self, operation: tuple[str, str], at: Served | None = None) -> tuple[int, str, bool]:
        """Ask for one operation. Returns its status, and type and retryable of a refusal that says when to come back."""
        method, path = operation
        known = {"SLUG": self.business.slug, "EMAIL": self.business.email("admin")}
        body = (OWN | PASSED_ON)[operation]
        body = {name: known.get(str(value), value) for name, value in body.items()} if body else body
        url = f"{(at or self.served).url}{PREFIX}{path}".replace("{account_id}", self.business.admin.account["id"])
        url = url.replace("{notification_id}", str(uuid4()))
        headers = {"authorization": f"Bearer {self.business.admin.token}"}
        answer = httpx.request(method, url, json=body, headers=headers, timeout=HANG_S)
        if answer.status_code < 400 or int(answer.headers.get("retry-after", 0)) < 1:
            return answer.status_code, answer.text[:200], False
        return answer.status_code, answer.json()["type"], answer.json()["retryable"]

    def all_refused(self) -> None:
        """Ask for everything. Raises AssertionError unless each is refused, and can be tried again."""
        assert {one: self.ask(one) for one in OWN | PASSED_ON} == dict.fromkeys(OWN | PASSED_ON, REFUSED)

    def well_again(self) -> None:
        """Wait until requests are answered. The next test begins with this database as well."""
        eventually(lambda: self.ask(("GET", "/organization"))[0] == 200, "the gateway is well again")
        eventually(lambda: self.ask(("GET", "/services"))[0] == 200, "and passes on")

    def end_backends(self, which: str = "true") -> None:
        ended = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND {which}"
        self.elsewhere.execute(ended, (self.database.name,))

    def alter(self, words: str) -> None:
        """Change the database, and end whoever knows it as it was."""
        name = sql.Identifier(self.database.name)
        self.elsewhere.execute(sql.SQL("ALTER DATABASE {} " + words).format(name))  # type: ignore[arg-type]
        self.end_backends()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Lock every table."""
        with psycopg.connect(self.database.admin_url) as holder:
            tables = holder.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            names = sql.SQL(", ").join(sql.Identifier(name) for (name,) in tables)
            holder.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(names))
            yield
            holder.rollback()


@pytest.fixture(scope="module")
def own_database() -> Iterator[ServiceDatabase]:
    with migrated("gateway", REPOSITORY / "gateway") as made:
        yield made


@pytest.fixture(scope="module")
def serving_own(own_database: ServiceDatabase) -> Serving:
    return serving_on(own_database)


@pytest.fixture(scope="module")
def breaking(
    own_database: ServiceDatabase, serving_own: Serving, booking_database: ServiceDatabase
) -> Iterator[Breaking]:
    """A gateway that waits for neither lock nor connection."""
    impatient = {"database_lock_timeout_ms": 100, "database_pool_timeout_s": 1, "tell_again_s": 600}
    with product(serving_own, booking_database, **impatient) as served:
        business = Business(served.url)
        made = Breaking(own_database, served, business)
        made.well_again()
        yield made
        made.elsewhere.close()
        business.close()


def test_every_operation_of_the_gateway_is_tried(breaking: Breaking) -> None:
    app = breaking.served.app
    routes = public_openapi.routes(public_openapi.read(app.state.settings.contracts_dir, app.state.settings.services))
    own = {
        path.removeprefix(PREFIX): operations
        for path, operations in app.openapi()["paths"].items()
        if path.split("/")[3] not in routes
    }
    assert set(OWN) == {(method.upper(), path) for path, operations in own.items() for method in operations}
    assert {routes[path.split("/")[1]] for _, path in PASSED_ON} == {"booking", "travel"}


def test_locked_tables_are_said(breaking: Breaking) -> None:
    with breaking.locked():
        breaking.all_refused()
    breaking.well_again()


def test_a_read_only_database_is_said(breaking: Breaking) -> None:
    breaking.alter("SET default_transaction_read_only = on")
    try:
        breaking.all_refused()
    finally:
        breaking.alter("RESET default_transaction_read_only")
    breaking.well_again()


def test_a_database_that_is_gone_is_said(breaking: Breaking) -> None:
    name, away = breaking.database.name, f"{breaking.database.name}_away"
    breaking.alter("ALLOW_CONNECTIONS false")
    renaming = sql.SQL("ALTER DATABASE {} RENAME TO {}")

    def renamed(before: str, after: str) -> bool:
        try:
            breaking.elsewhere.execute(renaming.format(sql.Identifier(before), sql.Identifier(after)))
        except psycopg.errors.ObjectInUse:  # who was ended is not gone yet
            return False
        return True

    eventually(lambda: renamed(name, away), "the database is gone")
    try:
        breaking.all_refused()
    finally:
        renamed(away, name)
        breaking.alter("ALLOW_CONNECTIONS true")
    breaking.well_again()


def test_ended_backends_are_said(breaking: Breaking, serving_own: Serving) -> None:
    patient = {"booking_url": "http://127.0.0.1:9", "session_cache_s": 0, "tell_again_s": 600}
    with serving_own(**patient) as served, ThreadPoolExecutor(1) as other:
        found = {}
        for operation in OWN | PASSED_ON:
            with breaking.locked():
                asked = other.submit(breaking.ask, operation, served)
                # Ended in the middle of its work, not between two requests.
                while not asked.done():
                    breaking.end_backends("wait_event_type = 'Lock'")
                found[operation] = asked.result()
    assert found == dict.fromkeys(OWN | PASSED_ON, REFUSED)
    breaking.well_again()


def test_an_empty_pool_is_said(breaking: Breaking, serving_own: Serving) -> None:
    settings = {"database_pool_size": 1, "database_pool_timeout_s": 0.2, "session_cache_s": 0}
    with (
        serving_own(booking_url="http://127.0.0.1:9", tell_again_s=600, **settings) as served,
        ThreadPoolExecutor(1) as other,
        breaking.locked(),
    ):
        holding = other.submit(breaking.ask, ("GET", "/session"), served)
        pool = served.app.state.database.pool
        eventually(lambda: pool.get_stats().get("pool_available") == 0, "the only connection is in use")
        found = {one: breaking.ask(one, served) for one in OWN | PASSED_ON}
        # It waits for the lock until it is ended.
        while not holding.done():
            breaking.end_backends("wait_event_type = 'Lock'")
    assert found == dict.fromkeys(OWN | PASSED_ON, REFUSED)


TRIGGER = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER full_disk BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION full_disk();
"""


def test_what_breaks_after_the_session_was_found_is_said(breaking: Breaking) -> None:
    ann = breaking.business.customer("ann")
    with psycopg.connect(breaking.database.admin_url, autocommit=True) as database:
        # Booking is to be told of her before her first request, and that it was told has to be noted.
        database.execute("UPDATE accounts SET revision = revision + 1 WHERE id = %s", (ann.account["id"],))
        database.execute(TRIGGER)
        try:
            answer = ann.client.get("/services")
        finally:
            database.execute("DROP FUNCTION full_disk CASCADE")
    assert (answer.status_code, answer.json()["type"], answer.json()["retryable"]) == REFUSED
    assert int(answer.headers["retry-after"]) >= 1
    assert ann.client.get("/services").status_code == 200
