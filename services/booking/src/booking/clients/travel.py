"""The client of travel: one question for a whole series. Without travel booking goes on with its own estimates."""

from collections.abc import Mapping
from typing import Any, TypeVar

import orjson
from prometheus_client import Counter

from booking.rules.model import TravelTime, Trip
from booking.rules.travel_estimate import estimate
from chassis import logs
from chassis.http_client import ServiceClient
from chassis.issuer import TokenCache
from chassis.problems import Problem
from chassis.tokens import Caller
from chassis.tracing import tracer

_log = logs.get("travel")
_AT_ONCE = 1000  # as many as travel takes
_LONGEST_S = 10 * 24 * 3600
_SOURCES = {"google_routes": False, "google_distance_matrix": False, "estimate": True}  # and whether that is a guess
Key = TypeVar("Key")

answers = Counter("booking_travel_times_total", "Ways that were asked for, by who said how long they take.", ["source"])
for _source in ("travel", "own_estimate"):
    answers.labels(_source)


class Travel:
    """Asks travel. service: None where there is none; buffer_s: what our own estimates leave on top."""

    def __init__(self, service: ServiceClient | None, token_cache: TokenCache, buffer_s: int) -> None:
        self._service = service
        self._token_cache = token_cache
        self.buffer_s = buffer_s

    async def close(self) -> None:
        """Hang up."""
        if self._service:
            await self._service.close()

    async def times(self, trips: Mapping[Key, Trip], who: Caller) -> dict[Key, TravelTime]:
        """Say how long trips take, in one question. Never fails, and never takes two seconds: there is always an estimate."""
        with tracer.start_as_current_span("travel") as span:
            span.set_attribute("packwalk.trips", len(trips))
            asked = dict(list(trips.items())[:_AT_ONCE])
            found = await self._asked(asked, who) if self._service and asked else {}
            answers.labels("travel").inc(len(found))
            answers.labels("own_estimate").inc(len(trips) - len(found))
            span.set_attribute("packwalk.own_estimates", len(trips) - len(found))
            return {key: found.get(key) or estimate(trip, self.buffer_s) for key, trip in trips.items()}

    async def _asked(self, trips: Mapping[Key, Trip], who: Caller) -> dict[Key, TravelTime]:
        assert self._service
        body = {"trips": [_written(trip) for trip in trips.values()]}
        headers = self._token_cache.headers(who.through("booking"))
        try:
            answer = await self._service.request("POST", "/travel-times", headers, body)
            if not answer.is_success:
                raise ValueError(f"status {answer.status_code}")
            times = _read(orjson.loads(answer.content), len(trips))
        except Problem as problem:
            _log.warning("travel not reached: own estimates", problem=problem.type, trips=len(trips))
        except (ValueError, KeyError, TypeError) as error:
            _log.error("travel not understood: own estimates", error=type(error).__name__, trips=len(trips))
        else:
            return dict(zip(trips, times, strict=True))
        return {}


def _written(trip: Trip) -> dict[str, Any]:
    return {
        "origin": trip.origin._asdict(),
        "destination": trip.destination._asdict(),
        "depart_at": trip.depart_at.isoformat(),
        "mode": trip.mode.value,
    }


def _read(body: Any, expected: int) -> list[TravelTime]:
    found = [
        TravelTime(_whole(one["duration_seconds"]), _whole(one["buffer_seconds"]), _SOURCES[one["source"]])
        for one in body["trips"]
    ]
    if len(found) != expected:
        raise ValueError("as many answers as trips")
    return found


def _whole(seconds: Any) -> int:
    if type(seconds) is not int or not 0 <= seconds <= _LONGEST_S:
        raise ValueError("no seconds")
    return seconds
