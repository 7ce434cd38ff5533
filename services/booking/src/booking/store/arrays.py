"""Arrays as Postgres reads them from text: the cheapest way to bind many values at once."""

from collections.abc import Iterable
from datetime import datetime


def literal(values: Iterable[object]) -> str:
    """Write an array literal. values: ids, dates, numbers or instants in ISO 8601, or NULL; nothing that would need quoting."""
    return "{" + ",".join(map(str, values)) + "}"


def instants(values: Iterable[datetime]) -> str:
    """Write an array literal of aware datetimes."""
    return "{" + ",".join(map(datetime.isoformat, values)) + "}"
