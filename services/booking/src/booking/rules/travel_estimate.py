"""How long a leg takes where no provider answers: the straight line, made longer, at a cautious speed."""

from functools import lru_cache
from math import asin, ceil, cos, radians, sin, sqrt

from booking.rules.model import Place, TravelMode, TravelTime, Trip

_EARTH_RADIUS_M = 6_371_008.8  # the mean radius, IUGG
_DETOUR = 1.3  # roads in cities are about a third longer than the straight line
_SPEED_M_PER_S = {  # door to door in a city, lights and parking included
    TravelMode.DRIVING: 25 / 3.6,
    TravelMode.TRANSIT: 16 / 3.6,
    TravelMode.BICYCLING: 14 / 3.6,
    TravelMode.WALKING: 4.8 / 3.6,
}


def distance_m(a: Place, b: Place) -> float:
    """Return the length of the straight line over the globe, in metres (haversine)."""
    half_lat, half_lng = radians(b.lat - a.lat) / 2, radians(b.lng - a.lng) / 2
    h = sin(half_lat) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(half_lng) ** 2
    return 2 * _EARTH_RADIUS_M * asin(min(1.0, sqrt(h)))


def at_worst(trip: Trip, buffer_s: int) -> TravelTime:
    """Say what no trip takes longer than, whatever the roads: thrice the estimate and a quarter of an hour."""
    return _figures(trip.origin, trip.destination, trip.mode, buffer_s)[1]


def estimate(trip: Trip, buffer_s: int) -> TravelTime:
    """Guess a trip's duration, rounded up to the minute. buffer_s: what comes on top, given on."""
    return _figures(trip.origin, trip.destination, trip.mode, buffer_s)[0]


@lru_cache(maxsize=10_000)  # a walker's places are few, and are asked for again and again
def _figures(origin: Place, destination: Place, mode: TravelMode, buffer_s: int) -> tuple[TravelTime, TravelTime]:
    seconds = distance_m(origin, destination) * _DETOUR / _SPEED_M_PER_S[mode]
    whole_minutes_s = ceil(seconds / 60) * 60
    worst = TravelTime(3 * whole_minutes_s + 900, buffer_s, estimated=False)
    return TravelTime(whole_minutes_s, buffer_s, estimated=True), worst
