"""What people do with accounts: sign up, take somebody on, change, set a password."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from psycopg.errors import UniqueViolation

from chassis.database import Database, Tx, enter
from chassis.idempotency.once import Once, StoredResponse
from chassis.ids import new_id
from chassis.problems import InvalidRequest, NotFound
from chassis.tokens import Caller
from gateway.errors import EmailTaken, WrongPassword
from gateway.model import Account, Organization, Role
from gateway.new_passwords import hash_chosen
from gateway.passwords import Passwords
from gateway.registrations import told_by_password
from gateway.store import accounts as rows
from gateway.store import organizations, sessions
from gateway.telling import Telling

# Nothing here tells a stranger whether the account is closed; signing in tells it to whoever has the password.
_TAKEN = "There is an account with this e-mail already. Sign in with it, or ask the office if you cannot."
_IN_THE_OFFICE = (
    "There is an account with this e-mail already. Look for it in the list, also among those that are closed."
)

_ONES_OWN = "You cannot set your own without the one that you have now. Another admin can set a new one for you."


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who gets an account. password: None when the office sets one later."""

    name: str
    email: str
    password: str | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What shall be different; None leaves it as it is."""

    name: str | None = None
    active: bool | None = None
    password: str | None = None


async def sign_up(once: Once, passwords: Passwords, telling: Telling, slug: str, person: NewPerson) -> StoredResponse:
    """Make a customer's account. Raises InvalidRequest naming `organization`, EmailTaken."""
    async with once.db.connection() as tx:
        organization = await organizations.called(tx, slug)
    if organization is None:
        raise InvalidRequest.field("organization", "We know no such business. Please check how it is written.")
    return await _make(once, passwords, telling, organization, "customer", person)


async def take_on(
    once: Once, passwords: Passwords, telling: Telling, who: Caller, role: Role, person: NewPerson
) -> StoredResponse:
    """Make an account in the caller's organization. Raises EmailTaken."""
    async with once.db.begin(who.organization_id) as tx:
        organization = await organizations.mine(tx)
    return await _make(once, passwords, telling, organization, role, person)


async def _make(
    once: Once, passwords: Passwords, telling: Telling, organization: Organization, role: Role, person: NewPerson
) -> StoredResponse:
    account = Account(new_id(), organization.id, role, person.name, person.email)
    hashed = await _hashed(once.db, passwords, "password", person.password, account, organization)

    async def write(tx: Tx) -> None:
        await enter(tx, organization.id)
        await rows.insert(tx, account, hashed)

    told = told_by_password(once, passwords, person.password, hashed)
    try:
        made = await told.make({"account": account.shown()}, write)
    except UniqueViolation as error:
        raise EmailTaken(_IN_THE_OFFICE if organization.id == once.organization_id else _TAKEN) from error
    if not made.replayed:
        await telling.of(account, organization)
    return made


async def page(
    db: Database, who: Caller, role: Role | None, after: tuple[str, UUID] | None, at_most: int
) -> Sequence[Account]:
    """List the accounts of the caller's organization by name."""
    async with db.begin(who.organization_id) as tx:
        return await rows.page(tx, role, after, at_most)


async def change(
    db: Database, passwords: Passwords, telling: Telling, who: Caller, account_id: UUID, changes: Changes
) -> Account:
    """Change an account of the caller's organization; a new password, or being closed or opened again, ends its sessions.

    The sessions of a closed account stay as long as they would have, for whoever comes with one to hear why it is over.

    Raises NotFound, InvalidRequest for what nobody may do to their own account.
    """
    if account_id == who.account_id:
        _refuse_to_oneself(changes)
    async with db.begin(who.organization_id) as tx:
        organization, former = await organizations.mine(tx), await rows.current(tx, account_id)
    if former is None:
        raise NotFound("There is no such account.")
    renamed = replace(former, name=changes.name or former.name)
    hashed = await _hashed(db, passwords, "password", changes.password, renamed, organization)
    async with db.begin(who.organization_id) as tx:
        opened = changes.active is True and await rows.is_closed(tx, account_id)
        account = await rows.change(tx, account_id, name=changes.name, active=changes.active, password_hash=hashed)
        if account is None:
            raise NotFound("There is no such account.")
        if hashed or opened:
            await sessions.end_all(tx, account_id)
    await telling.of(account, organization)
    return account


def _refuse_to_oneself(changes: Changes) -> None:
    if changes.active is False:
        raise InvalidRequest.field("active", "You cannot close your own account. Another admin can.")
    if changes.password is not None:
        # Whoever came by a session of an admin would keep the account for good.
        raise InvalidRequest.field("password", _ONES_OWN)


async def set_password(db: Database, passwords: Passwords, who: Caller, current: str, wanted: str) -> None:
    """Change one's own password; ends all of one's sessions. Raises WrongPassword, InvalidRequest."""
    async with db.begin(who.organization_id) as tx:
        organization, account = await organizations.mine(tx), await rows.current(tx, who.account_id)
        stored = await rows.password_hash(tx, who.account_id)
    if account is None or stored is None or not await passwords.fits(current, stored):
        raise WrongPassword
    hashed = await _hashed(db, passwords, "new_password", wanted, account, organization)
    async with db.begin(who.organization_id) as tx:
        await rows.change(tx, who.account_id, name=None, active=None, password_hash=hashed)
        await sessions.end_all(tx, who.account_id)


async def _hashed(
    db: Database, passwords: Passwords, path: str, password: str | None, owner: Account, of: Organization
) -> str | None:
    names = (owner.name, of.name, of.slug)
    return await hash_chosen(db, passwords, path, password, email=owner.email, names=names)
