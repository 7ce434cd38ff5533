"""The resources of the gateway's API, one model each, and how each is made of a row."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from gateway.model import Role
from gateway.rules.countries import country_of
from gateway.store.accounts import AccountRow
from gateway.store.notifications import NotificationRow
from gateway.store.organizations import OrganizationRow

Country = Annotated[
    str | None,
    Field(
        description="ISO 3166, of the business's time zone; null where the zone has none, such as UTC.", examples=["GB"]
    ),
]


class Account(BaseModel):
    """A person who signs in."""

    id: UUID
    organization_id: UUID
    role: Role
    name: str
    email: str
    active: bool

    @classmethod
    def of(cls, row: AccountRow) -> "Account":
        """Make the resource of a row."""
        return cls(
            id=row.id,
            organization_id=row.organization_id,
            role=row.role,
            name=row.name,
            email=row.email,
            active=row.active,
        )


class AccountResponse(BaseModel):
    """An account that was created or changed."""

    account: Account

    @classmethod
    def of(cls, row: AccountRow) -> "AccountResponse":
        """Make the answer of a row."""
        return cls(account=Account.of(row))


class AccountPage(BaseModel):
    """A page of accounts by name."""

    items: list[Account]
    next_cursor: str | None

    @classmethod
    def of(cls, rows: Sequence[AccountRow], next_cursor: str | None) -> "AccountPage":
        """Make the page of its rows."""
        return cls(items=[Account.of(row) for row in rows], next_cursor=next_cursor)


class Organization(BaseModel):
    """A dog-walking business."""

    id: UUID
    slug: str
    name: str
    time_zone: str
    country: Country
    currency: str
    cancellation_notice_hours: int

    @classmethod
    def of(cls, row: OrganizationRow) -> "Organization":
        """Make the resource of a row."""
        return cls(
            id=row.id,
            slug=row.slug,
            name=row.name,
            time_zone=row.time_zone,
            country=country_of(row.time_zone),
            currency=row.currency,
            cancellation_notice_hours=row.cancellation_notice_hours,
        )


class RegistrationResponse(BaseModel):
    """A business and its first admin."""

    organization: Organization
    account: Account

    @classmethod
    def of(cls, organization: OrganizationRow, account: AccountRow) -> "RegistrationResponse":
        """Make the answer of the two rows."""
        return cls(organization=Organization.of(organization), account=Account.of(account))


class NotificationSubject(BaseModel):
    """The series or booking that a notification is about."""

    type: Literal["series", "booking"]
    id: UUID


class Notification(BaseModel):
    """A message to a person about what somebody else did. Times in `title` and `body` are the business's own."""

    id: UUID
    kind: Literal["walks_booked", "walks_cancelled", "walks_moved", "walks_restored"]
    title: str
    body: str
    about: NotificationSubject
    created_at: datetime
    read_at: datetime | None

    @classmethod
    def of(cls, row: NotificationRow) -> "Notification":
        """Make the resource of a row."""
        about = {"type": row.about_type, "id": row.about_id}
        return cls.model_validate(
            {
                "id": row.id,
                "kind": row.kind,
                "title": row.title,
                "body": row.body,
                "about": about,
                "created_at": row.created_at,
                "read_at": row.read_at,
            }
        )


class NotificationPage(BaseModel):
    """A page of notifications, the newest first."""

    items: list[Notification]
    next_cursor: str | None
    unread_count: int

    @classmethod
    def of(cls, rows: Sequence[NotificationRow], next_cursor: str | None, unread_count: int) -> "NotificationPage":
        """Make the page of its rows."""
        items = [Notification.of(row) for row in rows]
        return cls(items=items, next_cursor=next_cursor, unread_count=unread_count)


class NotificationResponse(BaseModel):
    """A notification that was read."""

    notification: Notification


class Session(BaseModel):
    """The session of the signed-in account."""

    token: str | None = Field(
        description="For programs: `Authorization: Bearer`. Null when asked with the cookie, which no script may read."
    )
    csrf_token: str = Field(description="Goes into `X-CSRF-Token` with every write that uses the cookie.")
    account: Account
    country: Country
