"""What `up` runs: the database cluster, the broker, the services and the gateway, their secrets, addresses and logs."""

import json
import os
import secrets
import subprocess
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

from launcher import broker, cluster, environment, frontend
from launcher.broker import Broker
from launcher.cluster import Cluster, free_port
from launcher.machine import ROOT, STATE, Trouble, run, say

LOGS = STATE / "logs"
SERVICES = ("travel", "booking", "gateway")  # each after those that it calls, and whose documents it holds
SIGNING = ("booking", "gateway")  # who calls others, and so signs
BROKER = "kafka"
_DEFAULT_PORT = 8080


def port() -> int:
    """Return the product's port: PACKWALK_PORT, or 8080. Raises Trouble when it is no port."""
    text = os.environ.get("PACKWALK_PORT", str(_DEFAULT_PORT))
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Trouble(f"PACKWALK_PORT must be a port like 8080, not '{text}'.")
    return int(text)


def home_of_postgres() -> Path:
    """Return where the cluster lives: in .packwalk, unless the user that runs it cannot get there."""
    STATE.mkdir(exist_ok=True)
    if cluster.reachable(STATE):
        return STATE / "postgres"
    return Path("/var/lib/packwalk") / sha256(str(ROOT).encode()).hexdigest()[:12]


def command(service: str, *verb: str) -> list[str | Path]:
    """Return the command that runs a verb of a service."""
    return [environment.BIN / "python", "-m", service, *verb]


class System:
    """The installed system. Every secret is made once and kept in a file that only its owner reads."""

    def __init__(self) -> None:
        self.secrets = _secrets()
        self.cluster = Cluster(home_of_postgres(), self.secrets["postgres"])
        self.postgres_port = 0
        self.broker: Broker | None = None
        self.kafka = os.environ.get("KAFKA_BOOTSTRAP_SERVERS", "")

    def start_database(self) -> None:
        """Start the cluster on a free port, and make what the services need in it."""
        self.cluster.make()
        if self.cluster.running():
            self.cluster.stop()
        self.postgres_port = free_port()
        self.cluster.start(self.postgres_port, max_connections="200", shared_buffers="256MB")
        for service in SERVICES:
            self._database_of(service)

    def make_broker(self) -> None:
        """Get a broker of our own ready to be launched, unless KAFKA_BOOTSTRAP_SERVERS names another."""
        if not self.kafka:
            self.broker = Broker(STATE / "kafka", free_port(), LOGS / f"{BROKER}.log")
            self.broker.make()
            self.kafka = self.broker.address

    def _database_of(self, service: str) -> None:
        for role in (service, f"{service}_owner"):
            verb = "ALTER" if role in self._ask("postgres", "SELECT rolname FROM pg_roles").splitlines() else "CREATE"
            self._ask("postgres", f"{verb} ROLE {role} LOGIN PASSWORD '{self.secrets[role]}'")
        if service not in self._ask("postgres", "SELECT datname FROM pg_database").splitlines():
            self._ask("postgres", f"CREATE DATABASE {service} OWNER {service}_owner")
        self._ask(service, "CREATE EXTENSION IF NOT EXISTS btree_gist")

    def _ask(self, database: str, question: str) -> str:
        env = {**os.environ, "PGPASSWORD": self.secrets["postgres"], "PGOPTIONS": "-c client_min_messages=warning"}
        where = ["-h", "127.0.0.1", "-p", str(self.postgres_port), "-U", "postgres", "-d", database]
        psql: list[str | Path] = [
            cluster.programs() / "psql",
            *where,
            "-qAtX",
            "-v",
            "ON_ERROR_STOP=1",
            "-c",
            question,
        ]
        return run(psql, env=env, why="Preparing the database").strip()

    def environment_of(self, service: str, ports: dict[str, int]) -> dict[str, str]:
        """Return the environment that a service runs in."""
        own = {
            "PORT": str(ports[service]),
            "DATABASE_URL": self._url(service, service),
            "MIGRATIONS_DATABASE_URL": self._url(service, f"{service}_owner"),
            "KAFKA_BOOTSTRAP_SERVERS": self.kafka,
            "JWKS_URL": f"http://127.0.0.1:{ports['gateway']}/.well-known/jwks.json",
            "BOOKING_JWKS_URL": f"http://127.0.0.1:{ports['booking']}/.well-known/jwks.json",
            "BOOKING_URL": f"http://127.0.0.1:{ports['booking']}",
            "TRAVEL_URL": f"http://127.0.0.1:{ports['travel']}",
        }
        if service in SIGNING:
            own |= {"TOKEN_KEY_FILE": str(_key_of(service))}
        if service == "gateway":
            own |= {"HOST": os.environ.get("PACKWALK_HOST", "127.0.0.1"), "FRONTEND_DIR": str(frontend.DIST)}
        return environment.environment(**own)

    def _url(self, database: str, role: str) -> str:
        return f"postgresql://{role}:{self.secrets[role]}@127.0.0.1:{self.postgres_port}/{database}"

    def prepare(self, ports: dict[str, int]) -> None:
        """Bring every database up to date, make the signing keys that are missing, and the topics that the contracts declare.

        All at once: most of the time goes into starting Python so many times.
        """
        with ThreadPoolExecutor() as side_by_side:
            work = [
                side_by_side.submit(self._run_verb, service, ports, "migrate", why=f"Migrating {service}'s database")
                for service in SERVICES
            ]
            work += [
                side_by_side.submit(
                    self._run_verb, service, ports, "key", str(_key_of(service)), why=f"Making {service}'s signing key"
                )
                for service in SIGNING
                if not _key_of(service).exists()
            ]
            if self.broker:
                self.broker.wait_until_ready()
            self._run_verb("booking", ports, "events", "topics", why="Making the topics")
            for one in work:
                one.result()

    def _run_verb(self, service: str, ports: dict[str, int], *verb: str, why: str) -> None:
        run(command(service, *verb), env=self.environment_of(service, ports), why=why)

    def launch(self, name: str, ports: dict[str, int]) -> subprocess.Popen[bytes]:
        """Start a service, or the broker; what it says goes to its log."""
        if name == BROKER:
            assert self.broker
            return self.broker.launch()
        return self._launch_service(name, ports)

    def _launch_service(self, service: str, ports: dict[str, int]) -> subprocess.Popen[bytes]:
        with (LOGS / f"{service}.log").open("ab") as log:
            return subprocess.Popen(
                command(service, "serve"),
                cwd=ROOT,
                env=self.environment_of(service, ports),
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for us: we end the services in order.
                start_new_session=True,
            )


def _secrets() -> dict[str, str]:
    file = STATE / "secrets.json"
    STATE.mkdir(exist_ok=True)
    names = ["postgres", *(role for s in SERVICES for role in (s, f"{s}_owner"))]
    known = json.loads(file.read_text()) if file.exists() else {}
    # A version that brings a service brings its passwords as well.
    missing = {name: secrets.token_urlsafe(24) for name in names if name not in known}
    if missing:
        draft = file.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps({**known, **missing}))
        draft.rename(file)
    return dict(json.loads(file.read_text()))


def _key_of(service: str) -> Path:
    return STATE / f"{service}.key"


def rotate_logs() -> None:
    """Keep the logs of the run before as `.1`."""
    LOGS.mkdir(parents=True, exist_ok=True)
    for name in (*SERVICES, BROKER):
        log = LOGS / f"{name}.log"
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        log.touch()


def prepare() -> None:
    """Make everything that has to be there before anything starts."""
    environment.ready()
    cluster.programs()
    if not os.environ.get("KAFKA_BOOTSTRAP_SERVERS"):
        broker.install()
    frontend.build()
    say("Everything is installed")
