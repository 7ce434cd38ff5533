"""The system as `docker compose up` makes it: the whole journey through its published port, while one container after the other is killed.

Runs where PACKWALK_TEST_COMPOSE=1 says that there is an engine; `.ci/containers` does.
"""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chaos.business import Business, Customer, monday
from chaos.person import Person
from chassis.testing import HANG_S, eventually, free_port

REPOSITORY = Path(__file__).parents[2]
SECRETS = (
    *(f"{name}_DB_PASSWORD" for name in ("BOOKING", "TRAVEL", "GATEWAY", "OWNERS")),
    "POSTGRES_PASSWORD",
    "GRAFANA_PASSWORD",
)
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


def series(town: Business, who: Customer, week: int, at: str, count: int) -> dict[str, Any]:
    """Ask for Mondays."""
    rule = {"starts_on": str(monday(week)), "start_time": at, "weekdays": ["MO"], "count": count}
    return {**who.of, "walker_id": town.walkers[0], **rule}


def told(person: Person, titles: set[str], at_least: int = 1) -> list[str]:
    """Wait until somebody has been told something. Returns all that they were told."""

    def found() -> list[str] | None:
        heard = [one["title"] for one in _all(person, "/notifications")]
        return heard if titles <= set(heard) and len(heard) >= at_least else None

    return eventually(found, f"told of {titles}")


def test_a_year_is_booked_around_a_conflict_and_the_walker_hears_of_it(compose: tuple[Compose, str]) -> None:
    with closing(Business(compose[1], walkers=1)) as town:
        _book_a_year_around_a_conflict(town)


def _book_a_year_around_a_conflict(town: Business) -> None:
    ann, bob, walker = town.customer("Ann"), town.customer("Bob"), town.walker(0)
    bob.person.need("POST", "/series", series(town, bob, 3, "09:00", 1), str(uuid4()))
    wish = series(town, ann, 0, "09:00", 52)
    refused = ann.person.ask("POST", "/series", wish, str(uuid4()))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/booking-conflicts")
    dates = [one["date"] for one in refused.json()["occurrences"] if one["outcome"] != "conflict"]
    assert len(dates) == 51
    key = str(uuid4())
    made = ann.person.need("POST", "/series", {**wish, "accepted_dates": dates}, key)
    assert ann.person.need("POST", "/series", {**wish, "accepted_dates": dates}, key) == made
    assert sorted(told(walker, {"Ann booked 51 walks with you"})) == [
        "Ann booked 51 walks with you",
        "Bob booked a walk with you",
    ]


def test_up_with_nothing_changed_replaces_nothing(compose: tuple[Compose, str]) -> None:
    up, _ = compose
    before = up("ps", "--all", "--quiet").split()
    up("up", "--build", "--detach", "--wait", "--wait-timeout", str(HANG_S), "gateway")
    assert up("ps", "--all", "--quiet").split() == before


def test_a_sample_secret_is_refused_outside_of_development(compose: tuple[Compose, str]) -> None:
    up, _ = compose
    own = dict.fromkeys(SECRETS, "a-password-of-our-own")
    for missing in SECRETS:
        chosen = {"ENVIRONMENT": "production", **{name: value for name, value in own.items() if name != missing}}
        refused = _secrets(up, chosen)
        assert refused.returncode == 1
        assert f"ENVIRONMENT is production, so these need values of your own: {missing}" in refused.stderr
    assert _secrets(up, {"ENVIRONMENT": "production", **own}).returncode == 0


def _secrets(up: Compose, chosen: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    command = ["docker", "compose", "--project-name", up.name, "run", "--rm", "--no-TTY", "secrets"]
    return subprocess.run(
        command, cwd=REPOSITORY, env={**up.environment, **chosen}, capture_output=True, text=True, check=False
    )


def test_whatever_is_killed_meanwhile_every_series_is_booked_once_and_told_once(compose: tuple[Compose, str]) -> None:
    up, address = compose
    with closing(Business(address, walkers=1)) as town:
        _book_while_everything_is_killed(up, town)


def _book_while_everything_is_killed(up: Compose, town: Business) -> None:
    stop, customers = threading.Event(), [town.customer("Ann"), town.customer("Bob")]
    with ThreadPoolExecutor(2) as crowd:
        runs = [crowd.submit(_book_until, stop, town, customers[n], 8 + 8 * n) for n in (0, 1)]
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
    assert len(told(town.walker(0), titles, at_least=len(ids))) == len(ids)
    assert "no dead letters" in up("exec", "-T", "gateway", "python", "-m", "gateway", "events", "dead-letters")


def _book_until(stop: threading.Event, town: Business, who: Customer, first_hour: int) -> list[Any]:
    made = []
    for turn in range(500):
        if stop.is_set():
            break
        wish = series(town, who, 2 * (turn // 8), f"{first_hour + turn % 8:02}:00", 2)
        made.append(who.person.need("POST", "/series", wish, str(uuid4())))
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


def test_behind_a_proxy_that_is_named_each_customer_has_a_limit_of_their_own(compose: tuple[Compose, str]) -> None:
    up, address = compose
    few = {"SIGN_INS_PER_ADDRESS": "3/hour"}
    _gateway_with(up, few)
    assert [_sign_in(address, f"203.0.113.{n}") for n in range(4)] == [401, 401, 401, 429]
    _gateway_with(up, {**few, "FORWARDED_ALLOW_IPS": ",".join(_subnets(up))})
    assert [_sign_in(address, f"203.0.113.{n}") for n in range(4)] == [401, 401, 401, 401]
    assert [_sign_in(address, "203.0.113.0") for _ in range(3)] == [401, 401, 429]


def _gateway_with(up: Compose, settings: dict[str, str]) -> None:
    changed = Compose(up.name, {**up.environment, **settings})
    changed("up", "--detach", "--wait", "--wait-timeout", str(HANG_S), "gateway")


def _subnets(up: Compose) -> list[str]:
    # A published port's clients come from the network's own gateway.
    mine = ["--filter", f"label=com.docker.compose.project={up.name}", "--quiet"]
    networks = subprocess.run(
        ["docker", "network", "ls", *mine], capture_output=True, text=True, check=True
    ).stdout.split()
    shape = "{{range .IPAM.Config}}{{.Subnet}} {{end}}"
    command = ["docker", "network", "inspect", "--format", shape, *networks]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def _sign_in(address: str, client: str) -> int:
    nobody = {"email": f"{uuid4()}@example.com", "password": "nobody knows this one"}
    headers = {"x-forwarded-for": client}
    return httpx.post(f"{address}/api/v1/session", json=nobody, headers=headers, timeout=HANG_S).status_code
