"""Puts booking together; the only module that knows all the others."""

from fastapi import FastAPI

from booking.settings import Settings
from chassis import service

DESCRIPTION = "The catalogue, walkers' calendars, bookings and series of a dog-walking business."


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make booking's application."""
    return service.build(
        "booking",
        settings or Settings(),
        [],
        description=DESCRIPTION,
    )
