"""Accounts: sign up, create, list, change, and set one's own password."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from psycopg.errors import UniqueViolation

from chassis.database import Database, Tx, enter
from chassis.idempotency.once import Once, StoredResponse
from chassis.ids import new_id
from chassis.problems import InvalidRequest, NotFound
from chassis.tokens import Caller
from gateway.account_sync import AccountSync
from gateway.errors import EmailTaken, WrongPassword
from gateway.model import Role
from gateway.password_policy import hash_new_password
from gateway.passwords import Passwords
from gateway.registration_keys import bound_to_password
from gateway.store import accounts as rows
from gateway.store import organizations, sessions
from gateway.store.accounts import AccountRow
from gateway.store.organizations import OrganizationRow

# Strangers do not learn here whether the account is closed; signing in tells it to people who have the password.
_TAKEN = "There is an account with this e-mail already. Sign in with it, or ask the office if you cannot."
_TAKEN_IN_OFFICE = (
    "There is an account with this e-mail already. Look for it in the list, also among those that are closed."
)
_OWN_PASSWORD = "You cannot set your own without the one that you have now. Another admin can set a new one for you."  # noqa: S105

# Makes the JSON of the answer of a new account, which is stored together with the account.
Respond = Callable[[AccountRow], Any]


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A person who gets an account. password: None when the office sets one later."""

    name: str
    email: str
    password: str | None


@dataclass(frozen=True, slots=True)
class AccountUpdate:
    """The new values of an account; None leaves a value as it is."""

    name: str | None = None
    active: bool | None = None
    password: str | None = None


async def sign_up(
    once: Once, passwords: Passwords, sync: AccountSync, slug: str, person: NewAccount, respond: Respond
) -> StoredResponse:
    """Create a customer's account. Raises InvalidRequest naming `organization`, EmailTaken."""
    async with once.db.connection() as tx:
        organization = await organizations.by_slug(tx, slug)
    if organization is None:
        raise InvalidRequest.field("organization", "We know no such business. Please check how it is written.")
    return await _create(once, passwords, sync, organization, "customer", person, respond)


async def create(
    once: Once,
    passwords: Passwords,
    sync: AccountSync,
    caller: Caller,
    role: Role,
    person: NewAccount,
    respond: Respond,
) -> StoredResponse:
    """Create an account in the caller's organization. Raises EmailTaken."""
    async with once.db.begin(caller.organization_id) as tx:
        organization = await organizations.current(tx)
    return await _create(once, passwords, sync, organization, role, person, respond)


async def _create(
    once: Once,
    passwords: Passwords,
    sync: AccountSync,
    organization: OrganizationRow,
    role: Role,
    person: NewAccount,
    respond: Respond,
) -> StoredResponse:
    account = AccountRow(new_id(), organization.id, role, person.name, person.email)
    hashed = await _hash(once.db, passwords, "password", person.password, account, organization)

    async def write(tx: Tx) -> None:
        await enter(tx, organization.id)
        await rows.insert(tx, account, hashed)

    try:
        stored = await bound_to_password(once, passwords, person.password, hashed).make(respond(account), write)
    except UniqueViolation as error:
        raise EmailTaken(_TAKEN_IN_OFFICE if organization.id == once.organization_id else _TAKEN) from error
    if not stored.replayed:
        await sync.send(account, organization)
    return stored


async def page(
    db: Database, caller: Caller, role: Role | None, after: tuple[str, UUID] | None, at_most: int
) -> Sequence[AccountRow]:
    """List the accounts of the caller's organization by name."""
    async with db.begin(caller.organization_id) as tx:
        return await rows.page(tx, role, after, at_most)


async def change(
    db: Database, passwords: Passwords, sync: AccountSync, caller: Caller, account_id: UUID, update: AccountUpdate
) -> AccountRow:
    """Change an account of the caller's organization. A new password, or opening the account again, ends its sessions.

    The sessions of a closed account stay as long as they would have: their holders read why the account is closed.

    Raises NotFound, InvalidRequest for what people may not do to their own account.
    """
    if account_id == caller.account_id:
        _refuse_own(update)
    async with db.begin(caller.organization_id) as tx:
        organization, former = await organizations.current(tx), await rows.get(tx, account_id)
    if former is None:
        raise NotFound("There is no such account.")
    renamed = replace(former, name=update.name or former.name)
    hashed = await _hash(db, passwords, "password", update.password, renamed, organization)
    async with db.begin(caller.organization_id) as tx:
        opened = update.active is True and await rows.is_closed(tx, account_id)
        account = await rows.change(tx, account_id, name=update.name, active=update.active, password_hash=hashed)
        if account is None:
            raise NotFound("There is no such account.")
        if hashed or opened:
            await sessions.end_all(tx, account_id)
    await sync.send(account, organization)
    return account


def _refuse_own(update: AccountUpdate) -> None:
    if update.active is False:
        raise InvalidRequest.field("active", "You cannot close your own account. Another admin can.")
    if update.password is not None:
        # A stolen session of an admin would become the account itself.
        raise InvalidRequest.field("password", _OWN_PASSWORD)


async def set_password(db: Database, passwords: Passwords, caller: Caller, current: str, new: str) -> None:
    """Change the caller's own password; ends all of the caller's sessions. Raises WrongPassword, InvalidRequest."""
    async with db.begin(caller.organization_id) as tx:
        organization, account = await organizations.current(tx), await rows.get(tx, caller.account_id)
        stored = await rows.password_hash(tx, caller.account_id)
    if account is None or stored is None or not await passwords.verify(current, stored):
        raise WrongPassword
    hashed = await _hash(db, passwords, "new_password", new, account, organization)
    async with db.begin(caller.organization_id) as tx:
        await rows.change(tx, caller.account_id, name=None, active=None, password_hash=hashed)
        await sessions.end_all(tx, caller.account_id)


async def _hash(
    db: Database,
    passwords: Passwords,
    path: str,
    password: str | None,
    account: AccountRow,
    organization: OrganizationRow,
) -> str | None:
    names = (account.name, organization.name, organization.slug)
    return await hash_new_password(db, passwords, path, password, email=account.email, names=names)
