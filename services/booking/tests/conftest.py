"""Booking's own process against its own database, and people of organizations that nobody else uses."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from booking.app import create_app
from booking.settings import Settings
from business import Business
from chassis.testing import (
    Identity,
    Served,
    ServiceDatabase,
    create_database,
    drop_database,
    every_event_fits_its_contract,
    serve,
)

HOME = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def database() -> Iterator[ServiceDatabase]:
    """One migrated database a worker; tests keep apart by organization."""
    made = create_database("booking", HOME)
    yield made
    every_event_fits_its_contract(made)
    drop_database(made)


@pytest.fixture(scope="session")
def identity() -> Iterator[Identity]:
    """Whoever signs tokens."""
    issuer = Identity()
    yield issuer
    issuer.close()


@pytest.fixture(scope="session")
def booking(database: ServiceDatabase, identity: Identity) -> Iterator[Served]:
    """Booking behind a real server."""
    settings = Settings(database_url=SecretStr(database.url), jwks_url=identity.jwks_url, travel_url="")
    with serve(create_app(settings)) as served:
        yield served


@pytest.fixture
def business(database: ServiceDatabase, identity: Identity, booking: Served) -> Iterator[Business]:
    """An organization of the test's own."""
    made = Business(database, identity, booking.url)
    yield made
    made.close()
