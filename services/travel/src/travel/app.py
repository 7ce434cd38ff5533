"""Puts travel together; the only module that knows all the others."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from chassis import service
from chassis.background import background
from chassis.service import ServiceDefinition
from travel import sweep
from travel.api import travel_times
from travel.cache import TravelTimeCache
from travel.clients.google_distance_matrix import GoogleDistanceMatrix
from travel.clients.google_routes import GoogleRoutes
from travel.clients.provider import Provider
from travel.provider_calls import ProviderCalls
from travel.rules.model import Source
from travel.settings import Settings

DESCRIPTION = "How long a walker's ways take: by Google Maps, from a cache, or by an estimate."


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make travel's application."""
    config = settings or Settings()
    definition = ServiceDefinition(
        name="travel",
        description=DESCRIPTION,
        routers=(travel_times.router,),
        running=_running,
        callers={"booking": config.booking_jwks_url},
    )
    app = service.build(definition, config)
    app.state.cache = None
    return app


def make_provider(settings: Settings) -> Provider | None:
    """Make the provider that the settings name; None where estimates will do."""
    key = settings.key
    if settings.source is Source.ESTIMATE or key is None:
        return None
    rest_s = settings.travel_refused_rest_s
    if settings.source is Source.GOOGLE_ROUTES:
        return GoogleRoutes(settings.google_routes_base_url, key, settings.google_routes_traffic, rest_s)
    return GoogleDistanceMatrix(settings.google_maps_base_url, key, rest_s)


@asynccontextmanager
async def _running(app: FastAPI) -> AsyncIterator[None]:
    settings, db = app.state.settings, app.state.database
    provider = make_provider(settings)
    cache = TravelTimeCache(db, ProviderCalls(provider, settings), settings) if provider else None
    app.state.cache = cache
    try:
        async with background(sweep.keep_sweeping(db, settings)):
            yield
    finally:
        if cache:
            await cache.close()
        if provider:
            await provider.close()
