"""Google's Distance Matrix API (legacy): GET /maps/api/distancematrix/json. Facts as its documentation states them."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr

from travel.google import Client, whole
from travel.matrices import Limits, Matrix
from travel.model import Figure, Mode, Reason, Source
from travel.provider import Broken, Cell, Invalid, Limited, NeedsOperator, Unreachable

_FAR_M = 50_000_000
_OF_A_CELL = {
    "ZERO_RESULTS": Reason.NO_ROUTE,
    "NOT_FOUND": Reason.NOT_FOUND,
    "MAX_ROUTE_LENGTH_EXCEEDED": Reason.TOO_LONG,
}


class GoogleDistanceMatrix:
    """25 origins or 25 destinations and 100 elements a request. rest_s: how long to leave it alone when it refuses us."""

    source = Source.GOOGLE_DISTANCE_MATRIX

    def __init__(self, base_url: str, key: SecretStr, rest_s: float) -> None:
        self._client = Client(base_url, key)
        self._rest_s = rest_s

    def limits(self, mode: Mode) -> Limits:  # noqa: ARG002 - the same for every mode
        """Return what one request may hold."""
        return Limits(25, 25, 100)

    def horizon(self, mode: Mode) -> timedelta:
        """Return how far ahead timetables, or predictions of traffic, reach."""
        return timedelta(days=90 if mode is Mode.TRANSIT else 730)

    async def close(self) -> None:
        """Hang up."""
        await self._client.close()

    async def ask(self, mode: Mode, matrix: Matrix, depart_at: datetime) -> list[list[Cell]]:
        """Ask for a matrix, as `Provider.ask` says."""
        question = {
            "origins": "|".join(map(str, matrix.origins)),
            "destinations": "|".join(map(str, matrix.destinations)),
            "mode": mode.value,
            # This API takes its key in the address only.
            "key": self._client.key.get_secret_value(),
        }
        if mode in (Mode.DRIVING, Mode.TRANSIT):
            question["departure_time"] = str(int(depart_at.timestamp()))
        status, body = await self._client.ask("GET", "/maps/api/distancematrix/json", params=question)
        said = body.get("status") if isinstance(body, dict) else None
        if status != 200 or said != "OK":
            raise self._failure(status, said)
        return _cells(body, matrix)

    def _failure(self, status: int, said: Any) -> Exception:
        if said in ("REQUEST_DENIED", "OVER_DAILY_LIMIT"):
            return NeedsOperator(said, self._rest_s)
        if said == "OVER_QUERY_LIMIT" or status == 429:
            return Limited(said or "429")
        if said == "UNKNOWN_ERROR":
            return Unreachable(said)
        if said in ("INVALID_REQUEST", "MAX_ELEMENTS_EXCEEDED", "MAX_DIMENSIONS_EXCEEDED"):
            return Invalid(said)
        if status in (401, 403):
            return NeedsOperator(str(status), self._rest_s)
        return Broken(f"status {status}")


def _cells(body: dict[str, Any], matrix: Matrix) -> list[list[Cell]]:
    rows = body.get("rows")
    if not isinstance(rows, list):
        raise Broken("no rows")
    return [
        [_cell(_at(_at(rows, i, "elements"), j)) for j in range(len(matrix.destinations))]
        for i in range(len(matrix.origins))
    ]


def _at(of: Any, index: int, name: str | None = None) -> Any:
    # Whatever is missing or of another kind is None, and so a broken cell beside good ones.
    item = of[index] if isinstance(of, list) and index < len(of) else None
    if name is None:
        return item
    return item.get(name) if isinstance(item, dict) else None


def _cell(element: Any) -> Cell:
    said = element.get("status") if isinstance(element, dict) else None
    if said != "OK":
        return _OF_A_CELL.get(str(said), Reason.BROKEN)
    try:
        duration = element.get("duration_in_traffic") or element["duration"]
        return Figure(
            whole(duration["value"]), whole(element["distance"]["value"], _FAR_M), Source.GOOGLE_DISTANCE_MATRIX
        )
    except (Broken, KeyError, TypeError):
        return Reason.BROKEN
