"""Comparison of a service's `tables.py` with the schema that its migrations make."""

from typing import Any

import psycopg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, create_engine

from chassis.testing.databases import ServiceDatabase


def schema_differences(database: ServiceDatabase, metadata: MetaData) -> list[Any]:
    """Return what Alembic's autogenerate would change in a migrated database: nothing where `metadata` is true."""
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(database.admin_url))
    try:
        with engine.connect() as connection:
            options = {"compare_type": True, "compare_server_default": True}
            return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))
    finally:
        engine.dispose()
