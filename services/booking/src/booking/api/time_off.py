"""Time off over HTTP."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from booking import time_off
from booking.api.dependencies import Db
from booking.errors import BookingsInTheWay
from chassis.api_types import Boolean, CursorText, Id, Instant, Note, PageSize, RequestBody, key_of
from chassis.idempotency.errors import TAKES_A_KEY
from chassis.idempotency.requests import IdempotencyKey, send
from chassis.problems import NotFound, refusals
from chassis.responses import Json
from chassis.tokens import SignedIn

router = APIRouter(tags=["calendar"])


class NewTimeOff(RequestBody):
    """A span to keep free; `cancel_bookings` cancels what lies in it."""

    starts_at: Instant
    ends_at: Instant
    note: Note = ""
    cancel_bookings: Boolean = False


class TimeOff(BaseModel):
    """A span that a walker keeps free, however many days it has."""

    id: Id
    starts_at: datetime
    ends_at: datetime
    note: str


class TimeOffList(BaseModel):
    """A page of time off."""

    items: list[TimeOff]
    next_cursor: str | None


@router.post(
    "/walkers/{walker_id}/time-off",
    status_code=201,
    response_model=TimeOff,
    responses=refusals(NotFound, BookingsInTheWay, *TAKES_A_KEY),
)
async def add_time_off(walker_id: Id, body: NewTimeOff, who: SignedIn, key: IdempotencyKey) -> Response:
    """Keep a span free, once for a key; refused with the bookings that lie in it, unless they shall be cancelled."""
    span = (body.starts_at, body.ends_at)
    once = key.once(who, f"post /walkers/{walker_id}/time-off", body)
    return send(await time_off.add(once, who, walker_id, span, body.note, cancel_bookings=body.cancel_bookings))


@router.get("/walkers/{walker_id}/time-off", response_model=TimeOffList, responses=refusals(NotFound))
async def list_time_off(
    walker_id: Id, db: Db, who: SignedIn, limit: PageSize = 50, cursor: CursorText = None
) -> Response:
    """List time off that is not over, by its start."""
    after = key_of(cursor, datetime, UUID)
    found, following = await time_off.listed(db, who, walker_id, limit, after)
    return Json({"items": found, "next_cursor": following})


@router.delete("/walkers/{walker_id}/time-off/{block_id}", status_code=204, responses=refusals(NotFound))
async def remove_time_off(walker_id: Id, block_id: Id, db: Db, who: SignedIn) -> Response:
    """Free the time again."""
    await time_off.remove(db, who, walker_id, block_id)
    return Response(status_code=204)
