"""Slots in which traffic is alike, and the departure to request for each. All in wall-clock time: that is what traffic follows."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from travel.rules.model import TimeBucket, TrafficSlot, Trip, WeekdayClass

_WEEK = timedelta(days=7)
_MARGIN = timedelta(minutes=1)  # a departure must still lie ahead when the question arrives
_CLASSES = (*[WeekdayClass.WEEKDAY] * 5, WeekdayClass.SATURDAY, WeekdayClass.SUNDAY)


def traffic_slot(trip: Trip, time_zone: str) -> TrafficSlot:
    """Return the slot of a trip. time_zone: IANA, the asking organization's."""
    return TrafficSlot(trip.mode, trip.origin, trip.destination, _bucket(trip.depart_at, time_zone))


@lru_cache(maxsize=20_000)  # a series asks for the same few instants again and again
def _bucket(at: datetime, time_zone: str) -> TimeBucket:
    local = at.astimezone(ZoneInfo(time_zone))
    return TimeBucket(_CLASSES[local.weekday()], local.hour, time_zone)


def departure_to_request(depart_at: datetime, time_zone: str, now: datetime, horizon: timedelta) -> datetime:
    """Return when to say that a trip departs: as it does, or at the next such weekday and time of day.

    Nobody predicts the past, and some not what lies beyond `horizon`. Returns an instant in UTC, whole seconds, after `now`.
    """
    soonest = now + _MARGIN
    if soonest <= depart_at <= now + horizon:
        return depart_at.astimezone(UTC).replace(microsecond=0)
    zone = ZoneInfo(time_zone)
    local = depart_at.astimezone(zone)
    weeks = -(
        (depart_at - soonest) // _WEEK
    )  # as many as bring it just past `soonest`, or a week off where the clocks changed
    for shift in (weeks - 1, weeks, weeks + 1):
        moved = (local + shift * _WEEK).replace(microsecond=0).astimezone(UTC)
        if moved >= soonest:
            return moved
    raise AssertionError("a week later is later")
