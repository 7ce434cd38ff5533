"""Google's Routes API: POST /distanceMatrix/v2:computeRouteMatrix. Facts as its documentation states them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import SecretStr

from travel.clients.google import GoogleClient, parse_whole
from travel.clients.provider import AccessDenied, Element, InvalidQuery, InvalidResponse, RateLimited, Unreachable
from travel.rules.batching import Matrix, MatrixLimits
from travel.rules.model import FallbackReason, Mode, Place, Source, TripTime

Traffic = Literal["TRAFFIC_AWARE", "TRAFFIC_AWARE_OPTIMAL"]
# Without `status` every element would look well.
_FIELDS = "originIndex,destinationIndex,status,condition,distanceMeters,duration"
_MODES = {Mode.DRIVING: "DRIVE", Mode.WALKING: "WALK", Mode.BICYCLING: "BICYCLE", Mode.TRANSIT: "TRANSIT"}
_MAX_M = 50_000_000
_NOT_FOUND = 5  # google.rpc.Code
_KEY = ("API_KEY_", "BILLING_", "SERVICE_DISABLED", "CONSUMER_", "ACCESS_", "PROJECT_")


class GoogleRoutes:
    """Elements come in any order, each with its own status. rest_s: how long to leave it alone when it refuses us."""

    source = Source.GOOGLE_ROUTES

    def __init__(self, base_url: str, key: SecretStr, traffic: Traffic, rest_s: float) -> None:
        self._client = GoogleClient(base_url, key)
        self._traffic = traffic
        self._rest_s = rest_s

    def limits(self, mode: Mode) -> MatrixLimits:
        """Return what one request may hold; coordinates are limited by elements alone."""
        few = mode is Mode.TRANSIT or (mode is Mode.DRIVING and self._traffic == "TRAFFIC_AWARE_OPTIMAL")
        return MatrixLimits(100, 100, 100) if few else MatrixLimits(625, 625, 625)

    def horizon(self, mode: Mode) -> timedelta:
        """Return how far ahead timetables, or predictions of traffic, reach."""
        return timedelta(days=90 if mode is Mode.TRANSIT else 730)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def fetch(self, mode: Mode, matrix: Matrix, depart_at: datetime) -> list[list[Element]]:
        """Fetch a matrix, as `Provider.fetch` says."""
        query: dict[str, Any] = {
            "origins": [_waypoint(place) for place in matrix.origins],
            "destinations": [_waypoint(place) for place in matrix.destinations],
            "travelMode": _MODES[mode],
        }
        if mode is Mode.DRIVING:  # with another mode this is an error
            query["routingPreference"] = self._traffic
        if mode in (Mode.DRIVING, Mode.TRANSIT):
            query["departureTime"] = f"{depart_at:%Y-%m-%dT%H:%M:%SZ}"
        headers = {"X-Goog-Api-Key": self._client.key.get_secret_value(), "X-Goog-FieldMask": _FIELDS}
        path = "/distanceMatrix/v2:computeRouteMatrix"
        status, body = await self._client.request("POST", path, json=query, headers=headers)
        error = _error(body)
        if error is not None or status != 200:
            raise self._failure(status, error or {})
        if not isinstance(body, list):
            raise InvalidResponse("no list")
        return _elements(body, matrix)

    def _failure(self, status: int, error: Mapping[str, Any]) -> Exception:
        code, details = str(error.get("status")), str(error.get("details"))
        if code in ("PERMISSION_DENIED", "UNAUTHENTICATED") or status in (401, 403):
            return AccessDenied(code, self._rest_s)
        if any(f"'{word}" in details for word in _KEY):
            # A wrong key is an INVALID_ARGUMENT, and only the details say so.
            return AccessDenied("API_KEY_INVALID", self._rest_s)
        if code == "RESOURCE_EXHAUSTED" or status == 429:
            return AccessDenied("DAILY_LIMIT", self._rest_s) if "PerDay" in details else RateLimited(code)
        if code in ("UNAVAILABLE", "INTERNAL", "DEADLINE_EXCEEDED", "UNKNOWN"):
            return Unreachable(code)
        if code in ("INVALID_ARGUMENT", "FAILED_PRECONDITION", "OUT_OF_RANGE"):
            return InvalidQuery(code)
        return InvalidResponse(f"status {status}")


def _waypoint(place: Place) -> dict[str, Any]:
    return {"waypoint": {"location": {"latLng": {"latitude": place.lat, "longitude": place.lng}}}}


def _error(body: Any) -> Mapping[str, Any] | None:
    # The method streams: its error may stand alone, or as the list's last item.
    items = body if isinstance(body, list) else [body]
    for item in items:
        if isinstance(item, dict) and isinstance(item.get("error"), dict):
            return dict(item["error"])
    return None


def _elements(body: list[Any], matrix: Matrix) -> list[list[Element]]:
    elements: list[list[Element]] = [[FallbackReason.BROKEN] * len(matrix.destinations) for _ in matrix.origins]
    for element in body:
        if not isinstance(element, dict):
            continue
        # JSON leaves zeros out.
        i, j = element.get("originIndex", 0), element.get("destinationIndex", 0)
        if type(i) is int and type(j) is int and 0 <= i < len(elements) and 0 <= j < len(matrix.destinations):
            elements[i][j] = _element(element)
    return elements


def _element(element: dict[str, Any]) -> Element:
    status = element.get("status") or {}
    code = status.get("code", 0) if isinstance(status, dict) else -1
    if code:
        return FallbackReason.NOT_FOUND if code == _NOT_FOUND else FallbackReason.BROKEN
    if element.get("condition") == "ROUTE_NOT_FOUND":
        return FallbackReason.NO_ROUTE
    try:
        duration = element["duration"]
        if not isinstance(duration, str) or not duration.endswith("s"):
            return FallbackReason.BROKEN
        seconds = parse_whole(float(duration[:-1]))
        return TripTime(seconds, parse_whole(element.get("distanceMeters", 0), _MAX_M), Source.GOOGLE_ROUTES)
    except (InvalidResponse, KeyError, ValueError):
        return FallbackReason.BROKEN
