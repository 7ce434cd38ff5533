"""Walkers over HTTP."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from booking import walkers
from booking.api.dependencies import Db
from booking.rules.model import Hours, TravelMode, Weekday
from chassis.api_types import Boolean, CursorText, Id, Line, PageSize, RequestBody, key_of, shaped
from chassis.problems import InvalidRequest, NotFound, refusals
from chassis.responses import Json
from chassis.tokens import Admin, SignedIn

router = APIRouter(tags=["walkers"])

_CLOCK = r"(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)"
Clock = Annotated[
    str, Field(pattern=f"^{_CLOCK}$", examples=["08:00", "24:00"]), shaped(_CLOCK, "Please enter a time like 09:00.")
]


class NewWalkerHours(RequestBody):
    """A stretch of a weekday, local time; `24:00` is the day's end."""

    weekday: Weekday
    opens: Clock
    closes: Clock


class WalkerChange(RequestBody):
    """A walker as they shall be; the hours replace the old ones. Without hours a walker is not bookable."""

    name: Line | None = None
    travel_mode: TravelMode = TravelMode.DRIVING
    working_hours: Annotated[list[NewWalkerHours], Field(max_length=100)]
    active: Boolean = True

    def hours(self) -> list[Hours]:
        """Read the stretches. Raises InvalidRequest that names one which ends before it begins or overlaps another."""
        found: list[Hours] = []
        for index, stretch in enumerate(self.working_hours):
            hours = Hours(stretch.weekday, _minutes(stretch.opens), _minutes(stretch.closes))
            if hours.opens >= hours.closes:
                raise InvalidRequest.field(f"working_hours.{index}.closes", "The end must be after the beginning.")
            if any(h.weekday == hours.weekday and h.opens < hours.closes and hours.opens < h.closes for h in found):
                raise InvalidRequest.field(f"working_hours.{index}", "These hours overlap other hours of that day.")
            found.append(hours)
        return found


class WalkerHours(BaseModel):
    """A stretch of a weekday in which a walker works."""

    weekday: Weekday
    opens: str
    closes: str


class Walker(BaseModel):
    """A walker."""

    id: Id
    name: str
    travel_mode: TravelMode
    working_hours: list[WalkerHours]
    active: bool


class WalkerList(BaseModel):
    """A page of walkers."""

    items: list[Walker]
    next_cursor: str | None


@router.get("/walkers", response_model=WalkerList)
async def list_walkers(db: Db, who: SignedIn, limit: PageSize = 50, cursor: CursorText = None) -> Response:
    """List walkers by name; customers see only who takes bookings."""
    found, following = await walkers.listed(db, who, limit, key_of(cursor, str, UUID))
    return Json({"items": [_shown(row) for row in found], "next_cursor": following})


@router.get("/walkers/{walker_id}", response_model=Walker, responses=refusals(NotFound))
async def get_walker(walker_id: Id, db: Db, who: SignedIn) -> Response:
    """Show a walker."""
    return Json(_shown(await walkers.read(db, who, walker_id)))


@router.put("/walkers/{walker_id}", response_model=Walker, responses=refusals(NotFound))
async def put_walker(walker_id: Id, body: WalkerChange, db: Db, who: Admin) -> Response:
    """Change a walker's hours, way of travelling, name, and whether they take bookings."""
    mode = body.travel_mode.value
    return Json(_shown(await walkers.change(db, who, walker_id, body.name, mode, body.hours(), active=body.active)))


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "working_hours": _clocks(row["working_hours"])}


def _clocks(hours: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"weekday": h["weekday"], "opens": _clock(h["opens"]), "closes": _clock(h["closes"])} for h in hours]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
