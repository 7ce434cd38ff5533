"""The HTTP client of both Google APIs, which never shows the key, and the check of their numbers."""

from typing import Any

import httpx
import orjson
from pydantic import SecretStr

from travel.clients.provider import InvalidResponse, RateLimited, Unreachable

_MAX_S = 10 * 24 * 3600


class GoogleClient:
    """A client of one of Google's servers. Addresses and bodies are in no log and no error: they hold the key and people's homes."""

    def __init__(self, base_url: str, key: SecretStr) -> None:
        self.key = key
        # No redirects: the key goes where it was told to, and nowhere else. The caller limits the time.
        self._http = httpx.AsyncClient(base_url=base_url, follow_redirects=False, timeout=None)  # noqa: S113

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def request(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        """Send a request. Returns the status and the body, read as JSON.

        Raises Unreachable (also for any 5xx), RateLimited (429), InvalidResponse when it is no JSON.
        """
        try:
            response = await self._http.request(method, path, **options)
        except httpx.HTTPError as error:
            # Not `from error`: that holds the request, and so the key.
            raise Unreachable(type(error).__name__) from None
        if response.status_code >= 500:
            raise Unreachable(str(response.status_code))
        try:
            body = orjson.loads(response.content)
        except ValueError:
            if response.status_code == 429:
                raise RateLimited("429") from None
            raise InvalidResponse(f"{response.status_code} without JSON") from None
        return response.status_code, body


def parse_whole(value: Any, at_most: int = _MAX_S) -> int:
    """Read a number of seconds or metres, rounded. Raises InvalidResponse unless it can be one."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= at_most:
        raise InvalidResponse("no number")
    return round(value)
