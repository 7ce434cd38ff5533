"""What the gateway's own routes answer, as the contract documents it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from gateway.model import Role

Country = Annotated[
    str | None,
    Field(
        description="ISO 3166, of the business's time zone; null where the zone has none, such as UTC.", examples=["GB"]
    ),
]


class AccountShown(BaseModel):
    """A person who signs in."""

    id: UUID
    organization_id: UUID
    role: Role
    name: str
    email: str
    active: bool


class AccountMade(BaseModel):
    """An account that was made or changed."""

    account: AccountShown


class AccountList(BaseModel):
    """A page of accounts by name."""

    items: list[AccountShown]
    next_cursor: str | None


class OrganizationShown(BaseModel):
    """A dog-walking business."""

    id: UUID
    slug: str
    name: str
    time_zone: str
    country: Country
    currency: str
    cancellation_notice_hours: int


class OrganizationMade(BaseModel):
    """A business and its first admin."""

    organization: OrganizationShown
    account: AccountShown


class AboutShown(BaseModel):
    """What a notification is about."""

    type: Literal["series", "booking"]
    id: UUID


class NotificationShown(BaseModel):
    """What a person is told of what somebody did. Times in `title` and `body` are the business's own."""

    id: UUID
    kind: Literal["walks_booked", "walks_cancelled", "walks_restored"]
    title: str
    body: str
    about: AboutShown
    created_at: datetime
    read_at: datetime | None


class NotificationList(BaseModel):
    """A page of notifications, the newest first."""

    items: list[NotificationShown]
    next_cursor: str | None
    unread_count: int


class NotificationRead(BaseModel):
    """A notification that was read."""

    notification: NotificationShown


class SessionShown(BaseModel):
    """Who is signed in."""

    token: str | None = Field(
        description="For programs: `Authorization: Bearer`. Null when asked with the cookie, which no script may read."
    )
    csrf_token: str = Field(description="Goes into `X-CSRF-Token` with every write that uses the cookie.")
    account: AccountShown
    country: Country
