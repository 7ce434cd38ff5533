"""A business of the running services with everything in it that an operation can name, and whoever asks for the operations."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import httpx
import yaml

from chassis.testing import HANG_S
from chassis.tokens import Caller
from tests.contracts import edges
from tests.contracts.asking import PASSWORD, PREFIX, Asking
from tests.contracts.conftest import Services
from tests.contracts.impossible_requests import HOURS, Town
from tests.contracts.wrong_requests import Document

DOCUMENTS = Path(__file__).parents[2] / "contracts" / "openapi"
# It ends the session of whoever asks, and has nothing that could be at an edge.
LEFT_OUT = "delete /session"
STREAM = "get /notifications/stream"


class Asked(NamedTuple):
    """An operation of a document, and who asks for it."""

    name: str
    operation: Mapping[str, Any]
    document: Document
    people: tuple[httpx.Client, ...]

    @property
    def template(self) -> str:
        """The address with its parameters' names."""
        return self.name.partition(" ")[2]

    def parameters(self, place: str) -> list[Mapping[str, Any]]:
        """Return the parameters in `path`, `query` or `header`."""
        return [one for one in self.operation.get("parameters", ()) if one["in"] == place]


class Place:
    """A business with everything in it that an operation can name. lists: where what was written is read back."""

    def __init__(self, services: Services) -> None:
        self.asking = Asking(services.gateway + PREFIX)
        self.services = services
        self.town = Town(self.asking)
        self._clients: list[httpx.Client] = []
        self.ids = self._everything()

    def _everything(self) -> dict[str, str]:
        town, ann, office = self.town, self.asking.ann, self.asking.office
        visit = {**town.visit(), "starts_on": town.day(0), "weekdays": ["MO"], "count": 3}
        keyed = {"x-idempotency-key": str(uuid4())}
        made = ann.post("/series", json={**visit, "accepted_dates": [town.day(0), town.day(7)]}, headers=keyed).json()
        off = {"starts_at": f"{town.day(1)}T10:00:00Z", "ends_at": f"{town.day(1)}T11:00:00Z"}
        for far in ("9998-12-30", "9998-12-31"):
            last = {"starts_at": f"{far}T00:00:00Z", "ends_at": f"{far}T23:59:59.999999Z"}
            assert office.post(f"/walkers/{town.walker}/time-off", json=last).status_code == 201
        spare = {"role": "walker", "name": "Spare", "email": "spare@river.example", "password": PASSWORD}
        return {
            "service_id": town.walk,
            "walker_id": town.walker,
            "location_id": town.home,
            "dog_id": town.dog,
            "series_id": made["series"]["id"],
            "booking_id": made["bookings"][0]["id"],
            "date": town.day(14),
            "block_id": office.post(f"/walkers/{town.walker}/time-off", json=off).json()["id"],
            "account_id": office.post("/organization/accounts", json=spare).json()["account"]["id"],
            "notification_id": edges.NOBODY,
        }

    def known(self) -> dict[str, Any]:
        """Return good values by the names of body's members; what must be new each time is made anew."""
        town, address = self.town, lambda: f"{uuid4().hex}@river.example"
        return {
            **{name: value for name, value in self.ids.items() if name != "date"},
            "dog_ids": [town.dog],
            "booking_ids": [self.ids["booking_id"]],
            "starts_on": town.day(0),
            "date": town.day(0),
            "start_time": "12:00",
            "weekdays": ["MO"],
            "count": 2,
            "accepted_dates": [town.day(0)],
            "starts_at": f"{town.day(2)}T10:00:00Z",
            "ends_at": f"{town.day(2)}T11:00:00Z",
            "scheduled_start": f"{town.day(0)}T15:00:00Z",
            "working_hours": HOURS,
            "email": address,
            "slug": lambda: f"edge-{uuid4().hex}",
            "organization": self.asking.slug,
            "time_zone": "Europe/London",
            "currency": "GBP",
            "password": PASSWORD,
        }

    def operations(self, service: str) -> Iterator[Asked]:
        """Yield the operations of a service's own document."""
        document = Document(
            yaml.safe_load((DOCUMENTS / f"{service}.yaml").read_text()), self.known(), {"until": "count"}
        )
        people = self.people(service)
        for method, path, operation in document.operations():
            name = f"{method} {path.removeprefix(PREFIX)}"
            if name != LEFT_OUT:
                yield Asked(name, operation, document, people)

    def people(self, service: str) -> tuple[httpx.Client, ...]:
        if service == "gateway":
            return (self.asking.ann, self.asking.office)
        return tuple(self._directly(service, who) for who in (self.asking.ann, self.asking.office))

    def _directly(self, service: str, who: httpx.Client) -> httpx.Client:
        account = who.get("/session").json()["account"]
        caller = Caller(
            UUID(account["id"]),
            UUID(account["organization_id"]),
            account["role"],
            account["name"],
            "Europe/London",
            "GBP",
        )
        token = self.services.issuer.token(service, caller, 24 * 3600)
        url = {"booking": self.services.booking, "travel": self.services.travel}[service]
        headers = {"authorization": f"Bearer {token}"}
        self._clients.append(httpx.Client(base_url=url, headers=headers, timeout=HANG_S))
        return self._clients[-1]

    def path(self, template: str) -> str:
        """Fill in an address with what there is."""
        return re.sub(r"\{(\w+)\}", lambda found: self.ids[found[1]], template)

    def close(self) -> None:
        """Hang up."""
        for client in self._clients:
            client.close()
        self.asking.close()
