"""The gateway's own process against its own database, and booking's, both real."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from chassis.testing import ServiceDatabase, create_database, drop_database

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def database() -> Iterator[ServiceDatabase]:
    """One migrated database a worker; tests keep apart by organization."""
    made = create_database("gateway", REPOSITORY / "gateway")
    yield made
    drop_database(made)
