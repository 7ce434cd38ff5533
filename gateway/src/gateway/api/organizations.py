"""Organizations over HTTP: register, read and change a business."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field

from chassis.api_types import Integer, Line, RequestBody
from chassis.idempotency.errors import TAKES_A_KEY
from chassis.idempotency.requests import IdempotencyKey, send
from chassis.ids import new_id
from chassis.problems import NotAllowed, refusals
from chassis.responses import Json
from gateway import organizations
from gateway.accounts import NewAccount
from gateway.api.dependencies import Admin, ClientAddress, Gateway, SignedIn
from gateway.api.field_types import Currency, Email, NewPassword, Slug, TimeZone
from gateway.api.schemas import Organization, RegistrationResponse
from gateway.organizations import OrganizationUpdate
from gateway.registration_keys import anonymous_once, counting_guesses
from gateway.rules.request_target import PREFIX
from gateway.store.accounts import AccountRow
from gateway.store.organizations import OrganizationRow

router = APIRouter(prefix=PREFIX, tags=["organizations"])


class FirstAdmin(RequestBody):
    """The person who runs the business."""

    name: Line
    email: Email
    password: NewPassword


class OrganizationRequest(RequestBody):
    """A business that registers, with its first admin."""

    slug: Slug
    name: Line
    time_zone: TimeZone
    currency: Currency
    admin: FirstAdmin


class OrganizationChange(RequestBody):
    """The fields to change; what is left out stays."""

    name: Line | None = None
    time_zone: TimeZone | None = None
    currency: Currency | None = None
    cancellation_notice_hours: Annotated[Integer, Field(ge=0, le=720)] | None = None


def _respond(organization: OrganizationRow, account: AccountRow) -> dict[str, Any]:
    return RegistrationResponse.of(organization, account).model_dump()


@router.post(
    "/organizations", status_code=201, response_model=RegistrationResponse, responses=refusals(NotAllowed, *TAKES_A_KEY)
)
async def register_organization(
    body: OrganizationRequest, gateway: Gateway, address: ClientAddress, key: IdempotencyKey
) -> Response:
    """Register a business with its first admin, who can then sign in, once for a key."""
    if not gateway.settings.registration_open:
        raise NotAllowed("New businesses cannot register themselves here.")
    await gateway.rate_limits.count_registration(address)
    organization = OrganizationRow(new_id(), body.slug, body.name, body.time_zone, body.currency)
    admin = NewAccount(body.admin.name, body.admin.email, body.admin.password)
    once = anonymous_once(key, "post /organizations", body, without={"admin": {"password"}})
    guess = gateway.rate_limits.guess_key(body.slug, admin.email, address)
    with counting_guesses(gateway.rate_limits, key, guess):
        passwords = gateway.passwords.for_client(address)
        stored = await organizations.register(once, passwords, gateway.account_sync, organization, admin, _respond)
    return send(stored)


@router.get("/organization", response_model=Organization)
async def get_organization(gateway: Gateway, caller: SignedIn) -> Response:
    """Return the caller's business."""
    return Json(Organization.of(await organizations.get(gateway.db, caller)).model_dump())


@router.patch("/organization", response_model=Organization)
async def change_organization(body: OrganizationChange, gateway: Gateway, caller: Admin) -> Response:
    """Change the business (admins). Other processes of the gateway notice within seconds."""
    update = OrganizationUpdate(**body.model_dump())
    changed = await organizations.change(gateway.db, gateway.account_sync, caller, update)
    gateway.sessions.forget(caller.organization_id)
    return Json(Organization.of(changed).model_dump())
