"""Organizations in the database."""

from typing import Any

from chassis.database import Tx
from gateway.model import Organization

_COLUMNS = "organization_id, slug, name, time_zone, currency, cancellation_notice_hours"


async def insert(tx: Tx, organization: Organization) -> None:
    """Write a new organization. Raises UniqueViolation (`organizations_slug`) when its slug is taken."""
    await tx.execute(
        f"INSERT INTO organizations ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s)",  # noqa: S608 - our own column names
        (
            organization.id,
            organization.slug,
            organization.name,
            organization.time_zone,
            organization.currency,
            organization.cancellation_notice_hours,
        ),
    )


async def called(tx: Tx, slug: str) -> Organization | None:
    """Find an organization by its slug, whoever asks."""
    found = await tx.execute(f"SELECT {_COLUMNS} FROM organization_called(%s)", (slug,))  # noqa: S608
    row = await found.fetchone()
    return Organization(*row) if row else None


async def mine(tx: Tx) -> Organization:
    """Return the organization that the transaction belongs to."""
    found = await tx.execute(f"SELECT {_COLUMNS} FROM organizations")  # noqa: S608 - row-level security leaves one
    row = await found.fetchone()
    if row is None:
        raise LookupError("the session's organization is gone")
    return Organization(*row)


async def change(
    tx: Tx, *, name: str | None, time_zone: str | None, currency: str | None, notice_hours: int | None
) -> Organization:
    """Change what is given of the transaction's organization; None leaves it as it is."""
    values: tuple[Any, ...] = (name, time_zone, currency, notice_hours)
    found = await tx.execute(
        "UPDATE organizations SET name = coalesce(%s::text, name), time_zone = coalesce(%s::text, time_zone),"  # noqa: S608
        " currency = coalesce(%s::text, currency),"
        " cancellation_notice_hours = coalesce(%s::int, cancellation_notice_hours)"
        f" WHERE organization_id = current_setting('app.organization')::uuid RETURNING {_COLUMNS}",
        values,
    )
    row = await found.fetchone()
    if row is None:
        raise LookupError("the session's organization is gone")
    return Organization(*row)
