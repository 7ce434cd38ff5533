"""The schema in `tables.py` is the one that the migrations make."""

from sqlalchemy import Column, Text

from chassis.testing import ServiceDatabase
from chassis.testing.schema import schema_differences
from travel.tables import metadata


def test_alembic_finds_nothing_to_do(database: ServiceDatabase) -> None:
    assert schema_differences(database, metadata) == []


def test_a_column_without_a_migration_is_found(database: ServiceDatabase) -> None:
    metadata.tables["travel_times"].append_column(column := Column("forgotten", Text))
    try:
        assert [one[0] for one in schema_differences(database, metadata)] == ["add_column"]
    finally:
        metadata.tables["travel_times"]._columns.remove(column)
