"""A dog-walking business, set up through the public API as its people would."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import TracebackType
from typing import Any, Self
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx

from chassis.testing import HANG_S

LONDON = ZoneInfo("Europe/London")
PASSWORD = "a-password-for-tests"
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR"]
EVERY_DAY = [*WEEKDAYS, "SA", "SU"]

Body = dict[str, Any]


def first_monday() -> date:
    """The Monday that a fresh form starts on: next week's, in London."""
    today = datetime.now(LONDON).date()
    return today + timedelta(days=7 - today.weekday())


def monday(week: int) -> date:
    """The n-th Monday of a fresh form's rule, counted from 0."""
    return first_monday() + timedelta(weeks=week)


def instant(day: date, hour: int, minute: int = 0) -> str:
    """A London wall-clock time as the API writes instants."""
    return datetime.combine(day, time(hour, minute), LONDON).astimezone(UTC).isoformat()


@dataclass
class Person:
    """Somebody who is signed in, as a program."""

    email: str
    client: httpx.AsyncClient

    async def ask(self, method: str, path: str, body: Body | None = None, **headers: str) -> Any:
        """Ask the API; anything but a success fails the test with the problem's text."""
        answer = await self.client.request(method, f"/api/v1{path}", json=body, headers=headers)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None


@dataclass
class Customer(Person):
    """A customer; ids by the dogs' names."""

    location_id: str = ""
    dogs: dict[str, str] = field(default_factory=dict)


class Business:
    """An organization with an administrator; closes its connections when it is left."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.slug = f"river-{uuid4().hex[:12]}"
        self.name = "Riverside Dog Walks"
        self.walkers: dict[str, str] = {}
        self.services: dict[str, str] = {}
        self._clients: list[httpx.AsyncClient] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for client in self._clients:
            await client.aclose()

    async def open(self) -> None:
        """Register, and offer two walks by two walkers on weekdays from 8 to 18."""
        email = f"admin@{self.slug}.example"
        await self._nobody().post(
            "/api/v1/organizations",
            json={
                "slug": self.slug,
                "name": self.name,
                "time_zone": "Europe/London",
                "currency": "GBP",
                "admin": {"name": "Olive Office", "email": email, "password": PASSWORD},
            },
        )
        self.admin = await self.sign_in(email)
        for name in ("Sam", "Priya"):
            self.walkers[name] = await self._walker(name)
        self.services["Neighbourhood walk"] = await self._service("Neighbourhood walk", 60, 2000)
        self.services["Long walk"] = await self._service("Long walk", 120, 3400)

    async def customer(self, name: str, dogs: list[str], lat: float = 51.5560, lng: float = -0.1640) -> Customer:
        """A customer who signed up, with dogs and a home on Hampstead Heath's edge."""
        email = f"{name.lower()}@{self.slug}.example"
        answer = await self._nobody().post(
            "/api/v1/accounts",
            json={"organization": self.slug, "name": f"{name} Archer", "email": email, "password": PASSWORD},
        )
        assert answer.status_code == 201, answer.text
        person = await self.sign_in(email)
        home = await person.ask(
            "POST", "/locations", {"label": "Home", "address": "12 Elm Row, London NW3", "lat": lat, "lng": lng}
        )
        ids = {dog: (await person.ask("POST", "/dogs", {"name": dog}))["id"] for dog in dogs}
        return Customer(email, person.client, home["id"], ids)

    async def sign_in(self, email: str) -> Person:
        """Sign in with a token, as a program does."""
        client = self._nobody()
        body = {"email": email, "password": PASSWORD, "organization": self.slug}
        answer = await client.post("/api/v1/session", json=body)
        assert answer.is_success, answer.text
        client.cookies.clear()
        client.headers["authorization"] = f"Bearer {answer.json()['token']}"
        return Person(email, client)

    async def time_off(self, walker: str, day: date) -> None:
        """A walker takes a whole day off."""
        body = {"starts_at": instant(day, 0), "ends_at": instant(day + timedelta(days=1), 0), "note": "Holiday"}
        await self.admin.ask("POST", f"/walkers/{self.walkers[walker]}/time-off", body)

    async def book(self, who: Customer, walker: str, day: date, at: str) -> Body:
        """A customer books a single walk with all their dogs."""
        body = {
            "service_id": self.services["Neighbourhood walk"],
            "walker_id": self.walkers[walker],
            "location_id": who.location_id,
            "dog_ids": list(who.dogs.values()),
            "date": day.isoformat(),
            "start_time": at,
        }
        made: Body = await who.ask("POST", "/bookings", body, **{"X-Idempotency-Key": str(uuid4())})
        return made

    async def series(self, who: Customer, walker: str, day: date, count: int) -> Body:
        """A customer books a walk of a week at nine with all their dogs."""
        body = {
            "service_id": self.services["Neighbourhood walk"],
            "walker_id": self.walkers[walker],
            "location_id": who.location_id,
            "dog_ids": list(who.dogs.values()),
            "starts_on": day.isoformat(),
            "start_time": "09:00",
            "weekdays": [EVERY_DAY[day.weekday()]],
            "count": count,
        }
        made: Body = await who.ask("POST", "/series", body, **{"X-Idempotency-Key": str(uuid4())})
        return made

    async def every_day(self, walker: str) -> None:
        """A walker works round the clock."""
        hours = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in EVERY_DAY]
        body = {"travel_mode": "driving", "working_hours": hours, "active": True}
        await self.admin.ask("PUT", f"/walkers/{self.walkers[walker]}", body)

    async def _walker(self, name: str) -> str:
        email = f"{name.lower()}@{self.slug}.example"
        body = {"role": "walker", "name": name, "email": email, "password": PASSWORD}
        made = await self.admin.ask("POST", "/organization/accounts", body)
        walker_id: str = made.get("account", made)["id"]
        hours = [{"weekday": day, "opens": "08:00", "closes": "18:00"} for day in WEEKDAYS]
        await self.admin.ask(
            "PUT", f"/walkers/{walker_id}", {"travel_mode": "driving", "working_hours": hours, "active": True}
        )
        return walker_id

    async def _service(self, name: str, minutes: int, price_cents: int) -> str:
        body = {
            "kind": "walk",
            "name": name,
            "description": "Through the park and back",
            "duration_minutes": minutes,
            "price_cents": price_cents,
        }
        made: Body = await self.admin.ask("POST", "/services", body)
        return str(made["id"])

    def _nobody(self) -> httpx.AsyncClient:
        client = httpx.AsyncClient(base_url=self.address, timeout=HANG_S)
        self._clients.append(client)
        return client
