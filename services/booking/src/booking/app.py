"""Puts booking together; the only module that knows all the others."""

from chassis.database import Database
from fastapi import FastAPI

from booking import watching
from booking.api import bookings, series
from booking.settings import Settings
from booking.store import series_count
from chassis import service

DESCRIPTION = "The catalogue, walkers' calendars, bookings and series of a dog-walking business."

ROUTERS = (series.router, bookings.router)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make booking's application."""
    return service.build(
        "booking",
        settings or Settings(),
        ROUTERS,
        description=DESCRIPTION,
        before_scrape=count_active_series,
    )


async def count_active_series(db: Database) -> None:
    """Bring the gauge of active series up to date."""
    watching.active_series.set(await series_count.active(db))
