"""Puts booking together; the only module that knows all the others."""

from fastapi import FastAPI

from booking import sweep, watching
from booking.api import belongings, booked, bookings, calendar, series, services, walkers
from booking.settings import Settings
from booking.store import series_count
from chassis import service
from chassis.database import Database

DESCRIPTION = "The catalogue, walkers' calendars, bookings and series of a dog-walking business."

ROUTERS = (
    services.router,
    walkers.router,
    calendar.router,
    series.router,
    bookings.router,
    booked.router,
    belongings.router,
    walkers.internal,
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make booking's application."""
    return service.build(
        "booking",
        settings or Settings(),
        ROUTERS,
        description=DESCRIPTION,
        running=sweep.running,
        before_scrape=count_active_series,
        publishes=True,
    )


async def count_active_series(db: Database) -> None:
    """Bring the gauge of active series up to date."""
    watching.active_series.set(await series_count.active(db))
