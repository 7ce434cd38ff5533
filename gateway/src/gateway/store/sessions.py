"""Sessions in the database, by the hash of their token."""

from dataclasses import dataclass
from uuid import UUID

from chassis.database import Tx
from chassis.tokens import Caller


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session and its account. booking_knows: booking has confirmed the account as it is. active: the account is open."""

    caller: Caller
    email: str
    booking_knows: bool
    active: bool
    organization_name: str


_FIND = "SELECT s.*, cancellation_notice_of(s.organization_id) FROM session_with_token(%s) s"


async def insert(tx: Tx, organization_id: UUID, token_hash: bytes, account_id: UUID) -> None:
    """Begin a session of 30 days."""
    await tx.execute(
        "INSERT INTO sessions (organization_id, token_hash, account_id, ends_at)"
        " VALUES (%s, %s, %s, now() + interval '30 days')",
        (organization_id, token_hash, account_id),
    )


async def find(tx: Tx, token_hash: bytes) -> SessionRow | None:
    """Find the session of a token, unless it ended."""
    cursor = await tx.execute(_FIND, (token_hash,))
    row = await cursor.fetchone()
    if row is None:
        return None
    organization_id, account_id, role, name, email, time_zone, currency, known, active, business, notice = row
    caller = Caller(account_id, organization_id, role, name, time_zone, currency, notice)
    return SessionRow(caller, email, known, active, business)


async def end(tx: Tx, token_hash: bytes) -> None:
    """End one session."""
    await tx.execute("SELECT end_session(%s)", (token_hash,))


async def end_all(tx: Tx, account_id: UUID) -> None:
    """End every session of an account of the transaction's organization."""
    await tx.execute("DELETE FROM sessions WHERE account_id = %s", (account_id,))


async def sweep(tx: Tx, at_most: int) -> None:
    """Remove sessions that ended."""
    await tx.execute("SELECT sweep_sessions(%s)", (at_most,))
