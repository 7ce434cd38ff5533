"""What travel's routes are given: the caller, and the service's cache and settings."""

from typing import Annotated, NamedTuple

from fastapi import Depends, Request

from chassis.tokens import Bearer, Caller
from travel import travel_times
from travel.cache import TravelTimeCache
from travel.settings import Settings


class Dependencies(NamedTuple):
    """The service's parts. cache: None where trips are only estimated."""

    cache: TravelTimeCache | None
    settings: Settings


async def dependencies(request: Request) -> Dependencies:
    """Return the service's parts."""
    return Dependencies(request.app.state.cache, request.app.state.settings)


# A caller without the right to ask is refused before anything of the request is looked at.
StaffOrBooking = Annotated[Caller, Depends(Bearer(travel_times.check_may_ask))]
Travel = Annotated[Dependencies, Depends(dependencies)]
