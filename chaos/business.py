"""A business with walkers who always work, and customers with a dog and an address each."""

import random
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from chaos.person import Person

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR")
_PASSWORD = "walkies-in-every-weather"


@dataclass(frozen=True)
class Customer:
    """Who books. of: what every booking of theirs names."""

    account_id: str
    person: Person
    of: dict[str, Any]


class Business:
    """A business of its own at an address. walkers: their ids."""

    def __init__(self, address: str, walkers: int) -> None:
        self._address = address
        self._people = ExitStack()
        self._slug = f"river-{uuid4().hex[:10]}"
        admin = {"name": "Olive", "email": self._email("olive"), "password": _PASSWORD}
        business = {"slug": self._slug, "name": "Riverside", "time_zone": "Europe/London", "currency": "GBP"}
        made = self._person().need("POST", "/organizations", {**business, "admin": admin}, str(uuid4()))
        self.id = made["organization"]["id"]
        self.office = self._person().sign_in(self._email("olive"), _PASSWORD)
        self.walkers = [self._walker(f"Walker {number}") for number in range(walkers)]
        walk = {"kind": "walk", "name": "Walk", "duration_minutes": 30, "price_cents": 2000}
        self.walk_id = self.office.need("POST", "/services", walk, str(uuid4()))["id"]

    def close(self) -> None:
        """Let everybody leave."""
        self._people.close()

    def _person(self, chance: random.Random | None = None) -> Person:
        person = Person(self._address, chance)
        self._people.callback(person.close)
        return person

    def _email(self, name: str) -> str:
        return f"{name.lower().replace(' ', '-')}@{self._slug}.example"

    def _walker(self, name: str) -> str:
        account = {"role": "walker", "name": name, "email": self._email(name), "password": _PASSWORD}
        made = self.office.need("POST", "/organization/accounts", account, str(uuid4()))["account"]["id"]
        hours = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in WEEKDAYS]
        self.office.need("PUT", f"/walkers/{made}", {"working_hours": hours, "active": True})
        return str(made)

    def walker(self, number: int) -> Person:
        """Sign a walker in."""
        return self._person().sign_in(self._email(f"Walker {number}"), _PASSWORD)

    def customer(self, name: str, chance: random.Random | None = None) -> Customer:
        """Sign a customer up and in. chance: which of their answers get lost."""
        account = {"organization": self._slug, "name": name, "email": self._email(name), "password": _PASSWORD}
        made = self._person().need("POST", "/accounts", account, str(uuid4()))["account"]["id"]
        person = self._person(chance).sign_in(self._email(name), _PASSWORD)
        dog = person.need("POST", "/dogs", {"name": "Rex"}, str(uuid4()))["id"]
        place = {"label": "Home", "address": "12 Elm Row", "lat": 51.5, "lng": -0.1}
        location = person.need("POST", "/locations", place, str(uuid4()))["id"]
        return Customer(made, person, {"service_id": self.walk_id, "dog_ids": [dog], "location_id": location})


def monday(week: int) -> date:
    """Return a Monday ahead: the second from now, and so many weeks later."""
    today = datetime.now(UTC).date()
    return today + timedelta(days=7 * (2 + week) - today.weekday())
