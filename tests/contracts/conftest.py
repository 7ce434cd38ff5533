"""The three services in this process, as they stand behind one another."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from pydantic import SecretStr

from booking.app import create_app as create_booking
from booking.settings import Settings as BookingSettings
from chassis.issuer import Issuer
from chassis.testing import create_database, drop_database, free_port, serve
from gateway.app import create_app as create_gateway
from gateway.settings import Settings as GatewaySettings
from travel.app import create_app as create_travel
from travel.settings import Settings as TravelSettings

REPOSITORY = Path(__file__).parents[2]
HOMES = {"travel": "services/travel", "booking": "services/booking", "gateway": "gateway"}


class Services(NamedTuple):
    """Where the services answer. issuer: who signs the gateway's tokens for the others."""

    gateway: str
    booking: str
    travel: str
    issuer: Issuer


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    """Serve the gateway, booking and travel."""
    with ExitStack() as stack:
        urls = {}
        for name, home in HOMES.items():
            database = create_database(name, REPOSITORY / home)
            stack.callback(drop_database, database)
            urls[name] = SecretStr(database.url)
        gateway, booking, travel = (f"http://127.0.0.1:{free_port()}" for _ in HOMES)
        keys = f"{gateway}/.well-known/jwks.json"
        # Whoever asks for everything at once is not to be told to come back later.
        of_gateway = GatewaySettings(
            database_url=urls["gateway"],
            booking_url=booking,
            travel_url=travel,
            sign_ins_per_address="100000/minute",
            registrations_per_address="100000/minute",
        )
        of_booking = BookingSettings(database_url=urls["booking"], jwks_url=keys, travel_url="")
        of_travel = TravelSettings(database_url=urls["travel"], jwks_url=keys)
        apps = (create_gateway(of_gateway), create_booking(of_booking), create_travel(of_travel))
        for url, app in zip((gateway, booking, travel), apps, strict=True):
            stack.enter_context(serve(app, int(url.rpartition(":")[2])))
        yield Services(gateway, booking, travel, apps[0].state.issuer)
