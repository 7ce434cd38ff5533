"""Travel times over HTTP."""

from fastapi import APIRouter, Response

from chassis.problems import InvalidRequest, MalformedRequest, NotAllowed, refusals
from chassis.responses import Json
from travel import travel_times
from travel.api.dependencies import StaffOrBooking, Travel
from travel.api.schemas import TravelTimes, TravelTimesRequest, travel_time

router = APIRouter(tags=["travel"])


@router.post(
    "/travel-times", response_model=TravelTimes, responses=refusals(MalformedRequest, InvalidRequest, NotAllowed)
)
async def ask_travel_times(body: TravelTimesRequest, caller: StaffOrBooking, travel: Travel) -> Response:
    """Say how long trips take, with traffic where a provider knows it; walkers, the office and booking ask."""
    trips = [wanted.trip() for wanted in body.trips]
    found = await travel_times.look_up(travel.cache, caller, trips, travel.settings.travel_budget_s)
    buffer_s = travel.settings.travel_buffer_minutes * 60
    return Json({"trips": [travel_time(result, buffer_s) for result in found]})
