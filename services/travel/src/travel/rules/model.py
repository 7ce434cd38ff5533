"""The nouns of travel. Durations are whole seconds, distances whole metres, instants aware."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Mode(StrEnum):
    """How somebody travels."""

    DRIVING = "driving"
    WALKING = "walking"
    BICYCLING = "bicycling"
    TRANSIT = "transit"


class Source(StrEnum):
    """Who says how long a trip takes."""

    GOOGLE_ROUTES = "google_routes"
    GOOGLE_DISTANCE_MATRIX = "google_distance_matrix"
    ESTIMATE = "estimate"


class WeekdayClass(StrEnum):
    """Days whose traffic is alike."""

    WEEKDAY = "weekday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class FallbackReason(StrEnum):
    """Why a trip was estimated although there is a provider.

    The first three are what the provider knows of the trip, and stay true; the others are about the asking, and pass.
    """

    NO_ROUTE = "no_route"
    NOT_FOUND = "not_found"
    TOO_LONG = "too_long"
    AWAY = "away"
    SLOW = "slow"
    BROKEN = "broken"
    LIMIT = "limit"
    REFUSED = "refused"
    INVALID = "invalid"
    OPEN = "open"

    @property
    def is_permanent(self) -> bool:
        """Whether another request soon would find the same."""
        return self in (FallbackReason.NO_ROUTE, FallbackReason.NOT_FOUND, FallbackReason.TOO_LONG)


class Place(NamedTuple):
    """WGS 84 degrees, with five decimals: a metre."""

    lat: float
    lng: float

    def __str__(self) -> str:
        """Write it as Google and our cache do: `51.50740,-0.12780`."""
        return f"{self.lat:.5f},{self.lng:.5f}"


class Trip(NamedTuple):
    """A way to go at an instant."""

    origin: Place
    destination: Place
    depart_at: datetime
    mode: Mode


class TimeBucket(NamedTuple):
    """When trips are alike: a class of weekdays and an hour, on the wall clock of a time zone."""

    weekday_class: WeekdayClass
    hour: int
    time_zone: str


class TrafficSlot(NamedTuple):
    """What a travel time is known for: the way, with its direction, and when."""

    mode: Mode
    origin: Place
    destination: Place
    bucket: TimeBucket


class TripTime(NamedTuple):
    """How long a trip takes and how far it is. reason: why it is an estimate, None when nothing else was wanted."""

    duration_s: int
    distance_m: int
    source: Source
    reason: FallbackReason | None = None


class LookupResult(NamedTuple):
    """A trip\'s travel time; `cached`: it was known before the request."""

    trip_time: TripTime
    cached: bool
