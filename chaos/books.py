"""What the databases of an installation hold of one business, read as their superuser."""

from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Books:
    """Connections to booking's and the gateway's database."""

    booking: "psycopg.Connection[dict[str, Any]]"
    gateway: "psycopg.Connection[dict[str, Any]]"
    organization_id: UUID

    def of_booking(self, question: LiteralString) -> Rows:
        """Ask booking's database about `%(org)s`."""
        return self.booking.execute(question, {"org": self.organization_id}).fetchall()

    def of_gateway(self, question: LiteralString) -> Rows:
        """Ask the gateway's database about `%(org)s`."""
        return self.gateway.execute(question, {"org": self.organization_id}).fetchall()

    def close(self) -> None:
        """Close both."""
        self.booking.close()
        self.gateway.close()


def opened(superuser_url: str, organization_id: UUID) -> Books:
    """Open the books. superuser_url: of any database of the server; ends with the database's name."""
    server = superuser_url.rpartition("/")[0]
    booking, gateway = (
        psycopg.connect(f"{server}/{name}", row_factory=dict_row, autocommit=True) for name in ("booking", "gateway")
    )
    return Books(booking, gateway, organization_id)
