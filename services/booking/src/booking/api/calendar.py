"""Walkers' calendars over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from booking import calendar
from booking.api.dependencies import BookingResources
from booking.api.schemas.calendar import Calendar
from chassis.api_types import Id, LocalDate
from chassis.responses import Json
from chassis.tokens import SignedIn

router = APIRouter(tags=["calendar"])


@router.get("/calendar", response_model=Calendar)
async def get_calendar(
    walker_id: Id,
    first: Annotated[LocalDate, Query(alias="from", description="First local date.")],
    to: Annotated[LocalDate, Query(description="Last local date, inclusive; at most 62 days.")],
    resources: BookingResources,
    who: SignedIn,
) -> Response:
    """Show a walker's calendar with the legs between visits: walkers their own, the office any."""
    return Json({"blocks": await calendar.blocks(resources.database, resources.travel, who, walker_id, first, to)})
