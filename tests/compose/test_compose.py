"""The system as `docker compose up` makes it: the whole journey through its published port, while one container after the other is killed.

Runs where PACKWALK_TEST_COMPOSE=1 says that there is an engine; `.ci/containers` does.
"""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chassis.testing import HANG_S, eventually, free_port

REPOSITORY = Path(__file__).parents[2]
PASSWORD = "a-password-for-tests"
MORTALS = ("travel", "booking", "gateway", "kafka", "postgres")

pytestmark = pytest.mark.skipif(
    os.environ.get("PACKWALK_TEST_COMPOSE") != "1", reason="PACKWALK_TEST_COMPOSE is not 1: no engine to run containers"
)


@dataclass
class Compose:
    """The project that is up."""

    name: str
    environment: dict[str, str]

    def __call__(self, *arguments: str) -> str:
        """Run a command of docker compose. Returns what it printed."""
        command = ["docker", "compose", "--project-name", self.name, *arguments]
        done = subprocess.run(
            command, cwd=REPOSITORY, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{' '.join(command)}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def has(self, image: str) -> bool:
        """Whether an image is here: not every machine can fetch those that only watch."""
        return subprocess.run(["docker", "image", "inspect", image], capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def compose() -> Iterator[tuple[Compose, str]]:
    """Everything up and healthy, on a port of its own."""
    ports = {name: str(free_port()) for name in ("PACKWALK_PORT", "PROMETHEUS_PORT", "JAEGER_PORT")}
    made = Compose(f"packwalk-{uuid4().hex[:8]}", {**os.environ, **ports})
    watchers = [name for name, image in (("jaeger", "jaegertracing/jaeger:2.13.0"),) if made.has(image)]
    try:
        made("up", "--build", "--detach", "--wait", "--wait-timeout", str(HANG_S), "gateway", "prometheus", *watchers)
        yield made, f"http://127.0.0.1:{ports['PACKWALK_PORT']}"
    finally:
        made("down", "--volumes", "--timeout", "10")


class Person:
    """Somebody who asks again until there is an answer, as a page with Retry does."""

    def __init__(self, address: str) -> None:
        self._base = f"{address}/api/v1"
        self._headers: dict[str, str] = {}

    def ask(self, method: str, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
        """Ask; a gateway that is away, or says that something else is, is asked again."""
        headers = {**self._headers, **({"x-idempotency-key": key} if key else {})}

        def answered() -> httpx.Response | None:
            with suppress(httpx.TransportError):
                answer = httpx.request(method, f"{self._base}{path}", json=body, headers=headers, timeout=HANG_S)
                return answer if answer.status_code < 500 else None
            return None

        return eventually(answered, f"{method} {path} is answered")

    def need(self, method: str, path: str, body: Any = None, key: str | None = None) -> Any:
        """Ask for what has to succeed."""
        answer = self.ask(method, path, body, key)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def sign_in(self, email: str) -> "Person":
        """Sign in."""
        token = self.need("POST", "/session", {"email": email, "password": PASSWORD})["token"]
        self._headers["authorization"] = f"Bearer {token}"
        return self


class Riverside:
    """A business with a walker, a service and two customers."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._slug = f"river-{uuid4().hex[:10]}"
        admin = {"name": "Olive", "email": self._email("olive"), "password": PASSWORD}
        business = {"slug": self._slug, "name": "Riverside", "time_zone": "Europe/London", "currency": "GBP"}
        Person(address).need("POST", "/organizations", {**business, "admin": admin})
        self.office = Person(address).sign_in(self._email("olive"))
        account = {"role": "walker", "name": "Sam", "email": self._email("sam"), "password": PASSWORD}
        self.sam_id = self.office.need("POST", "/organization/accounts", account)["account"]["id"]
        hours = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in ("MO", "TU", "WE", "TH", "FR")]
        self.office.need("PUT", f"/walkers/{self.sam_id}", {"working_hours": hours, "active": True})
        self.sam = Person(address).sign_in(self._email("sam"))
        walk = {"kind": "walk", "name": "Walk", "duration_minutes": 30, "price_cents": 2000}
        self.walk_id = self.office.need("POST", "/services", walk)["id"]
        (self.ann, self.anns), (self.bob, self.bobs) = self._customer("ann"), self._customer("bob")

    def _email(self, name: str) -> str:
        return f"{name}@{self._slug}.example"

    def _customer(self, name: str) -> tuple[Person, dict[str, Any]]:
        account = {"organization": self._slug, "name": name.title(), "email": self._email(name), "password": PASSWORD}
        Person(self._address).need("POST", "/accounts", account)
        person = Person(self._address).sign_in(self._email(name))
        dog = person.need("POST", "/dogs", {"name": "Rex"})["id"]
        place = {"label": "Home", "address": "12 Elm Row", "lat": 51.5, "lng": -0.1}
        return person, {"dog_ids": [dog], "location_id": person.need("POST", "/locations", place)["id"]}

    def series(self, of: dict[str, Any], week: int, at: str, count: int) -> dict[str, Any]:
        """Wish for Mondays with Sam."""
        rule = {"starts_on": str(monday(week)), "start_time": at, "weekdays": ["MO"], "count": count}
        return {"service_id": self.walk_id, "walker_id": self.sam_id, **of, **rule}


def monday(week: int) -> date:
    """Return a Monday ahead."""
    today = datetime.now(UTC).date()
    return today + timedelta(days=7 * (2 + week) - today.weekday())


def told(person: Person, titles: set[str], at_least: int = 1) -> list[str]:
    """Wait until somebody has been told something. Returns all that they were told."""

    def found() -> list[str] | None:
        heard = [one["title"] for one in _all(person, "/notifications")]
        return heard if titles <= set(heard) and len(heard) >= at_least else None

    return eventually(found, f"told of {titles}")


def test_a_year_is_booked_around_a_conflict_and_the_walker_hears_of_it(compose: tuple[Compose, str]) -> None:
    town = Riverside(compose[1])
    town.bob.need("POST", "/series", town.series(town.bobs, 3, "09:00", 1), str(uuid4()))
    wish = town.series(town.anns, 0, "09:00", 52)
    refused = town.ann.ask("POST", "/series", wish, str(uuid4()))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/booking-conflicts")
    dates = [one["date"] for one in refused.json()["occurrences"] if one["outcome"] != "conflict"]
    assert len(dates) == 51
    key = str(uuid4())
    made = town.ann.need("POST", "/series", {**wish, "accepted_dates": dates}, key)
    assert town.ann.need("POST", "/series", {**wish, "accepted_dates": dates}, key) == made
    assert sorted(told(town.sam, {"Ann booked 51 walks with you"})) == [
        "Ann booked 51 walks with you",
        "Bob booked a walk with you",
    ]


def test_whatever_is_killed_meanwhile_every_series_is_booked_once_and_told_once(compose: tuple[Compose, str]) -> None:
    up, address = compose
    town = Riverside(address)
    stop = threading.Event()
    with ThreadPoolExecutor(2) as crowd:
        runs = [crowd.submit(_book_until, stop, town, who) for who in (0, 1)]
        for mortal in MORTALS:
            up("kill", "--signal", "SIGKILL", mortal)
            up("up", "--detach", "--wait", "--wait-timeout", str(HANG_S), "gateway")
        stop.set()
        made = [body for run in runs for body in run.result(HANG_S)]
    assert len(made) >= len(MORTALS)
    ids = {body["series"]["id"] for body in made}
    listed = _all(town.office, "/series")
    assert {one["id"] for one in listed} == ids
    titles = {f"{name} booked 2 walks with you" for name in ("Ann", "Bob")}
    assert len(told(town.sam, titles, at_least=len(ids))) == len(ids)
    assert "no dead letters" in up("exec", "-T", "gateway", "python", "-m", "gateway", "events", "dead-letters")


def _book_until(stop: threading.Event, town: Riverside, who: int) -> list[Any]:
    person, of = ((town.ann, town.anns), (town.bob, town.bobs))[who]
    made = []
    for turn in range(500):
        if stop.is_set():
            break
        at = f"{8 + 8 * who + turn % 8:02}:00"
        made.append(person.need("POST", "/series", town.series(of, 2 * (turn // 8), at, 2), str(uuid4())))
        stop.wait(0.2)
    return made


def _all(person: Person, path: str) -> list[Any]:
    found, cursor = [], ""
    while True:
        page = person.need("GET", f"{path}?limit=200{cursor}")
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def test_prometheus_sees_every_service_and_knows_every_figure_of_the_dashboard(compose: tuple[Compose, str]) -> None:
    up, _ = compose
    at = f"http://127.0.0.1:{up.environment['PROMETHEUS_PORT']}/api/v1"

    def seen() -> bool:
        targets = httpx.get(f"{at}/targets", timeout=HANG_S).json()["data"]["activeTargets"]
        return {one["labels"]["service"] for one in targets if one["health"] == "up"} == {
            "travel",
            "booking",
            "gateway",
        }

    eventually(seen, "Prometheus sees every service")
    dashboard = json.loads((REPOSITORY / "deploy" / "grafana" / "dashboards" / "packwalk.json").read_text())
    known = set(httpx.get(f"{at}/label/__name__/values", timeout=HANG_S).json()["data"])
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            answer = httpx.get(f"{at}/query", params={"query": target["expr"]}, timeout=HANG_S).json()
            assert answer["status"] == "success", panel["title"]
            assert any(name in target["expr"] for name in known), panel["title"]
    rules = httpx.get(f"{at}/rules", timeout=HANG_S).json()["data"]["groups"]
    assert {rule["health"] for group in rules for rule in group["rules"]} == {"ok"}
