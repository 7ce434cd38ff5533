"""Organizations in the database."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.database import Tx

_COLUMNS = "organization_id, slug, name, time_zone, currency, cancellation_notice_hours"


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """A dog-walking business: the tenant, with its wall clock and currency."""

    id: UUID
    slug: str
    name: str
    time_zone: str
    currency: str
    cancellation_notice_hours: int = 24


async def insert(tx: Tx, organization: OrganizationRow) -> None:
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


async def by_slug(tx: Tx, slug: str) -> OrganizationRow | None:
    """Find an organization by its slug, from whatever organization the caller is."""
    cursor = await tx.execute(f"SELECT {_COLUMNS} FROM organization_called(%s)", (slug,))  # noqa: S608
    row = await cursor.fetchone()
    return OrganizationRow(*row) if row else None


async def current(tx: Tx) -> OrganizationRow:
    """Return the organization that the transaction belongs to."""
    cursor = await tx.execute(f"SELECT {_COLUMNS} FROM organizations")  # noqa: S608 - row-level security leaves one
    row = await cursor.fetchone()
    if row is None:
        raise LookupError("the session's organization is gone")
    return OrganizationRow(*row)


async def change(
    tx: Tx, *, name: str | None, time_zone: str | None, currency: str | None, cancellation_notice_hours: int | None
) -> OrganizationRow:
    """Change what is given of the transaction's organization; None leaves it as it is."""
    values: tuple[Any, ...] = (name, time_zone, currency, cancellation_notice_hours)
    cursor = await tx.execute(
        "UPDATE organizations SET name = coalesce(%s::text, name), time_zone = coalesce(%s::text, time_zone),"  # noqa: S608
        " currency = coalesce(%s::text, currency),"
        " cancellation_notice_hours = coalesce(%s::int, cancellation_notice_hours)"
        f" WHERE organization_id = current_setting('app.organization')::uuid RETURNING {_COLUMNS}",
        values,
    )
    row = await cursor.fetchone()
    if row is None:
        raise LookupError("the session's organization is gone")
    return OrganizationRow(*row)
