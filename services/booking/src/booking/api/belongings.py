"""Dogs and locations over HTTP."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from booking import belongings
from booking.api.dependencies import Customer, Db
from booking.store.belongings import Belongings, dogs, locations
from chassis.api_types import Boolean, CursorText, Id, Line, Note, Number, PageSize, RequestBody, key_of
from chassis.database import Database
from chassis.idempotency.errors import TAKES_A_KEY
from chassis.idempotency.requests import IdempotencyKey, send
from chassis.problems import NotAllowed, NotFound, refusals
from chassis.responses import Json
from chassis.tokens import Caller, SignedIn

router = APIRouter()

Latitude = Annotated[Number, Field(ge=-90, le=90)]
Longitude = Annotated[Number, Field(ge=-180, le=180)]
Preference = Literal["ask", "opted_in", "opted_out"]


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


class Locations(BaseModel):
    """A page of locations."""

    items: list[Location]
    next_cursor: str | None


class NewDog(RequestBody):
    """A dog of the customer's."""

    name: Line
    breed: Line | None = None
    notes: Note | None = None
    group_preference: Preference = "ask"


class DogChange(RequestBody):
    """Only what is given is changed. `group_eligible` and its reason are for staff."""

    name: Line = ""
    breed: Line | None = None
    notes: Note | None = None
    group_preference: Preference = "ask"
    group_eligible: Boolean = True
    group_ineligible_reason: Note | None = None


class Dog(BaseModel):
    """A dog."""

    id: Id
    customer_id: Id
    name: str
    breed: str | None
    notes: str | None
    group_preference: Preference
    group_eligible: bool
    group_ineligible_reason: str | None


class DogList(BaseModel):
    """A page of dogs."""

    items: list[Dog]
    next_cursor: str | None


@router.get("/locations", response_model=Locations, tags=["locations"])
async def list_locations(db: Db, who: SignedIn, limit: PageSize = 50, cursor: CursorText = None) -> Response:
    """List your locations; the office sees all."""
    return await _listed(db, locations, who, limit, cursor)


@router.post(
    "/locations", status_code=201, response_model=Location, responses=refusals(*TAKES_A_KEY), tags=["locations"]
)
async def add_location(wish: NewLocation, who: Customer, key: IdempotencyKey) -> Response:
    """Add a location, once for a key."""
    once = key.once(who, "post /locations", wish)
    return send(await belongings.add(once, locations, who, wish.model_dump(), _shown))


@router.patch("/locations/{location_id}", response_model=Location, responses=refusals(NotFound), tags=["locations"])
async def change_location(location_id: Id, wish: LocationChange, db: Db, who: Customer) -> Response:
    """Change a location; walks that are booked keep the place that they were planned for."""
    return Json(_shown(await belongings.change(db, locations, who, location_id, wish.model_dump(exclude_unset=True))))


@router.delete("/locations/{location_id}", status_code=204, responses=refusals(NotFound), tags=["locations"])
async def delete_location(location_id: Id, db: Db, who: Customer) -> Response:
    """Remove a location; walks that are booked stay."""
    await belongings.delete(db, locations, who, location_id)
    return Response(status_code=204)


@router.get("/dogs", response_model=DogList, tags=["dogs"])
async def list_dogs(db: Db, who: SignedIn, limit: PageSize = 50, cursor: CursorText = None) -> Response:
    """List your dogs; staff see all."""
    return await _listed(db, dogs, who, limit, cursor)


@router.post("/dogs", status_code=201, response_model=Dog, responses=refusals(*TAKES_A_KEY), tags=["dogs"])
async def add_dog(wish: NewDog, who: Customer, key: IdempotencyKey) -> Response:
    """Add a dog, once for a key."""
    new = {**wish.model_dump(), "group_eligible": True, "group_ineligible_reason": None}
    return send(await belongings.add(key.once(who, "post /dogs", wish), dogs, who, new, _shown))


@router.patch("/dogs/{dog_id}", response_model=Dog, responses=refusals(NotFound), tags=["dogs"])
async def change_dog(dog_id: Id, wish: DogChange, db: Db, who: SignedIn) -> Response:
    """Change a dog: owners all but the eligibility for groups, staff only that."""
    changes = wish.model_dump(exclude_unset=True)
    of_staff = {"group_eligible", "group_ineligible_reason"}
    if who.is_staff and set(changes) - of_staff:
        raise NotAllowed("Only the owner changes this; staff change whether a dog may join groups.")
    if not who.is_staff and set(changes) & of_staff:
        raise NotAllowed("Only staff change whether a dog may join groups.")
    return Json(_shown(await belongings.change(db, dogs, who, dog_id, changes)))


@router.delete("/dogs/{dog_id}", status_code=204, responses=refusals(NotFound), tags=["dogs"])
async def delete_dog(dog_id: Id, db: Db, who: Customer) -> Response:
    """Remove a dog; walks that are booked stay."""
    await belongings.delete(db, dogs, who, dog_id)
    return Response(status_code=204)


async def _listed(db: Database, things: Belongings, who: Caller, limit: int, cursor: str | None) -> Response:
    after = key_of(cursor, UUID)
    found, following = await belongings.listed(db, things, who, limit, after[0] if after else None)
    return Json({"items": [_shown(row) for row in found], "next_cursor": following})


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    # There are no zones yet, so nowhere are there group walks.
    return {**row, "group_walks_available": False} if "lat" in row else row
