"""A canary in every secret setting, right or malformed, is in nothing that a service says: no log, error, metric, trace or page.

The secrets are found in the settings classes: a new one is tested without a change here.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr

from chassis.testing import (
    HANG_S,
    Identity,
    Process,
    ServiceDatabase,
    collector,
    create_database,
    drop_database,
    eventually,
    free_port,
)
from settings_classes import ALL, SERVICES, is_a

CANARY = "cAnArY7Qx"
HOMES = {"gateway": "gateway", "booking": "services/booking", "travel": "services/travel"}
REPOSITORY = Path(__file__).parents[2]
SECRETS = [(service, name) for service, name in ALL if is_a(SecretStr, SERVICES[service].model_fields[name].annotation)]

# The first three are tried with every verb.
MALFORMED_URLS = (
    "postgresql+psycopg://role:{}@host/name",
    "postgresql://role:{}%zz@host/name",
    "postgresql://role@host:{}/name",
    "{}",
    "host=127.0.0.1 user=role password={}",
    "http://role:{}@host/name",
    "postgresql://role:{}",
    "postgresql://role:{}@one@host/name",
    "postgresql://role:{}/one@host/name",
    "postgresql://role:{}?one@host/name",
    "postgresql://role:{} one@host/name",
    "postgresql://role@host/name?pasword={}",
    "postgresql://role:{}@host:70000/name",
    "postgresql://role:{}@ho st/name",
)
MALFORMED_KEYS = ("{}\r\nx-injected: yes", "{} and a half", "{}é", "\x7f{}")
VERBS = (
    ["serve"],
    ["migrate"],
    ["openapi"],
    *(["events", verb] for verb in ("lag", "outbox", "dead-letters", "replay", "rebuild", "topics")),
    ["events", "show", "1"],
    ["events", "discard", "1"],
)

# Importing a service takes a second, and a verb that refuses its settings no time: each runs in a fork of one process.
_FORKS = """
import json, os, runpy, signal, sys, traceback
__import__(sys.argv[1] + ".app")
for line in sys.stdin:
    case = json.loads(line)
    child = os.fork()
    if not child:
        signal.alarm(case["hangs_s"])
        said = os.open(case["into"], os.O_CREAT | os.O_WRONLY, 0o600)
        os.dup2(said, 1), os.dup2(said, 2)
        os.environ.update(case["environment"])
        sys.argv[1:] = case["verb"]
        status = 0
        try:
            runpy.run_module(case["service"], run_name="__main__")
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else bool(ended.code)
            if not isinstance(ended.code, int) and ended.code:
                print(ended.code, file=sys.stderr)
        except BaseException:
            traceback.print_exc()
            status = 70
        sys.stdout.flush(), sys.stderr.flush()
        os._exit(status)  # taking down all that was imported takes longer than all the rest
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Verbs:
    """Runs verbs of one service."""

    def __init__(self, service: str, folder: Path) -> None:
        self._service = service
        self._into = folder / "said"
        command = [sys.executable, "-c", _FORKS, service]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdin
        assert self._process.stdout
        self._cases, self._codes = self._process.stdin, self._process.stdout

    def __call__(self, verb: list[str], environment: dict[str, str]) -> tuple[int, str]:
        """Run a verb. Returns its exit status and all that it said."""
        self._into.unlink(missing_ok=True)
        case = {"service": self._service, "verb": verb, "environment": environment, "into": str(self._into)}
        self._cases.write(json.dumps({**case, "hangs_s": HANG_S}) + "\n")
        self._cases.flush()
        return int(self._codes.readline()), self._into.read_text()

    def close(self) -> None:
        """End it."""
        self._cases.close()
        self._process.wait(HANG_S)
        self._codes.close()


@pytest.fixture(scope="module")
def databases() -> Iterator[dict[str, ServiceDatabase]]:
    """A database for each service."""
    made = {service: create_database(service, REPOSITORY / home) for service, home in HOMES.items()}
    yield made
    for one in made.values():
        drop_database(one)


@pytest.fixture(scope="module", params=SERVICES)
def verbs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Verbs]]:
    """One service after the other."""
    made = Verbs(request.param, tmp_path_factory.mktemp("verbs"))
    yield request.param, made
    made.close()


def good(database: ServiceDatabase, name: str) -> str:
    """Return a value that works, with the canary in it: tests' database asks for no password."""
    if not name.endswith("_url"):
        return CANARY
    parts = urlsplit(database.owner_url if name == "migrations_database_url" else database.url)
    role, host = parts.username, parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{CANARY}@{host}"))


def environment(database: ServiceDatabase, **settings: str) -> dict[str, str]:
    own = {"DATABASE_URL": database.url, "MIGRATIONS_DATABASE_URL": database.owner_url}
    return {**own, **{name.upper(): value for name, value in settings.items()}}


def names_of(service: str) -> list[str]:
    return [name for of, name in SECRETS if of == service]


def test_every_service_has_its_secrets() -> None:
    assert {service for service, _ in SECRETS} == set(SERVICES)
    assert ("travel", "google_maps_api_key") in SECRETS


def test_a_malformed_secret_is_named_by_every_verb_and_shown_by_none(
    verbs: tuple[str, Verbs], databases: dict[str, ServiceDatabase]
) -> None:
    service, run = verbs
    for name in names_of(service):
        malformed = MALFORMED_URLS if name.endswith("_url") else MALFORMED_KEYS
        for number, shape in enumerate(malformed):
            for verb in VERBS if number < 3 else VERBS[:1]:
                status, said = run(verb, environment(databases[service], **{name: shape.format(CANARY)}))
                assert status == 1, (verb, shape, said)
                assert said.startswith(f"{service}: {name.upper()}: "), (verb, shape)
                assert said.count("\n") == 1
                assert CANARY not in said


def test_a_good_secret_is_shown_by_no_verb(verbs: tuple[str, Verbs], databases: dict[str, ServiceDatabase]) -> None:
    service, run = verbs
    secrets = {name: good(databases[service], name) for name in names_of(service)}
    away = {
        name: value.replace(urlsplit(value).netloc.rpartition("@")[2], f"127.0.0.1:{free_port()}")
        if "@" in value
        else value
        for name, value in secrets.items()
    }
    for values in (secrets, away):
        for verb in VERBS[1:]:
            status, said = run(verb, environment(databases[service], **values))
            assert status in (0, 1), (verb, said)
            assert "Traceback" not in said, verb
            assert CANARY not in said, verb


@pytest.fixture(scope="module")
def identity() -> Iterator[Identity]:
    """Who speaks for people."""
    made = Identity()
    yield made
    made.close()


def asked(service: str, url: str, metrics_url: str, identity: Identity) -> str:
    """Ask for whatever shows something of a service. Returns all that it said."""
    signed_in = identity.headers(service, identity.person("admin", uuid4()))
    place = {"lat": 51.5, "lng": -0.1}
    trip = {
        "origin": place,
        "destination": {**place, "lat": 51.6},
        "depart_at": "2031-01-06T13:00:00Z",
        "mode": "driving",
    }
    questions: list[tuple[str, str, Any]] = [
        ("GET", "/readyz", None),
        ("GET", "/healthz", None),
        ("GET", "/services", None),
        ("POST", "/travel-times", {"trips": [trip]}),
        ("GET", "/api/v1/openapi.json", None),
        ("POST", "/api/v1/session", {"email": "ann@x.example", "password": "a-password-for-tests"}),
    ]
    said = [
        httpx.request(*one[:2], json=one[2], headers=signed_in, timeout=HANG_S)
        for one in [(method, f"{url}{path}", body) for method, path, body in questions]
    ]
    said.append(httpx.get(f"{metrics_url}/metrics", timeout=HANG_S))
    assert said[-1].is_success
    assert {answer.status_code for answer in said} > {200}, "some of it is refused"
    return "".join(f"{answer.headers}{answer.text}" for answer in said)


@pytest.mark.parametrize("away", [False, True], ids=["there", "away"])
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_that_serves_shows_no_secret(
    service: str, away: bool, databases: dict[str, ServiceDatabase], identity: Identity, tmp_path: Path
) -> None:
    secrets = {name: good(databases[service], name) for name in names_of(service)}
    if away:
        secrets["database_url"] = f"postgresql://{service}:{CANARY}@127.0.0.1:{free_port()}/{service}"
    nobody = f"http://127.0.0.1:{free_port()}"
    with collector() as (endpoint, traces):
        process = Process(
            service,
            {
                **{name.upper(): value for name, value in secrets.items()},
                "METRICS_PORT": str(metrics_port := free_port()),
                "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
                "JWKS_URL": identity.jwks_url,
                "BOOKING_URL": nobody,
                "TRAVEL_URL": nobody,
                "GOOGLE_ROUTES_BASE_URL": nobody,
                "DATABASE_POOL_TIMEOUT_S": "1" if away else "30",
                "LOG_LEVEL": "DEBUG",
            },
            tmp_path / "log",
        )
        process.start()
        try:
            eventually(lambda: _lives(process), f"{service} serves")
            metrics_url = f"http://127.0.0.1:{metrics_port}" if service == "gateway" else process.url
            shown = asked(service, process.url, metrics_url, identity)
        finally:
            process.stop()
        assert traces, "spans were recorded"
    assert CANARY not in shown
    assert CANARY not in process.text()
    assert not [one for one in traces if CANARY.encode() in one]


def _lives(process: Process) -> bool:
    assert process.alive, process.text()
    try:
        return httpx.get(f"{process.url}/healthz", timeout=HANG_S).is_success
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("service", ["booking", "gateway"])
def test_a_key_that_cannot_be_used_is_not_shown(
    service: str, databases: dict[str, ServiceDatabase], tmp_path: Path
) -> None:
    file = tmp_path / "token.key"
    file.write_text(f"-----BEGIN PRIVATE KEY-----\n{CANARY}\n-----END PRIVATE KEY-----\n")
    run = Verbs(service, tmp_path)
    try:
        for value in (str(file), file.read_text(), CANARY, str(tmp_path)):
            status, said = run(["serve"], environment(databases[service], token_key_file=value))
            assert (status, CANARY in said, "Traceback" in said) == (1, False, False), said
            assert f"{service}: TOKEN_KEY_FILE cannot be used" in said
    finally:
        run.close()
