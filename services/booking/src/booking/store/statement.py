"""Long statements, made ready once: psycopg reads what has more than 4,096 characters anew each time that it is sent."""

import re
from collections.abc import Mapping
from typing import Any

from psycopg import AsyncCursor, AsyncRawCursor

from chassis.database import Tx

_NAMED = re.compile(r"%\((\w+)\)s")


class Statement:
    """SQL with parameters like `%(name)s`, which Postgres gets as `$1`, `$2`, …; a name may stand more than once."""

    def __init__(self, text: str) -> None:
        numbers: dict[str, int] = {}
        numbered = _NAMED.sub(lambda found: f"${numbers.setdefault(found[1], len(numbers) + 1)}", text)
        # Bytes: psycopg takes them as they are, and looks prepared statements up by them.
        self.text = numbered.encode()
        self.names = tuple(numbers)

    async def send(self, tx: Tx, values: Mapping[str, Any]) -> AsyncCursor[tuple[Any, ...]]:
        """Send it, prepared. Raises KeyError for a value that is missing."""
        return await AsyncRawCursor(tx).execute(self.text, [values[name] for name in self.names], prepare=True)
