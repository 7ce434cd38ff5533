"""Organizations over HTTP: a business registers itself, looks at itself and changes itself."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from chassis.api_types import Integer, Line, RequestBody
from chassis.idempotency.errors import TAKES_A_KEY
from chassis.idempotency.requests import IdempotencyKey, send
from chassis.ids import new_id
from chassis.problems import NotAllowed, refusals
from chassis.responses import Json
from gateway import organizations
from gateway.accounts import NewPerson
from gateway.api.context import Address, Gateway, Office, Who
from gateway.api.fields import Currency, Email, NewPassword, Slug, TimeZone
from gateway.api.shown import OrganizationMade, OrganizationShown
from gateway.model import Organization
from gateway.registrations import no_way_to_guess, once_for_anybody
from gateway.request_target import PREFIX

router = APIRouter(prefix=PREFIX, tags=["organizations"])


class FirstAdmin(RequestBody):
    """Who runs the business."""

    name: Line
    email: Email
    password: NewPassword


class OrganizationRequest(RequestBody):
    """A business that registers itself."""

    slug: Slug
    name: Line
    time_zone: TimeZone
    currency: Currency
    admin: FirstAdmin


class OrganizationChange(RequestBody):
    """What shall be different; what is left out stays."""

    name: Line | None = None
    time_zone: TimeZone | None = None
    currency: Currency | None = None
    cancellation_notice_hours: Annotated[Integer, Field(ge=0, le=720)] | None = None


@router.post(
    "/organizations", status_code=201, response_model=OrganizationMade, responses=refusals(NotAllowed, *TAKES_A_KEY)
)
async def register_organization(
    body: OrganizationRequest, gateway: Gateway, address: Address, key: IdempotencyKey
) -> Response:
    """Register a business with its first admin, who can then sign in, once for a key."""
    if not gateway.settings.registration_open:
        raise NotAllowed("New businesses cannot register themselves here.")
    await gateway.limits.register(address)
    named = Organization(new_id(), body.slug, body.name, body.time_zone, body.currency)
    admin = NewPerson(body.admin.name, body.admin.email, body.admin.password)
    once = once_for_anybody(key, "post /organizations", body, without={"admin": {"password"}})
    place = gateway.limits.place(body.slug, admin.email, address)
    with no_way_to_guess(gateway.limits, key, place):
        passwords = gateway.passwords.asked_by(address)
        made = await organizations.found(once, passwords, gateway.telling, named, admin)
    return send(made)


@router.get("/organization", response_model=OrganizationShown)
async def my_organization(gateway: Gateway, who: Who) -> Response:
    """Show the business of whoever is signed in."""
    return Json((await organizations.mine(gateway.db, who)).shown())


@router.patch("/organization", response_model=OrganizationShown)
async def change_organization(body: OrganizationChange, gateway: Gateway, who: Office) -> Response:
    """Change the business (admins). Other processes of the gateway notice within seconds."""
    changed = await organizations.change(gateway.db, gateway.telling, who, organizations.Changes(**body.model_dump()))
    gateway.sessions.forget(who.organization_id)
    return Json(changed.shown())
