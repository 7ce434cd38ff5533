"""The gateway's nouns."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from gateway.countries import country_of

Role = Literal["customer", "walker", "admin"]


@dataclass(frozen=True, slots=True)
class Organization:
    """A dog-walking business: the tenant, with its wall clock and currency."""

    id: UUID
    slug: str
    name: str
    time_zone: str
    currency: str
    cancellation_notice_hours: int = 24

    def shown(self) -> dict[str, Any]:
        """Return it as the API shows it."""
        return {
            "id": self.id,
            "slug": self.slug,
            "name": self.name,
            "time_zone": self.time_zone,
            "country": country_of(self.time_zone),
            "currency": self.currency,
            "cancellation_notice_hours": self.cancellation_notice_hours,
        }


@dataclass(frozen=True, slots=True)
class Account:
    """A person who signs in. revision counts the changes that booking must hear of."""

    id: UUID
    organization_id: UUID
    role: Role
    name: str
    email: str
    active: bool = True
    revision: int = 1

    def shown(self) -> dict[str, Any]:
        """Return it as the API shows it."""
        return {
            "id": self.id,
            "organization_id": self.organization_id,
            "role": self.role,
            "name": self.name,
            "email": self.email,
            "active": self.active,
        }
