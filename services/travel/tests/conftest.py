"""Travel behind a real server with its own database, a stand-in for Google, and everybody who may ask."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr

from chassis.testing import HANG_S, Identity, Served, ServiceDatabase, create_database, drop_database, serve
from google_stand_in import KEY, Google
from travel.app import create_app
from travel.settings import Settings
from travel_client import TravelClient

HOME = Path(__file__).parents[1]
Serving = Callable[..., Served]


@pytest.fixture(scope="session")
def database() -> Iterator[ServiceDatabase]:
    """One migrated database a worker."""
    made = create_database("travel", HOME)
    yield made
    drop_database(made)


@pytest.fixture(scope="session")
def identity() -> Iterator[Identity]:
    """The gateway, as far as it signs tokens."""
    issuer = Identity()
    yield issuer
    issuer.close()


@pytest.fixture(scope="session")
def booking() -> Iterator[Identity]:
    """Booking, as far as it signs tokens."""
    issuer = Identity("packwalk-booking")
    yield issuer
    issuer.close()


@pytest.fixture
def google() -> Iterator[Google]:
    """Google, as it answers this test."""
    made = Google().start()
    yield made
    made.stop()


@pytest.fixture(params=["google_routes", "google_distance_matrix"])
def source(request: pytest.FixtureRequest) -> str:
    """Both of Google's APIs, one after the other."""
    return str(request.param)


@pytest.fixture
def settings(database: ServiceDatabase, identity: Identity, booking: Identity, google: Google) -> dict[str, Any]:
    """What travel is started with: a provider that answers, nothing kept from other tests."""
    return {
        "database_url": SecretStr(database.url),
        "jwks_url": identity.jwks_url,
        "booking_jwks_url": booking.jwks_url,
        "google_maps_api_key": SecretStr(KEY),
        "google_maps_base_url": google.url,
        "google_routes_base_url": google.url,
    }


@pytest.fixture
def serving(settings: dict[str, Any]) -> Iterator[Serving]:
    """Serve travel with settings of the test's own. Unless that is what a test is about, Google may take its time."""
    with ExitStack() as stack:

        def serving(**own: Any) -> Served:
            config = Settings(**{**settings, **own})
            if "travel_budget_s" not in own:
                config = config.model_copy(update={"travel_budget_s": HANG_S})
            return stack.enter_context(serve(create_app(config)))

        yield serving


@pytest.fixture
def ask(identity: Identity) -> Iterator[Callable[[Served], TravelClient]]:
    """Make somebody of the office who asks a travel service."""
    with ExitStack() as stack:

        def asker(served: Served, time_zone: str = "Europe/London") -> TravelClient:
            office = identity.person("admin", uuid4(), "Robin", time_zone)
            return stack.enter_context(TravelClient(served.url, identity.headers("travel", office)))

        yield asker
