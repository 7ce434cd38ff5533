"""Services over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from booking import services
from booking.api.dependencies import Db
from chassis.api_types import Boolean, CursorText, Id, Integer, Line, Note, PageSize, RequestBody, key_of
from chassis.idempotency.errors import TAKES_A_KEY
from chassis.idempotency.requests import IdempotencyKey, send
from chassis.problems import NotFound, refusals
from chassis.responses import Json
from chassis.tokens import Admin, SignedIn

router = APIRouter(tags=["services"])

Minutes = Annotated[Integer, Field(ge=5, le=1440)]
Cents = Annotated[Integer, Field(ge=0, le=10_000_000, description="Minor units of the organization's currency.")]
MaxDogs = Annotated[Integer, Field(ge=1, le=50)]
Percent = Annotated[Integer, Field(ge=0, le=100)]


class NewService(RequestBody):
    """What can be booked. `max_dogs` and `group_discount_percent` are for group walks, which need them."""

    kind: Literal["walk", "group_walk", "meet_and_greet"]
    name: Line
    description: Note = ""
    duration_minutes: Minutes
    price_cents: Cents
    max_dogs: MaxDogs | None = None
    group_discount_percent: Percent | None = None


class ServiceChange(RequestBody):
    """Only what is given is changed."""

    name: Line = ""
    description: Note = ""
    duration_minutes: Minutes = 60
    price_cents: Cents = 0
    max_dogs: MaxDogs | None = None
    group_discount_percent: Percent | None = None
    active: Boolean = True


class Service(BaseModel):
    """A service; `full_price_cents` is shown to everybody but the office, whose `price_cents` it is."""

    id: Id
    kind: Literal["walk", "group_walk", "meet_and_greet"]
    name: str
    description: str
    duration_minutes: int
    price_cents: int
    full_price_cents: int | None = None
    currency: str
    max_dogs: int | None
    group_discount_percent: int | None
    active: bool


class ServiceList(BaseModel):
    """A page of services."""

    items: list[Service]
    next_cursor: str | None


@router.get("/services", response_model=ServiceList)
async def list_services(db: Db, who: SignedIn, limit: PageSize = 50, cursor: CursorText = None) -> Response:
    """List services by name; the office sees the retired ones too."""
    found, following = await services.listed(db, who, limit, key_of(cursor, str, UUID))
    return Json({"items": found, "next_cursor": following})


@router.post("/services", status_code=201, response_model=Service, responses=refusals(*TAKES_A_KEY))
async def add_service(body: NewService, who: Admin, key: IdempotencyKey) -> Response:
    """Offer a service, once for a key."""
    return send(await services.add(key.once(who, "post /services", body), who, body.model_dump()))


@router.patch("/services/{service_id}", response_model=Service, responses=refusals(NotFound))
async def change_service(service_id: Id, body: ServiceChange, db: Db, who: Admin) -> Response:
    """Change a service; bookings that exist stay as they are."""
    return Json(await services.change(db, who, service_id, body.model_dump(exclude_unset=True)))


@router.delete("/services/{service_id}", response_model=Service, responses=refusals(NotFound))
async def retire_service(service_id: Id, db: Db, who: Admin) -> Response:
    """Retire a service: nobody can book it any more, bookings that exist stay."""
    return Json(await services.change(db, who, service_id, {"active": False}))
