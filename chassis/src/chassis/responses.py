"""JSON answers, serialised once: routes return these instead of values that FastAPI would validate a second time."""

from typing import Any

import orjson
from fastapi import Response


class Json(Response):
    """A JSON response from plain dictionaries, lists, UUIDs, aware datetimes and dates. Instants end in `Z`."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Serialise; bytes are taken as JSON already."""
        return content if isinstance(content, bytes) else dumps(content)


def dumps(content: Any) -> bytes:
    """Serialise as the API does."""
    return orjson.dumps(content, option=orjson.OPT_UTC_Z)
