"""Customers' locations over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from booking.api.dependencies import Customer, Db
from booking.locations import locations
from chassis.api_types import CursorText, Id, Line, Number, PageSize, RequestBody, key_of
from chassis.idempotency.errors import TAKES_A_KEY
from chassis.idempotency.requests import IdempotencyKey, send
from chassis.problems import NotFound, refusals
from chassis.responses import Json
from chassis.tokens import SignedIn

router = APIRouter(tags=["locations"])

Latitude = Annotated[Number, Field(ge=-90, le=90)]
Longitude = Annotated[Number, Field(ge=-180, le=180)]


class NewLocation(RequestBody):
    """A customer's address."""

    label: Line
    address: Line
    lat: Latitude
    lng: Longitude


class LocationChange(RequestBody):
    """Only what is given is changed."""

    label: Line = ""
    address: Line = ""
    lat: Latitude = 0
    lng: Longitude = 0


class Location(BaseModel):
    """A customer's address with coordinates."""

    id: Id
    customer_id: Id
    label: str
    address: str
    lat: float
    lng: float
    group_walks_available: bool


class LocationList(BaseModel):
    """A page of locations."""

    items: list[Location]
    next_cursor: str | None


@router.get("/locations", response_model=LocationList)
async def list_locations(db: Db, who: SignedIn, limit: PageSize = 50, cursor: CursorText = None) -> Response:
    """List your locations; the office sees all."""
    after = key_of(cursor, UUID)
    found, following = await locations.listed(db, who, limit, after[0] if after else None)
    return Json({"items": [_shown(row) for row in found], "next_cursor": following})


@router.post("/locations", status_code=201, response_model=Location, responses=refusals(*TAKES_A_KEY))
async def add_location(body: NewLocation, who: Customer, key: IdempotencyKey) -> Response:
    """Add a location, once for a key."""
    once = key.once(who, "post /locations", body)
    return send(await locations.add(once, who, body.model_dump(), _shown))


@router.patch("/locations/{location_id}", response_model=Location, responses=refusals(NotFound))
async def change_location(location_id: Id, body: LocationChange, db: Db, who: Customer) -> Response:
    """Change a location; walks that are booked keep the place that they were planned for."""
    return Json(_shown(await locations.change(db, who, location_id, body.model_dump(exclude_unset=True))))


@router.delete("/locations/{location_id}", status_code=204, responses=refusals(NotFound))
async def delete_location(location_id: Id, db: Db, who: Customer) -> Response:
    """Remove a location; walks that are booked stay."""
    await locations.delete(db, who, location_id)
    return Response(status_code=204)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    # There are no zones yet, so nowhere are there group walks.
    return {**row, "group_walks_available": False}
