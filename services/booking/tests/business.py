"""A small business in booking's database: two walkers, a service, two customers with a dog and a home each."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg

from chassis.testing import HANG_S, Identity, ServiceDatabase
from chassis.tokens import Caller, Role

TABLES = ("recurring_booking_series", "series_skips", "bookings", "calendar_blocks", "outbox", "idempotency_keys")


def next_monday(weeks: int = 2) -> date:
    """Return a Monday some weeks ahead."""
    today = datetime.now(UTC).date()
    return today + timedelta(days=7 * weeks - today.weekday())


@dataclass(frozen=True)
class Customer:
    """A customer with one dog and one location, and a client that is signed in."""

    who: Caller
    dog: UUID
    home: UUID
    http: httpx.Client


class Business:
    """An organization that nobody else uses. Rows are written as the database's owner would."""

    def __init__(self, database: ServiceDatabase, identity: Identity, url: str) -> None:
        self.id = uuid4()
        self._database = database
        self._identity = identity
        self._url = url
        self._clients: list[httpx.Client] = []
        self.service, self.sam, self.priya = uuid4(), uuid4(), uuid4()
        self.add_service(self.service, "Neighbourhood walk", 60)
        for walker, name in ((self.sam, "Sam"), (self.priya, "Priya")):
            self.walker(name, walker)
        self.ann, self.bob = self.customer("Ann", 51.5), self.customer("Bob", 51.52)
        self.office = self.staff("admin")

    def walker(self, name: str, walker: UUID | None = None) -> UUID:
        """Add a walker who works from eight to six, Monday to Friday."""
        walker = walker or uuid4()
        self.execute("INSERT INTO walkers (organization_id, id, name) VALUES (%s, %s, %s)", walker, name)
        for day in ("MO", "TU", "WE", "TH", "FR"):
            self.execute("INSERT INTO working_hours VALUES (%s, %s, %s, 480, 1080)", walker, day)
        return walker

    def execute(self, text: str, *values: Any) -> None:
        """Run a statement whose first parameter is the organization."""
        with psycopg.connect(self._database.admin_url, autocommit=True) as admin:
            admin.execute(text, (self.id, *values))

    @contextmanager
    def rival(self) -> Iterator[psycopg.Connection]:
        """Open a transaction beside the service's; what it did is undone at the block's end."""
        with psycopg.connect(self._database.admin_url) as admin:
            try:
                yield admin
            finally:
                admin.rollback()

    def waiting(self) -> int:
        """Count who waits for a lock of the database."""
        text = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
        with psycopg.connect(self._database.admin_url, autocommit=True) as admin:
            return int(admin.execute(text, (self._database.name,)).fetchall()[0][0])

    def script(self, text: str) -> None:
        """Run several statements as the superuser."""
        with psycopg.connect(self._database.admin_url, autocommit=True) as admin:
            admin.execute(text)

    def rows(self, text: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask; the first parameter is the organization."""
        with psycopg.connect(self._database.admin_url, autocommit=True) as admin:
            return admin.execute(text, (self.id, *values)).fetchall()

    def count(self) -> dict[str, int]:
        """Count the organization's rows of every table that a submission writes."""
        tables = " UNION ALL ".join(
            f"SELECT '{table}', count(*) FROM {table} WHERE organization_id = %(org)s" for table in TABLES
        )
        with psycopg.connect(self._database.admin_url, autocommit=True) as admin:
            return dict(admin.execute(tables, {"org": self.id}).fetchall())

    def add_service(self, service: UUID, name: str, minutes: int, kind: str = "walk", *, active: bool = True) -> None:
        """Put a service into the catalogue."""
        self.execute(
            "INSERT INTO services (organization_id, id, name, duration_minutes, kind, active, price_cents, currency)"
            " VALUES (%s, %s, %s, %s, %s, %s, 2000, 'GBP')",
            service,
            name,
            minutes,
            kind,
            active,
        )

    def customer(self, name: str, lat: float) -> Customer:
        """Make a customer with a dog and a home."""
        who = self._identity.person("customer", self.id, name)
        dog, home = uuid4(), uuid4()
        self.add_dog(who.account_id, dog)
        self.execute(
            "INSERT INTO locations (organization_id, id, customer_id, label, address, lat, lng)"
            " VALUES (%s, %s, %s, 'Home', '12 Elm Row', %s, -0.12)",
            home,
            who.account_id,
            lat,
        )
        return Customer(who, dog, home, self.client(who))

    def client(self, who: Caller) -> httpx.Client:
        """Sign somebody in; the business hangs up at its end."""
        made = httpx.Client(base_url=self._url, headers=self._identity.headers("booking", who), timeout=HANG_S)
        self._clients.append(made)
        return made

    def add_dog(self, customer_id: UUID, dog: UUID) -> None:
        """Give a customer another dog."""
        text = "INSERT INTO dogs (organization_id, id, customer_id, name) VALUES (%s, %s, %s, 'Biscuit')"
        self.execute(text, dog, customer_id)

    def block(
        self, walker: UUID, starts_at: datetime, minutes: int = 60, kind: str = "visit", lat: float = 51.5
    ) -> UUID:
        """Take a stretch of a walker's calendar."""
        block = uuid4()
        self.execute(
            "INSERT INTO calendar_blocks (organization_id, id, walker_id, kind, starts_at, ends_at, lat, lng)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            block,
            walker,
            kind,
            starts_at,
            starts_at + timedelta(minutes=minutes),
            None if kind == "time_off" else lat,
            None if kind == "time_off" else -0.12,
        )
        return block

    def wish(self, customer: Customer, **changes: Any) -> dict[str, Any]:
        """Write the body of a series: Mondays at nine with Sam, ten weeks, unless changed. None removes nothing: it is null."""
        return {
            "service_id": str(self.service),
            "walker_id": str(self.sam),
            "location_id": str(customer.home),
            "dog_ids": [str(customer.dog)],
            "starts_on": next_monday().isoformat(),
            "start_time": "09:00",
            "weekdays": ["MO"],
            "interval_weeks": 1,
            "count": 10,
            "until": None,
            "accepted_dates": None,
            **changes,
        }

    def staff(self, role: Role, account_id: UUID | None = None) -> httpx.Client:
        """Sign in an admin, or a walker by id."""
        who = self._identity.person(role, self.id, "Robin")
        return self.client(replace(who, account_id=account_id) if account_id else who)

    def gateway(self, account_id: UUID | None = None) -> httpx.Client:
        """Let the gateway itself speak, for this organization."""
        return self.client(Caller(account_id or uuid4(), self.id, "service", "gateway", "Europe/London", "GBP"))

    def close(self) -> None:
        """Hang up."""
        for client in self._clients:
            client.close()


def book(
    customer: Customer, body: dict[str, Any], key: UUID | str | None = None, path: str = "/series"
) -> httpx.Response:
    """Submit with a key, a new one unless given."""
    return customer.http.post(path, json=body, headers={"x-idempotency-key": str(key or uuid4())})


def wall_clock(day: date, hour: int, minute: int = 0) -> datetime:
    """Return an instant of London's winter."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def overlapping(business: Business) -> list[Any]:
    """Return the pairs of blocks of one walker that overlap."""
    return business.rows(
        """SELECT a.id, b.id FROM calendar_blocks a JOIN calendar_blocks b
           ON a.organization_id = b.organization_id AND a.walker_id = b.walker_id AND a.id < b.id
           AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
           WHERE a.organization_id = %s AND a.released_at IS NULL AND b.released_at IS NULL"""
    )
