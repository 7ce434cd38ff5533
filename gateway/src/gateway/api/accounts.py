"""Accounts over HTTP: customers sign up, the office takes on walkers and admins."""

from uuid import UUID

from fastapi import APIRouter, Response

from chassis.api_types import Boolean, CursorText, Id, Line, PageSize, RequestBody, key_of, page
from chassis.idempotency.errors import TAKES_A_KEY
from chassis.idempotency.requests import IdempotencyKey, send
from chassis.problems import refusals
from chassis.responses import Json
from gateway import accounts
from gateway.accounts import Changes, NewPerson
from gateway.api.context import Address, Gateway, Office
from gateway.api.fields import Email, NewPassword, SlugTyped
from gateway.api.shown import AccountList, AccountMade
from gateway.errors import EmailTaken
from gateway.model import Role
from gateway.registrations import no_way_to_guess, once_for_anybody
from gateway.request_target import PREFIX

router = APIRouter(prefix=PREFIX, tags=["accounts"])
MADE = refusals(EmailTaken, *TAKES_A_KEY)


class SignUp(RequestBody):
    """A customer signs up with a business, named by its slug."""

    organization: SlugTyped
    name: Line
    email: Email
    password: NewPassword


class AccountRequest(RequestBody):
    """The office takes somebody on. Without a password they cannot sign in until one is set."""

    role: Role
    name: Line
    email: Email
    password: NewPassword | None = None


class AccountChange(RequestBody):
    """What shall be different; what is left out stays. A new password, or `active: false`, ends the account's sessions."""

    name: Line | None = None
    active: Boolean | None = None
    password: NewPassword | None = None


@router.post("/accounts", status_code=201, response_model=AccountMade, responses=MADE)
async def sign_up(body: SignUp, gateway: Gateway, address: Address, key: IdempotencyKey) -> Response:
    """Sign up as a customer of a business, once for a key."""
    await gateway.limits.register(address)
    person = NewPerson(body.name, body.email, body.password)
    once = once_for_anybody(key, "post /accounts", body, without={"password"})
    place = gateway.limits.place(body.organization, body.email, address)
    with no_way_to_guess(gateway.limits, key, place):
        passwords = gateway.passwords.asked_by(address)
        made = await accounts.sign_up(once, passwords, gateway.telling, body.organization, person)
    return send(made)


@router.post("/organization/accounts", status_code=201, response_model=AccountMade, responses=MADE)
async def take_on(body: AccountRequest, gateway: Gateway, who: Office, key: IdempotencyKey) -> Response:
    """Make an account in the caller's business (admins), once for a key. A walker's account id is the walker's id."""
    person = NewPerson(body.name, body.email, body.password)
    once = key.once(who, "post /organization/accounts", body, without={"password"})
    return send(await accounts.take_on(once, gateway.passwords, gateway.telling, who, body.role, person))


@router.get("/organization/accounts", response_model=AccountList)
async def list_accounts(
    gateway: Gateway, who: Office, role: Role | None = None, limit: PageSize = 50, cursor: CursorText = None
) -> Response:
    """List the accounts of the caller's business by name (admins)."""
    found = await accounts.page(gateway.db, who, role, key_of(cursor, str, UUID), limit + 1)
    shown, next_cursor = page(found, limit, lambda account: (account.name, account.id))
    return Json({"items": [account.shown() for account in shown], "next_cursor": next_cursor})


@router.patch("/organization/accounts/{account_id}", response_model=AccountMade)
async def change_account(account_id: Id, body: AccountChange, gateway: Gateway, who: Office) -> Response:
    """Change an account of the caller's business (admins). One's own password is changed with `PUT /session/password`."""
    changes = Changes(**body.model_dump())
    account = await accounts.change(gateway.db, gateway.passwords, gateway.telling, who, account_id, changes)
    gateway.sessions.forget(account_id)
    return Json({"account": account.shown()})
