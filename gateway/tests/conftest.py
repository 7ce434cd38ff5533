"""The gateway's own process against its own database, with the real booking behind it."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr

from booking.app import create_app as create_booking
from booking.settings import Settings as BookingSettings
from chassis.testing import Served, ServiceDatabase, create_database, drop_database, free_port, make_topics, serve
from gateway.app import create_app
from gateway.settings import Settings

sys.path.insert(0, str(Path(__file__).parent))
from people import Business
from town import Town

REPOSITORY = Path(__file__).parents[2]
Serving = Callable[..., AbstractContextManager[Served]]


@contextmanager
def migrated(service: str, home: Path) -> Iterator[ServiceDatabase]:
    """Yield a service's database, which is dropped afterwards."""
    made = create_database(service, home)
    yield made
    drop_database(made)


@pytest.fixture(scope="session")
def database() -> Iterator[ServiceDatabase]:
    """One migrated database a worker; tests keep apart by organization."""
    with migrated("gateway", REPOSITORY / "gateway") as made:
        yield made


@pytest.fixture(scope="session")
def booking_database() -> Iterator[ServiceDatabase]:
    """Booking's own database."""
    with migrated("booking", REPOSITORY / "services" / "booking") as made:
        yield made


@pytest.fixture(scope="session")
def serving(database: ServiceDatabase) -> Serving:
    """Serve a gateway with settings of the test's own."""
    return serving_on(database)


def serving_on(database: ServiceDatabase) -> Serving:
    """Return what serves gateways on a database. beyond: of their settings, what no operator could set."""

    @contextmanager
    def with_settings(beyond: Mapping[str, Any] | None = None, **settings: Any) -> Iterator[Served]:
        config = Settings(database_url=SecretStr(database.url), **settings).model_copy(update=beyond)
        with serve(create_app(config)) as served:
            yield served

    return with_settings


@pytest.fixture(scope="session")
def gateway(serving: Serving, booking_database: ServiceDatabase) -> Iterator[Served]:
    """A gateway behind a real server, and booking, which takes its tokens, behind it."""
    with product(serving, booking_database) as served:
        yield served


@contextmanager
def product(serving: Serving, booking_database: ServiceDatabase, **settings: Any) -> Iterator[Served]:
    """Run a gateway, and booking behind it. settings: of the gateway; what names a broker is for both."""
    # Booking needs the gateway's address and the gateway booking's: the gateway's is known once it is served.
    port = free_port()
    kafka = {name: value for name, value in settings.items() if name.startswith("kafka_")}
    with serving(booking_url=f"http://127.0.0.1:{port}", session_cache_s=0, **settings) as served:
        theirs = BookingSettings(
            database_url=SecretStr(booking_database.url), jwks_url=f"{served.url}/.well-known/jwks.json", **kafka
        )
        with serve(create_booking(theirs), port=port):
            yield served


@pytest.fixture
def business(gateway: Served) -> Iterator[Business]:
    """A business of the test's own."""
    made = Business(gateway.url)
    yield made
    made.close()


@pytest.fixture(scope="module")
def kafka() -> dict[str, str]:
    """Topics of this module's own."""
    return {name.lower(): value for name, value in make_topics(REPOSITORY / "contracts").items()}


@pytest.fixture(scope="module")
def two(serving: Serving, booking_database: ServiceDatabase, kafka: dict[str, str]) -> Iterator[tuple[Served, Served]]:
    """Two gateways, one of which hears of what the other one passes on, or the reverse; and booking."""
    names = {"kafka_instance": uuid4().hex}, {"kafka_instance": uuid4().hex}
    with (
        product(serving, booking_database, stream_heartbeat_s=0.3, **kafka, **names[0]) as first,
        serving(session_cache_s=0, stream_heartbeat_s=0.3, **kafka, **names[1]) as second,
    ):
        yield first, second


@pytest.fixture
def town(two: tuple[Served, Served]) -> Iterator[Town]:
    """A business with a walker who has hours, and a customer with a dog and a home."""
    made = Town(two[0].url)
    yield made
    made.close()
