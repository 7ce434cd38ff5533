"""The bodies of travel's API: one model for each resource."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from chassis.api_types import Instant, Number, RequestBody
from travel.rules.model import LookupResult, Mode, Place, Trip

MAX_TRIPS = 1000


class Point(RequestBody):
    """WGS 84 degrees."""

    lat: Annotated[Number, Field(ge=-90, le=90)]
    lng: Annotated[Number, Field(ge=-180, le=180)]

    def place(self) -> Place:
        """Return the point with five decimals; never `-0.0`, which would be written in another way."""
        return Place(round(self.lat, 5) + 0.0, round(self.lng, 5) + 0.0)


class TripRequest(RequestBody):
    """A way to go. A departure that is past stands for the next such weekday and time of day."""

    origin: Point
    destination: Point
    depart_at: Instant
    mode: Mode = Mode.DRIVING

    def trip(self) -> Trip:
        """Return the trip as the rules know it."""
        return Trip(self.origin.place(), self.destination.place(), self.depart_at, self.mode)


class TravelTimesRequest(RequestBody):
    """Trips to be answered together."""

    trips: Annotated[list[TripRequest], Field(min_length=1, max_length=MAX_TRIPS)]


class TravelTime(BaseModel):
    """How long a trip takes. `buffer_seconds` shall be left on top; `cached`: it was known before it was asked for."""

    duration_seconds: int
    distance_meters: int
    source: Literal["google_routes", "google_distance_matrix", "estimate"]
    cached: bool
    buffer_seconds: int


class TravelTimes(BaseModel):
    """The answers, in the order of the trips."""

    trips: list[TravelTime]


def travel_time(found: LookupResult, buffer_s: int) -> dict[str, object]:
    """Write a result as a `TravelTime`; a plain dictionary, because a request has a thousand of them."""
    time = found.trip_time
    return {
        "duration_seconds": time.duration_s,
        "distance_meters": time.distance_m,
        "source": time.source.value,
        "cached": found.cached,
        "buffer_seconds": buffer_s,
    }
