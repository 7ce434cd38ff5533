"""Accounts in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from chassis.database import Tx
from gateway.model import Role

_COLUMNS = "id, organization_id, role, name, email, active, revision"


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A person who signs in. revision counts the changes that booking must learn of."""

    id: UUID
    organization_id: UUID
    role: Role
    name: str
    email: str
    active: bool = True
    revision: int = 1


class Candidate(NamedTuple):
    """An account that e-mail and password fit, and the name, slug and time zone of its business."""

    account: AccountRow
    password_hash: str
    organization_name: str
    slug: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class UnsyncedAccount:
    """An account whose latest revision booking has not confirmed."""

    organization_id: UUID
    id: UUID
    role: Role
    name: str
    active: bool
    revision: int
    time_zone: str
    currency: str


async def insert(tx: Tx, account: AccountRow, password_hash: str | None) -> None:
    """Write a new account. Raises UniqueViolation (`accounts_email`) when the organization has its e-mail."""
    await tx.execute(
        "INSERT INTO accounts (organization_id, id, role, name, email, password_hash) VALUES (%s, %s, %s, %s, %s, %s)",
        (account.organization_id, account.id, account.role, account.name, account.email, password_hash),
    )


async def page(tx: Tx, role: Role | None, after: tuple[str, UUID] | None, at_most: int) -> list[AccountRow]:
    """List the organization's accounts by name. after: name and id of the last one of the page before."""
    cursor = await tx.execute(
        f"SELECT {_COLUMNS} FROM accounts WHERE organization_id = current_setting('app.organization')::uuid"  # noqa: S608
        " AND (%s::text IS NULL OR role = %s) AND (%s::text IS NULL OR (name, id) > (%s, %s::uuid))"
        " ORDER BY name, id LIMIT %s::int",
        (role, role, after and after[0], after and after[0], after and after[1], at_most),
    )
    return [AccountRow(*row) for row in await cursor.fetchall()]


async def change(
    tx: Tx, account_id: UUID, *, name: str | None, active: bool | None, password_hash: str | None
) -> AccountRow | None:
    """Change what is given; None leaves it as it is. Returns None when there is no such account."""
    cursor = await tx.execute(
        "UPDATE accounts SET name = coalesce(%s::text, name), active = coalesce(%s::boolean, active),"  # noqa: S608
        " password_hash = coalesce(%s::text, password_hash), revision = revision + 1"
        f" WHERE organization_id = current_setting('app.organization')::uuid AND id = %s RETURNING {_COLUMNS}",
        (name, active, password_hash, account_id),
    )
    row = await cursor.fetchone()
    return AccountRow(*row) if row else None


async def is_closed(tx: Tx, account_id: UUID) -> bool:
    """Say whether an account is closed, and lock it until the transaction ends."""
    cursor = await tx.execute("SELECT FROM accounts WHERE id = %s AND NOT active FOR UPDATE", (account_id,))
    return await cursor.fetchone() is not None


async def password_hash(tx: Tx, account_id: UUID) -> str | None:
    """Return an account's password hash, None when it has none."""
    cursor = await tx.execute("SELECT password_hash FROM accounts WHERE id = %s", (account_id,))
    row = await cursor.fetchone()
    return row[0] if row else None


async def renew_hash(tx: Tx, account_id: UUID, former: str, password_hash: str) -> None:
    """Put a hash of the same password in the place of a former one, unless that was changed meanwhile."""
    await tx.execute(
        "UPDATE accounts SET password_hash = %s WHERE id = %s AND password_hash = %s",
        (password_hash, account_id, former),
    )


async def password_salt(tx: Tx, email: str) -> bytes:
    """Return the salt of an e-mail's passwords, whether an account has the e-mail or not."""
    cursor = await tx.execute("SELECT password_salt(%s)", (email,))
    row = await cursor.fetchone()
    assert row
    return bytes(row[0])


async def hash_prefixes(tx: Tx, email: str, slug: str | None) -> list[str]:
    """Return what the password hashes of an e-mail's accounts, in all organizations or one, begin with: each salt and parameters once."""
    cursor = await tx.execute("SELECT * FROM password_hash_beginnings(%s, %s)", (email, slug))
    return [prefix for (prefix,) in await cursor.fetchall()]


async def with_email(tx: Tx, ids: Sequence[UUID], email: str, slug: str | None) -> frozenset[UUID]:
    """Return which of these accounts have an e-mail, in all organizations or one."""
    cursor = await tx.execute("SELECT * FROM accounts_among(%s, %s, %s)", (list(ids), email, slug))
    return frozenset(account_id for (account_id,) in await cursor.fetchall())


async def with_password_hash(tx: Tx, email: str, slug: str | None, hashes: Sequence[str]) -> list[Candidate]:
    """Find, in all organizations or one, the accounts with an e-mail and one of these password hashes, those that are closed last."""
    cursor = await tx.execute("SELECT * FROM accounts_with_password(%s, %s, %s)", (email, slug, list(hashes)))
    return [
        Candidate(AccountRow(account_id, organization_id, role, name, address, active), hashed, business, at, zone)
        for organization_id, account_id, role, name, address, active, hashed, business, at, zone in await cursor.fetchall()
    ]


async def unsynced(tx: Tx, at_most: int) -> list[UnsyncedAccount]:
    """Find accounts, of all organizations, whose latest revision booking has not confirmed."""
    cursor = await tx.execute("SELECT * FROM accounts_booking_does_not_know(%s)", (at_most,))
    return [UnsyncedAccount(*row) for row in await cursor.fetchall()]


async def get(tx: Tx, account_id: UUID) -> AccountRow | None:
    """Return an account of the transaction's organization."""
    cursor = await tx.execute(f"SELECT {_COLUMNS} FROM accounts WHERE id = %s", (account_id,))  # noqa: S608
    row = await cursor.fetchone()
    return AccountRow(*row) if row else None


async def mark_synced(tx: Tx, account_id: UUID, revision: int) -> None:
    """Remember which revision booking confirmed last, so that an older one that came late is sent over."""
    await tx.execute("UPDATE accounts SET booking_knows = %s::int WHERE id = %s", (revision, account_id))
