"""What both of Google's APIs have in common: one client that never shows the key, and numbers that may be wrong."""

from typing import Any

import httpx
import orjson
from pydantic import SecretStr

from travel.provider import Broken, Limited, Unreachable

_LONGEST_S = 10 * 24 * 3600


class Client:
    """Asks one of Google's servers. Neither addresses nor bodies are logged or put into errors: they hold the key and people's homes."""

    def __init__(self, base_url: str, key: SecretStr) -> None:
        self.key = key
        # No redirects: the key goes where it was told to, and nowhere else. Times are limited by whoever asks.
        self._http = httpx.AsyncClient(base_url=base_url, follow_redirects=False, timeout=None)  # noqa: S113

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()

    async def ask(self, method: str, path: str, **what: Any) -> tuple[int, Any]:
        """Send a request. Returns the status and the body, read as JSON.

        Raises Unreachable (also for any 5xx), Limited (429), Broken when it is no JSON.
        """
        try:
            answer = await self._http.request(method, path, **what)
        except httpx.HTTPError as error:
            # Not `from error`: that holds the request, and so the key.
            raise Unreachable(type(error).__name__) from None
        if answer.status_code >= 500:
            raise Unreachable(str(answer.status_code))
        try:
            body = orjson.loads(answer.content)
        except ValueError:
            if answer.status_code == 429:
                raise Limited("429") from None
            raise Broken(f"{answer.status_code} without JSON") from None
        return answer.status_code, body


def whole(value: Any, at_most: int = _LONGEST_S) -> int:
    """Read a number of seconds or metres, rounded. Raises Broken unless it can be one."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= at_most:
        raise Broken("no number")
    return round(value)
