"""Databases for tests: one migrated template a service, copied as often as somebody needs one."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from psycopg import sql

from chassis import advisory_locks, migrations
from chassis.events import tables
from chassis.idempotency import tables as key_tables
from chassis.testing.waiting import eventually

_PASSWORD = "packwalk-tests"  # noqa: S105 - of a cluster that lives as long as the tests


@dataclass(frozen=True)
class ServiceDatabase:
    """A service's own database. url: its role, under row-level security; owner_url: who migrates; admin_url: superuser."""

    name: str
    url: str
    owner_url: str
    admin_url: str


def cluster_url() -> str:
    """Return the superuser's address of the test cluster, which `./packwalk test` starts."""
    url = os.environ.get("PACKWALK_TEST_POSTGRES")
    if not url:
        raise RuntimeError("PACKWALK_TEST_POSTGRES is not set: run the tests with ./packwalk test")
    return url


def create_database(service: str, home: Path, *, migrated: bool = True) -> ServiceDatabase:
    """Make a database for a service. home: its folder; migrated=False leaves it without any table."""
    name = f"{service}_{uuid4().hex[:12]}"
    with psycopg.connect(cluster_url(), autocommit=True) as admin:
        _roles(admin, service)
        template = _template(admin, service, home) if migrated else None
        source = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
        making = sql.SQL("CREATE DATABASE {} OWNER {}").format(_id(name), _id(f"{service}_owner")) + source
        eventually(lambda: _made(admin, making), f"{name} is made")
    if not migrated:
        _extensions(name)
    return _described(name, service)


def drop_database(database: ServiceDatabase) -> None:
    """Remove a database, with whoever is still connected."""
    with psycopg.connect(cluster_url(), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(_id(database.name)))


def _made(admin: psycopg.Connection, making: sql.Composed) -> bool:
    # Whoever migrated the template hangs up before the server has noticed, and the server waits for five seconds at most.
    try:
        admin.execute(making)
    except psycopg.errors.ObjectInUse:
        return False
    return True


def _id(name: str) -> sql.Identifier:
    return sql.Identifier(name)


def _roles(admin: psycopg.Connection, service: str) -> None:
    with admin.transaction():
        admin.execute("SELECT pg_advisory_xact_lock(%s)", (advisory_locks.TEST_TEMPLATES,))
        for role in (service, f"{service}_owner"):
            if admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is None:
                admin.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(_id(role), sql.Literal(_PASSWORD)))


def _template(admin: psycopg.Connection, service: str, home: Path) -> str:
    name = f"template_{service}_{_fingerprint(home)}"
    admin.execute("SELECT pg_advisory_lock(%s)", (advisory_locks.TEST_TEMPLATES,))
    try:
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", (name,)).fetchone() is None:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(_id(name)))
            admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(_id(name), _id(f"{service}_owner")))
            _extensions(name)
            migrations.upgrade_url(home, _described(name, service).owner_url)
            admin.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE true").format(_id(name)))
    finally:
        admin.execute("SELECT pg_advisory_unlock(%s)", (advisory_locks.TEST_TEMPLATES,))
    return name


def _extensions(name: str) -> None:
    with psycopg.connect(_at(cluster_url(), name), autocommit=True) as admin:
        admin.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")


def _fingerprint(home: Path) -> str:
    digest = hashlib.sha256()
    for file in (*sorted((home / "migrations").rglob("*.py")), Path(tables.__file__), Path(key_tables.__file__)):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _described(name: str, service: str) -> ServiceDatabase:
    admin = cluster_url()
    return ServiceDatabase(
        name=name,
        url=_at(admin, name, service),
        owner_url=_at(admin, name, f"{service}_owner"),
        admin_url=_at(admin, name),
    )


def _at(url: str, name: str, role: str | None = None) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    who = f"{quote(role)}:{quote(_PASSWORD)}" if role else parts.netloc.rpartition("@")[0]
    return urlunsplit(parts._replace(netloc=f"{who}@{host}", path=f"/{name}"))
