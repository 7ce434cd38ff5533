"""The trial service with a database and topics of the test's own."""

from collections.abc import Iterator

import pytest

from bystander import Bystander
from chassis.testing import ServiceDatabase, create_database, drop_database, make_topics
from trial.app import HOME


@pytest.fixture(scope="session")
def database() -> Iterator[ServiceDatabase]:
    """One migrated database a worker; tests keep apart by organization and by topic."""
    made = create_database("trial", HOME)
    yield made
    drop_database(made)


@pytest.fixture
def bystander(database: ServiceDatabase) -> Iterator[Bystander]:
    """Who writes marks, starts replicas, and looks at what became of both."""
    made = Bystander(database, make_topics(HOME / "contracts"))
    yield made
    made.close()
