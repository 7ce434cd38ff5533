"""Travel times over HTTP."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from chassis.api_types import Instant, Number, RequestBody
from chassis.problems import InvalidRequest, MalformedRequest, NotAllowed, refusals
from chassis.responses import Json
from chassis.tokens import Bearer, Caller
from travel import travel_times
from travel.model import Answer, Mode, Place, Trip

router = APIRouter(tags=["travel"])

AT_MOST = 1000


class Point(RequestBody):
    """WGS 84 degrees."""

    lat: Annotated[Number, Field(ge=-90, le=90)]
    lng: Annotated[Number, Field(ge=-180, le=180)]

    def place(self) -> Place:
        """Return it with five decimals; never `-0.0`, which would be written in another way."""
        return Place(round(self.lat, 5) + 0.0, round(self.lng, 5) + 0.0)


class WantedTrip(RequestBody):
    """A way to go. A departure that is past stands for the next such weekday and time of day."""

    origin: Point
    destination: Point
    depart_at: Instant
    mode: Mode = Mode.DRIVING

    def trip(self) -> Trip:
        """Return it as the rules know it."""
        return Trip(self.origin.place(), self.destination.place(), self.depart_at, self.mode)


class TravelTimesRequest(RequestBody):
    """Trips to be answered together."""

    trips: Annotated[list[WantedTrip], Field(min_length=1, max_length=AT_MOST)]


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


# Whoever may not ask is told so before anything of the request is looked at.
Asker = Annotated[Caller, Depends(Bearer(travel_times.check_may_ask))]


@router.post(
    "/travel-times", response_model=TravelTimes, responses=refusals(MalformedRequest, InvalidRequest, NotAllowed)
)
async def ask_travel_times(body: TravelTimesRequest, request: Request, who: Asker) -> Response:
    """Say how long trips take, with traffic where a provider knows it; walkers, the office and booking ask."""
    state, config = request.app.state, request.app.state.settings
    trips = [wanted.trip() for wanted in body.trips]
    found = await travel_times.answer(state.figures, who, trips, config.travel_budget_s)
    buffer_s = config.travel_buffer_minutes * 60
    return Json({"trips": [_shown(answer, buffer_s) for answer in found]})


def _shown(answer: Answer, buffer_s: int) -> dict[str, object]:
    figure = answer.figure
    return {
        "duration_seconds": figure.duration_s,
        "distance_meters": figure.distance_m,
        "source": figure.source.value,
        "cached": answer.cached,
        "buffer_seconds": buffer_s,
    }
