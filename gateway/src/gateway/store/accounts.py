"""Accounts in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from chassis.database import Tx
from gateway.model import Account, Role

_COLUMNS = "id, organization_id, role, name, email, active, revision"


class Candidate(NamedTuple):
    """An account that somebody may mean who signs in, and its business's name, slug and time zone."""

    account: Account
    password_hash: str
    business: str
    slug: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Untold:
    """An account whose latest revision booking has not confirmed."""

    organization_id: UUID
    id: UUID
    role: Role
    name: str
    active: bool
    revision: int
    time_zone: str
    currency: str


async def insert(tx: Tx, account: Account, password_hash: str | None) -> None:
    """Write a new account. Raises UniqueViolation (`accounts_email`) when the organization has its e-mail."""
    await tx.execute(
        "INSERT INTO accounts (organization_id, id, role, name, email, password_hash) VALUES (%s, %s, %s, %s, %s, %s)",
        (account.organization_id, account.id, account.role, account.name, account.email, password_hash),
    )


async def page(tx: Tx, role: Role | None, after: tuple[str, UUID] | None, at_most: int) -> list[Account]:
    """List the organization's accounts by name. after: name and id of the last one of the page before."""
    found = await tx.execute(
        f"SELECT {_COLUMNS} FROM accounts WHERE organization_id = current_setting('app.organization')::uuid"  # noqa: S608
        " AND (%s::text IS NULL OR role = %s) AND (%s::text IS NULL OR (name, id) > (%s, %s::uuid))"
        " ORDER BY name, id LIMIT %s::int",
        (role, role, after and after[0], after and after[0], after and after[1], at_most),
    )
    return [Account(*row) for row in await found.fetchall()]


async def change(
    tx: Tx, account_id: UUID, *, name: str | None, active: bool | None, password_hash: str | None
) -> Account | None:
    """Change what is given; None leaves it as it is. Returns None when there is no such account."""
    found = await tx.execute(
        "UPDATE accounts SET name = coalesce(%s::text, name), active = coalesce(%s::boolean, active),"  # noqa: S608
        " password_hash = coalesce(%s::text, password_hash), revision = revision + 1"
        f" WHERE organization_id = current_setting('app.organization')::uuid AND id = %s RETURNING {_COLUMNS}",
        (name, active, password_hash, account_id),
    )
    row = await found.fetchone()
    return Account(*row) if row else None


async def is_closed(tx: Tx, account_id: UUID) -> bool:
    """Say whether an account is closed, which nobody changes until the transaction ends."""
    found = await tx.execute("SELECT FROM accounts WHERE id = %s AND NOT active FOR UPDATE", (account_id,))
    return await found.fetchone() is not None


async def password_hash(tx: Tx, account_id: UUID) -> str | None:
    """Return an account's password hash, None when it has none."""
    found = await tx.execute("SELECT password_hash FROM accounts WHERE id = %s", (account_id,))
    row = await found.fetchone()
    return row[0] if row else None


async def renew_hash(tx: Tx, account_id: UUID, former: str, password_hash: str) -> None:
    """Put a hash of the same password in the place of a former one, unless that was changed meanwhile."""
    await tx.execute(
        "UPDATE accounts SET password_hash = %s WHERE id = %s AND password_hash = %s",
        (password_hash, account_id, former),
    )


async def password_salt(tx: Tx, email: str) -> bytes:
    """Return the salt of an e-mail's passwords, whether anybody has it or not."""
    found = await tx.execute("SELECT password_salt(%s)", (email,))
    row = await found.fetchone()
    assert row
    return bytes(row[0])


async def hash_beginnings(tx: Tx, email: str, slug: str | None) -> list[str]:
    """Return what the password hashes of an e-mail's accounts, in all organizations or one, begin with: each salt and parameters once."""
    found = await tx.execute("SELECT * FROM password_hash_beginnings(%s, %s)", (email, slug))
    return [beginning for (beginning,) in await found.fetchall()]


async def among(tx: Tx, ids: Sequence[UUID], email: str, slug: str | None) -> frozenset[UUID]:
    """Return which of these accounts have an e-mail, in all organizations or one."""
    found = await tx.execute("SELECT * FROM accounts_among(%s, %s, %s)", (list(ids), email, slug))
    return frozenset(account_id for (account_id,) in await found.fetchall())


async def with_password(tx: Tx, email: str, slug: str | None, hashes: Sequence[str]) -> list[Candidate]:
    """Find, in all organizations or one, the accounts with an e-mail and one of these password hashes, those that are closed last."""
    found = await tx.execute("SELECT * FROM accounts_with_password(%s, %s, %s)", (email, slug, list(hashes)))
    return [
        Candidate(Account(account_id, organization_id, role, name, address, active), hashed, business, at, zone)
        for organization_id, account_id, role, name, address, active, hashed, business, at, zone in await found.fetchall()
    ]


async def untold(tx: Tx, at_most: int) -> list[Untold]:
    """Find accounts, of all organizations, that booking does not know as they are."""
    found = await tx.execute("SELECT * FROM accounts_booking_does_not_know(%s)", (at_most,))
    return [Untold(*row) for row in await found.fetchall()]


async def current(tx: Tx, account_id: UUID) -> Account | None:
    """Return an account of the transaction's organization."""
    found = await tx.execute(f"SELECT {_COLUMNS} FROM accounts WHERE id = %s", (account_id,))  # noqa: S608
    row = await found.fetchone()
    return Account(*row) if row else None


async def booking_knows(tx: Tx, account_id: UUID, revision: int) -> None:
    """Remember which revision booking confirmed last, so that an older one that came late is told over."""
    await tx.execute("UPDATE accounts SET booking_knows = %s::int WHERE id = %s", (revision, account_id))
