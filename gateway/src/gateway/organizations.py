"""What people do with organizations: found one, look at it, change it."""

from dataclasses import dataclass

from psycopg.errors import UniqueViolation

from chassis.database import Database, Tx, enter
from chassis.idempotency.once import Once, StoredResponse
from chassis.ids import new_id
from chassis.problems import InvalidRequest
from chassis.tokens import Caller
from gateway.accounts import NewPerson
from gateway.model import Account, Organization
from gateway.new_passwords import hash_chosen
from gateway.passwords import Passwords
from gateway.registrations import told_by_password
from gateway.store import accounts as account_rows
from gateway.store import organizations as rows
from gateway.telling import Telling


@dataclass(frozen=True, slots=True)
class Changes:
    """What shall be different; None leaves it as it is."""

    name: str | None = None
    time_zone: str | None = None
    currency: str | None = None
    cancellation_notice_hours: int | None = None


async def found(
    once: Once, passwords: Passwords, telling: Telling, named: Organization, admin: NewPerson
) -> StoredResponse:
    """Register a business with its first admin, in one transaction. Raises InvalidRequest when the slug is taken."""
    account = Account(new_id(), named.id, "admin", admin.name, admin.email)
    names = (admin.name, named.name, named.slug)
    hashed = await hash_chosen(once.db, passwords, "admin.password", admin.password, email=admin.email, names=names)

    async def write(tx: Tx) -> None:
        await enter(tx, named.id)
        await rows.insert(tx, named)
        await account_rows.insert(tx, account, hashed)

    told = told_by_password(once, passwords, admin.password, hashed)
    try:
        made = await told.make({"organization": named.shown(), "account": account.shown()}, write)
    except UniqueViolation as error:
        raise InvalidRequest.field("slug", "Another business has this already. Please choose another.") from error
    if not made.replayed:
        await telling.of(account, named)
    return made


async def mine(db: Database, who: Caller) -> Organization:
    """Return the organization of somebody who is signed in."""
    async with db.begin(who.organization_id) as tx:
        return await rows.mine(tx)


async def change(db: Database, telling: Telling, who: Caller, changes: Changes) -> Organization:
    """Change the caller's organization. Raises UpstreamUnavailable when booking cannot be told of what it plans by."""
    async with db.begin(who.organization_id) as tx:
        changed = await rows.change(
            tx,
            name=changes.name,
            time_zone=changes.time_zone,
            currency=changes.currency,
            notice_hours=changes.cancellation_notice_hours,
        )
        if changes.time_zone or changes.currency:
            # Before it is committed: whoever hears that it is changed finds nothing booked by the former settings later. The row is
            # locked, so that booking hears of two changes in their order.
            await telling.settings(changed)
    return changed
