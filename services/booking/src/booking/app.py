"""Puts booking together; the only module that knows all the others."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from booking import metrics
from booking.api import (
    accounts,
    bookings,
    calendar,
    dogs,
    locations,
    organizations,
    series,
    services,
    time_off,
    walkers,
)
from booking.clients.travel import Travel
from booking.settings import Settings
from booking.store import series_count
from chassis import service
from chassis.background import background
from chassis.breaker import Breaker
from chassis.database import Database
from chassis.http_client import ServiceClient
from chassis.idempotency import sweep
from chassis.issuer import TokenCache
from chassis.service import ServiceDefinition
from chassis.tokens import issuer_of

DESCRIPTION = "The catalogue, walkers' calendars, bookings and series of a dog-walking business."

# In the order in which requests are compared with them: what is asked while somebody types comes first.
ROUTERS = (
    series.router,
    bookings.router,
    services.router,
    walkers.router,
    calendar.router,
    time_off.router,
    dogs.router,
    locations.router,
    accounts.internal,
    organizations.internal,
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make booking's application."""
    config = settings or Settings()
    definition = ServiceDefinition(
        name="booking",
        description=DESCRIPTION,
        routers=ROUTERS,
        running=_running,
        before_scrape=count_active_series,
        publishes=True,
        signs_as=issuer_of("booking"),
    )
    app = service.build(definition, config)
    neighbour = (
        ServiceClient(config.travel_url, config.travel_timeout_s, Breaker("travel")) if config.travel_url else None
    )
    app.state.travel = Travel(neighbour, TokenCache(app.state.issuer, "travel"), config.travel_buffer_minutes * 60)
    return app


@asynccontextmanager
async def _running(app: FastAPI) -> AsyncIterator[None]:
    try:
        async with background(sweep.keep_sweeping(app.state.database, app.state.settings)):
            yield
    finally:
        await app.state.travel.close()


async def count_active_series(db: Database) -> None:
    """Bring the gauge of active series up to date."""
    metrics.active_series.set(await series_count.active(db))
