"""What the gateway's own routes answer, as the contract documents it."""

from uuid import UUID

from pydantic import BaseModel, Field

from gateway.model import Role


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
    currency: str
    cancellation_notice_hours: int


class OrganizationMade(BaseModel):
    """A business and its first admin."""

    organization: OrganizationShown
    account: AccountShown


class SessionShown(BaseModel):
    """Who is signed in."""

    token: str | None = Field(
        description="For programs: `Authorization: Bearer`. Null when asked with the cookie, which no script may read."
    )
    csrf_token: str = Field(description="Goes into `X-CSRF-Token` with every write that uses the cookie.")
    account: AccountShown
