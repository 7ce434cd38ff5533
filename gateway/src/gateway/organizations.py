"""Organizations: register, read and change."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from psycopg.errors import UniqueViolation

from chassis.database import Database, Tx, enter
from chassis.idempotency.once import Once, StoredResponse
from chassis.ids import new_id
from chassis.problems import InvalidRequest
from chassis.tokens import Caller
from gateway.account_sync import AccountSync
from gateway.accounts import NewAccount
from gateway.password_policy import hash_new_password
from gateway.passwords import Passwords
from gateway.registration_keys import bound_to_password
from gateway.store import accounts as account_rows
from gateway.store import organizations as rows
from gateway.store.accounts import AccountRow
from gateway.store.organizations import OrganizationRow

# Makes the JSON of the answer, which is stored together with the organization and its admin.
Respond = Callable[[OrganizationRow, AccountRow], Any]


@dataclass(frozen=True, slots=True)
class OrganizationUpdate:
    """The new values of an organization; None leaves a value as it is."""

    name: str | None = None
    time_zone: str | None = None
    currency: str | None = None
    cancellation_notice_hours: int | None = None


async def register(
    once: Once,
    passwords: Passwords,
    sync: AccountSync,
    organization: OrganizationRow,
    admin: NewAccount,
    respond: Respond,
) -> StoredResponse:
    """Register a business with its first admin, in one transaction. Raises InvalidRequest when the slug is taken."""
    account = AccountRow(new_id(), organization.id, "admin", admin.name, admin.email)
    names = (admin.name, organization.name, organization.slug)
    hashed = await hash_new_password(
        once.db, passwords, "admin.password", admin.password, email=admin.email, names=names
    )

    async def write(tx: Tx) -> None:
        await enter(tx, organization.id)
        await rows.insert(tx, organization)
        await account_rows.insert(tx, account, hashed)

    answer = respond(organization, account)
    try:
        stored = await bound_to_password(once, passwords, admin.password, hashed).make(answer, write)
    except UniqueViolation as error:
        raise InvalidRequest.field("slug", "Another business has this already. Please choose another.") from error
    if not stored.replayed:
        await sync.send(account, organization)
    return stored


async def get(db: Database, caller: Caller) -> OrganizationRow:
    """Return the caller's organization."""
    async with db.begin(caller.organization_id) as tx:
        return await rows.current(tx)


async def change(db: Database, sync: AccountSync, caller: Caller, update: OrganizationUpdate) -> OrganizationRow:
    """Change the caller's organization. Raises UpstreamUnavailable when booking cannot be told the settings it plans by."""
    async with db.begin(caller.organization_id) as tx:
        changed = await rows.change(
            tx,
            name=update.name,
            time_zone=update.time_zone,
            currency=update.currency,
            cancellation_notice_hours=update.cancellation_notice_hours,
        )
        if update.time_zone or update.currency:
            # Before the commit: once the change is answered, nothing is booked by the former settings any more. The row is locked, so
            # booking gets two changes in their order.
            await sync.send_settings(changed)
    return changed
