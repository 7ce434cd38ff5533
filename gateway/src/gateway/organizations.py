"""What people do with organizations: found one, look at it, change it."""

from dataclasses import dataclass

from psycopg.errors import UniqueViolation

from chassis.database import Database
from chassis.ids import new_id
from chassis.problems import InvalidRequest
from chassis.tokens import Caller
from gateway.accounts import NewPerson
from gateway.model import Account, Organization
from gateway.passwords import Passwords
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
    db: Database, passwords: Passwords, telling: Telling, named: Organization, admin: NewPerson
) -> tuple[Organization, Account]:
    """Register a business with its first admin, in one transaction. Raises InvalidRequest when the slug is taken."""
    account = Account(new_id(), named.id, "admin", admin.name, admin.email)
    hashed = await passwords.hash(admin.password) if admin.password else None
    try:
        async with db.begin(named.id) as tx:
            await rows.insert(tx, named)
            await account_rows.insert(tx, account, hashed)
    except UniqueViolation as error:
        raise InvalidRequest.field("slug", "Another business has this already. Please choose another.") from error
    await telling.of(account, named)
    return named, account


async def mine(db: Database, who: Caller) -> Organization:
    """Return the organization of somebody who is signed in."""
    async with db.begin(who.organization_id) as tx:
        return await rows.mine(tx)


async def change(db: Database, who: Caller, changes: Changes) -> Organization:
    """Change the caller's organization."""
    async with db.begin(who.organization_id) as tx:
        return await rows.change(
            tx,
            name=changes.name,
            time_zone=changes.time_zone,
            currency=changes.currency,
            notice_hours=changes.cancellation_notice_hours,
        )
