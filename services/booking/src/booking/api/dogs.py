"""Customers' dogs over HTTP."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from booking.api.dependencies import Customer, Db
from booking.dogs import dogs
from chassis.api_types import Boolean, CursorText, Id, Line, Note, PageSize, RequestBody, key_of
from chassis.idempotency.errors import TAKES_A_KEY
from chassis.idempotency.requests import IdempotencyKey, send
from chassis.problems import NotAllowed, NotFound, refusals
from chassis.responses import Json
from chassis.tokens import SignedIn

router = APIRouter(tags=["dogs"])

Preference = Literal["ask", "opted_in", "opted_out"]


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


@router.get("/dogs", response_model=DogList)
async def list_dogs(db: Db, who: SignedIn, limit: PageSize = 50, cursor: CursorText = None) -> Response:
    """List your dogs; staff see all."""
    after = key_of(cursor, UUID)
    found, following = await dogs.listed(db, who, limit, after[0] if after else None)
    return Json({"items": found, "next_cursor": following})


@router.post("/dogs", status_code=201, response_model=Dog, responses=refusals(*TAKES_A_KEY))
async def add_dog(body: NewDog, who: Customer, key: IdempotencyKey) -> Response:
    """Add a dog, once for a key."""
    new = {**body.model_dump(), "group_eligible": True, "group_ineligible_reason": None}
    return send(await dogs.add(key.once(who, "post /dogs", body), who, new, lambda dog: dog))


@router.patch("/dogs/{dog_id}", response_model=Dog, responses=refusals(NotFound))
async def change_dog(dog_id: Id, body: DogChange, db: Db, who: SignedIn) -> Response:
    """Change a dog: owners all but the eligibility for groups, staff only that."""
    changes = body.model_dump(exclude_unset=True)
    of_staff = {"group_eligible", "group_ineligible_reason"}
    if who.is_staff and set(changes) - of_staff:
        raise NotAllowed("Only the owner changes this; staff change whether a dog may join groups.")
    if not who.is_staff and set(changes) & of_staff:
        raise NotAllowed("Only staff change whether a dog may join groups.")
    return Json(await dogs.change(db, who, dog_id, changes))


@router.delete("/dogs/{dog_id}", status_code=204, responses=refusals(NotFound))
async def delete_dog(dog_id: Id, db: Db, who: Customer) -> Response:
    """Remove a dog; walks that are booked stay."""
    await dogs.delete(db, who, dog_id)
    return Response(status_code=204)
