"""Bring a service's database up to date: Alembic, one replica at a time, short locks."""

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from chassis import advisory_locks, logs
from chassis.database_errors import CannotConnect, cause_of
from chassis.settings import ServiceSettings

_log = logs.get("migrations")


def upgrade(home: Path, settings: ServiceSettings, to: str = "head") -> None:
    """Run the migrations of `home/migrations` up to a revision, as the owner of the tables. Raises CannotConnect."""
    url = settings.migrations_database_url or settings.database_url
    upgrade_url(home, url.get_secret_value(), to)


def upgrade_url(home: Path, url: str, to: str = "head") -> None:
    """Run the migrations on the database at `url`."""
    config = Config()
    config.set_main_option("script_location", str(home / "migrations"))
    # libpq alone reads the address, as it does for a service that serves.
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url))
    with _connected(engine) as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": advisory_locks.MIGRATIONS})
        # Waiting for a table's lock blocks everybody who comes after: give up soon, the next start tries again.
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.commit()
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        connection.commit()
        _log.info("migrated", revision=MigrationContext.configure(connection).get_current_revision())
    engine.dispose()


def _connected(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except DBAPIError as error:
        if isinstance(error.orig, psycopg.Error):
            raise CannotConnect(cause_of(error.orig)) from error
        raise


def protect(op: Operations, table: str, role: str) -> None:
    """Let a service's role work with a tenant table, but only with the rows of the organization it has entered."""
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {role}")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant ON {table} TO {role}"
        " USING (organization_id = current_setting('app.organization')::uuid)"
        " WITH CHECK (organization_id = current_setting('app.organization')::uuid)"
    )
