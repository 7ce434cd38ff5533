"""Google's Distance Matrix API (legacy): GET /maps/api/distancematrix/json. Facts as its documentation states them."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr

from travel.clients.google import GoogleClient, parse_whole
from travel.clients.provider import AccessDenied, Element, InvalidQuery, InvalidResponse, RateLimited, Unreachable
from travel.rules.batching import Matrix, MatrixLimits
from travel.rules.model import FallbackReason, Mode, Source, TripTime

_MAX_M = 50_000_000
_REASONS = {
    "ZERO_RESULTS": FallbackReason.NO_ROUTE,
    "NOT_FOUND": FallbackReason.NOT_FOUND,
    "MAX_ROUTE_LENGTH_EXCEEDED": FallbackReason.TOO_LONG,
}


class GoogleDistanceMatrix:
    """25 origins or 25 destinations and 100 elements a request. rest_s: how long to leave it alone when it refuses us."""

    source = Source.GOOGLE_DISTANCE_MATRIX

    def __init__(self, base_url: str, key: SecretStr, rest_s: float) -> None:
        self._client = GoogleClient(base_url, key)
        self._rest_s = rest_s

    def limits(self, mode: Mode) -> MatrixLimits:  # noqa: ARG002 - the same for every mode
        """Return what one request may hold."""
        return MatrixLimits(25, 25, 100)

    def horizon(self, mode: Mode) -> timedelta:
        """Return how far ahead timetables, or predictions of traffic, reach."""
        return timedelta(days=90 if mode is Mode.TRANSIT else 730)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def fetch(self, mode: Mode, matrix: Matrix, depart_at: datetime) -> list[list[Element]]:
        """Fetch a matrix, as `Provider.fetch` says."""
        query = {
            "origins": "|".join(map(str, matrix.origins)),
            "destinations": "|".join(map(str, matrix.destinations)),
            "mode": mode.value,
            # This API takes its key in the address only.
            "key": self._client.key.get_secret_value(),
        }
        if mode in (Mode.DRIVING, Mode.TRANSIT):
            query["departure_time"] = str(int(depart_at.timestamp()))
        status, body = await self._client.request("GET", "/maps/api/distancematrix/json", params=query)
        code = body.get("status") if isinstance(body, dict) else None
        if status != 200 or code != "OK":
            raise self._failure(status, code)
        return _elements(body, matrix)

    def _failure(self, status: int, code: Any) -> Exception:
        if code in ("REQUEST_DENIED", "OVER_DAILY_LIMIT"):
            return AccessDenied(code, self._rest_s)
        if code == "OVER_QUERY_LIMIT" or status == 429:
            return RateLimited(code or "429")
        if code == "UNKNOWN_ERROR":
            return Unreachable(code)
        if code in ("INVALID_REQUEST", "MAX_ELEMENTS_EXCEEDED", "MAX_DIMENSIONS_EXCEEDED"):
            return InvalidQuery(code)
        if status in (401, 403):
            return AccessDenied(str(status), self._rest_s)
        return InvalidResponse(f"status {status}")


def _elements(body: dict[str, Any], matrix: Matrix) -> list[list[Element]]:
    rows = body.get("rows")
    if not isinstance(rows, list):
        raise InvalidResponse("no rows")
    return [
        [_element(_at(_at(rows, i, "elements"), j)) for j in range(len(matrix.destinations))]
        for i in range(len(matrix.origins))
    ]


def _at(of: Any, index: int, name: str | None = None) -> Any:
    # Whatever is missing or of another kind is None, and so a broken cell beside good ones.
    item = of[index] if isinstance(of, list) and index < len(of) else None
    if name is None:
        return item
    return item.get(name) if isinstance(item, dict) else None


def _element(element: Any) -> Element:
    code = element.get("status") if isinstance(element, dict) else None
    if code != "OK":
        return _REASONS.get(str(code), FallbackReason.BROKEN)
    try:
        duration = element.get("duration_in_traffic") or element["duration"]
        return TripTime(
            parse_whole(duration["value"]),
            parse_whole(element["distance"]["value"], _MAX_M),
            Source.GOOGLE_DISTANCE_MATRIX,
        )
    except (InvalidResponse, KeyError, TypeError):
        return FallbackReason.BROKEN
