"""The travel times that are at hand. Ways that are alike (the same places, kind of weekday and hour) take the same time."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from booking.rules.model import Place, TravelMode, TravelTime, Trip
from booking.rules.travel_estimate import at_worst, estimate

# As travel keeps its figures: asking for fifty Mondays at nine would be asking the same fifty times.
Alike = tuple[Place, Place, TravelMode, tuple[int, int]]


class KnownTravelTimes:
    """What travel has said, and our own estimates for the rest. zone: the organization's; buffer_s: what estimates leave on top."""

    def __init__(self, zone: ZoneInfo, buffer_s: int, known: Mapping[Alike, TravelTime] | None = None) -> None:
        self._zone = zone
        self._buffer_s = buffer_s
        self.known = dict(known or {})

    def __call__(self, trip: Trip) -> TravelTime:
        """Return what is known of a trip, or an estimate."""
        return (self.known.get(self.alike(trip)) if self.known else None) or estimate(trip, self._buffer_s)

    def surely(self, trip: Trip) -> TravelTime:
        """Return what is known of a trip, or the worst: then only a gap that is long enough for anything will do."""
        return self.known.get(self.alike(trip)) or self.at_worst(trip)

    def at_worst(self, trip: Trip) -> TravelTime:
        """Return what a trip never takes longer than."""
        return at_worst(trip, self._buffer_s)

    def unknown(self, trips: Iterable[Trip]) -> dict[Alike, Trip]:
        """Return one trip of each kind that nothing is known of."""
        found: dict[Alike, Trip] = {}
        for trip in trips:
            alike = self.alike(trip)
            if alike not in self.known:
                found.setdefault(alike, trip)
        return found

    def alike(self, trip: Trip) -> Alike:
        """Return what a trip shares with all that take the same time."""
        return trip.origin, trip.destination, trip.mode, _when(trip.depart_at, self._zone)


@lru_cache(maxsize=20_000)
def _when(at: datetime, zone: ZoneInfo) -> tuple[int, int]:
    local = at.astimezone(zone)
    return max(0, local.weekday() - 4), local.hour
