"""What the installed system is made of: services, their secrets, databases, addresses and environment."""

import ipaddress
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from launcher import cluster, environment, services
from launcher.cluster import Cluster
from launcher.commands import run
from launcher.machine import ROOT, STATE, UserError

LOGS = STATE / "logs"
SERVICES = services.NAMES
SIGNING = tuple(service.name for service in services.ALL if service.signs)
BROKER = "kafka"
POSTGRES = "postgres"
_DEFAULT_PORT = 8080
_MAKE_DATABASE = ROOT / "deploy" / "compose" / "database.sql"


def port() -> int:
    """Return the product's port: PACKWALK_PORT, or 8080. Raises UserError when it is no port."""
    text = os.environ.get("PACKWALK_PORT", str(_DEFAULT_PORT))
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise UserError(f"PACKWALK_PORT must be a port like 8080, not '{text}'.")
    return int(text)


def host() -> str:
    """Return the address that the product answers at: PACKWALK_HOST, or this machine alone."""
    return os.environ.get("PACKWALK_HOST", "127.0.0.1")


def open_to_others() -> bool:
    """Whether anybody but this machine reaches the product. A name that is not `localhost` counts as open."""
    try:
        return not ipaddress.ip_address(host()).is_loopback
    except ValueError:
        return host() != "localhost"


def home_of_postgres() -> Path:
    """Return where the cluster lives: in .packwalk, unless the user that runs it cannot get there."""
    STATE.mkdir(exist_ok=True)
    if cluster.reachable(STATE):
        return STATE / "postgres"
    return Path("/var/lib/packwalk") / sha256(str(ROOT).encode()).hexdigest()[:12]


def command(service: str, *verb: str) -> list[str | Path]:
    """Return the command that runs a verb of a service."""
    return [environment.BIN / "python", "-m", service, *verb]


def key_file(service: str) -> Path:
    """Return where a service's key to sign with is kept."""
    return STATE / f"{service}.key"


def passwords() -> dict[str, str]:
    """Return the password of every role. Each is made once, and kept in a file that only its owner reads."""
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


@dataclass(frozen=True)
class Database:
    """A service's database, for the role that works and for the one that owns the tables."""

    url: str
    owner_url: str

    def settings(self) -> dict[str, str]:
        """Return what a service reads from its environment of it."""
        return {"DATABASE_URL": self.url, "MIGRATIONS_DATABASE_URL": self.owner_url}


def database(service: str, passwords: Mapping[str, str], postgres_port: int) -> Database:
    """Say where a service's database is."""
    url, owner_url = (
        f"postgresql://{role}:{passwords[role]}@127.0.0.1:{postgres_port}/{service}"
        for role in (service, f"{service}_owner")
    )
    return Database(url, owner_url)


def make_database(service: str, passwords: Mapping[str, str], postgres_port: int) -> Database:
    """Make what a service needs in the cluster, or bring its passwords up to date. Again is harmless."""
    where: list[str | Path] = ["-h", "127.0.0.1", "-p", str(postgres_port), "-U", "postgres", "-d", "postgres"]
    env = {
        **os.environ,
        "PGPASSWORD": passwords["postgres"],
        "PGOPTIONS": "-c client_min_messages=warning",
        "ROLE_PASSWORD": passwords[service],
        "OWNER_PASSWORD": passwords[f"{service}_owner"],
    }
    words: list[str | Path] = ["-qAtX", "-v", f"service={service}", "-f", _MAKE_DATABASE]
    try:
        run([cluster.programs() / "psql", *where, *words], env=env, why="psql")
    except UserError as trouble:
        if "password authentication failed" not in str(trouble):
            raise
        home = home_of_postgres()
        raise UserError(
            f"The database in {home} is of an earlier installation, and its password is gone."
            " ./packwalk reset removes it."
        ) from trouble
    return database(service, passwords, postgres_port)


def addresses(ports: Mapping[str, int]) -> dict[str, str]:
    """Return what services read from their environment of one another."""
    return services.addresses({service: f"http://127.0.0.1:{ports[service]}" for service in SERVICES})


def postgres(password: str | None = None) -> Cluster:
    """Return this installation's cluster."""
    return Cluster(home_of_postgres(), password, LOGS / f"{POSTGRES}.log")
