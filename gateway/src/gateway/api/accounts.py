"""Accounts over HTTP: customers sign up, the office creates accounts for walkers and admins."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from chassis.api_types import Boolean, CursorText, Id, Line, PageSize, RequestBody, key_of, page
from chassis.idempotency.errors import TAKES_A_KEY
from chassis.idempotency.requests import IdempotencyKey, send
from chassis.problems import refusals
from chassis.responses import Json
from gateway import accounts
from gateway.accounts import AccountUpdate, NewAccount
from gateway.api.dependencies import Admin, ClientAddress, Gateway
from gateway.api.field_types import Email, NewPassword, TypedSlug
from gateway.api.schemas import AccountPage, AccountResponse
from gateway.errors import EmailTaken
from gateway.model import Role
from gateway.registration_keys import anonymous_once, counting_guesses
from gateway.rules.request_target import PREFIX
from gateway.store.accounts import AccountRow

router = APIRouter(prefix=PREFIX, tags=["accounts"])
CREATED = refusals(EmailTaken, *TAKES_A_KEY)


class SignUpRequest(RequestBody):
    """A customer signs up with a business, named by its slug."""

    organization: TypedSlug
    name: Line
    email: Email
    password: NewPassword


class AccountRequest(RequestBody):
    """The office creates an account. Without a password its owner cannot sign in until one is set."""

    role: Role
    name: Line
    email: Email
    password: NewPassword | None = None


class AccountChange(RequestBody):
    """The fields to change; what is left out stays. A new password, or `active: false`, ends the account's sessions."""

    name: Line | None = None
    active: Boolean | None = None
    password: NewPassword | None = None


def _respond(account: AccountRow) -> dict[str, Any]:
    return AccountResponse.of(account).model_dump()


@router.post("/accounts", status_code=201, response_model=AccountResponse, responses=CREATED)
async def sign_up(body: SignUpRequest, gateway: Gateway, address: ClientAddress, key: IdempotencyKey) -> Response:
    """Sign up as a customer of a business, once for a key."""
    await gateway.rate_limits.count_registration(address)
    person = NewAccount(body.name, body.email, body.password)
    once = anonymous_once(key, "post /accounts", body, without={"password"})
    guess = gateway.rate_limits.guess_key(body.organization, body.email, address)
    with counting_guesses(gateway.rate_limits, key, guess):
        passwords = gateway.passwords.for_client(address)
        stored = await accounts.sign_up(once, passwords, gateway.account_sync, body.organization, person, _respond)
    return send(stored)


@router.post("/organization/accounts", status_code=201, response_model=AccountResponse, responses=CREATED)
async def create_account(body: AccountRequest, gateway: Gateway, caller: Admin, key: IdempotencyKey) -> Response:
    """Create an account in the caller's business (admins), once for a key. A walker's account id is the walker's id."""
    person = NewAccount(body.name, body.email, body.password)
    once = key.once(caller, "post /organization/accounts", body, without={"password"})
    stored = await accounts.create(once, gateway.passwords, gateway.account_sync, caller, body.role, person, _respond)
    return send(stored)


@router.get("/organization/accounts", response_model=AccountPage)
async def list_accounts(
    gateway: Gateway, caller: Admin, role: Role | None = None, limit: PageSize = 50, cursor: CursorText = None
) -> Response:
    """List the accounts of the caller's business by name (admins)."""
    rows = await accounts.page(gateway.db, caller, role, key_of(cursor, str, UUID), limit + 1)
    listed, next_cursor = page(rows, limit, lambda account: (account.name, account.id))
    return Json(AccountPage.of(listed, next_cursor).model_dump())


@router.patch("/organization/accounts/{account_id}", response_model=AccountResponse)
async def change_account(account_id: Id, body: AccountChange, gateway: Gateway, caller: Admin) -> Response:
    """Change an account of the caller's business (admins). One's own password is changed with `PUT /session/password`."""
    update = AccountUpdate(**body.model_dump())
    changed = await accounts.change(gateway.db, gateway.passwords, gateway.account_sync, caller, account_id, update)
    gateway.sessions.forget(account_id)
    return Json(_respond(changed))
