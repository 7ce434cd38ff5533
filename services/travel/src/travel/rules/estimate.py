"""How long a trip takes when nobody knows the roads: the straight line, made longer, at a cautious speed."""

from math import asin, ceil, cos, radians, sin, sqrt

from travel.rules.model import FallbackReason, Mode, Place, Source, TripTime

_EARTH_RADIUS_M = 6_371_008.8  # the mean radius, IUGG
DETOUR = 1.3  # roads in cities are about a third longer than the straight line
SPEED_M_PER_S = {  # door to door in a city, lights and parking included
    Mode.DRIVING: 25 / 3.6,
    Mode.TRANSIT: 16 / 3.6,
    Mode.BICYCLING: 14 / 3.6,
    Mode.WALKING: 4.8 / 3.6,
}


def distance_m(a: Place, b: Place) -> float:
    """Return the length of the straight line over the globe, in metres (haversine)."""
    half_lat, half_lng = radians(b.lat - a.lat) / 2, radians(b.lng - a.lng) / 2
    h = sin(half_lat) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(half_lng) ** 2
    return 2 * _EARTH_RADIUS_M * asin(min(1.0, sqrt(h)))


def estimate(origin: Place, destination: Place, mode: Mode, reason: FallbackReason | None = None) -> TripTime:
    """Guess a trip: its duration rounded up to the minute. reason: why nobody knows better."""
    way_m = distance_m(origin, destination) * DETOUR
    return TripTime(ceil(way_m / SPEED_M_PER_S[mode] / 60) * 60, round(way_m), Source.ESTIMATE, reason)
