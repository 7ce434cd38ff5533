"""When trips are alike, and when to ask for them. All in wall-clock time: that is what traffic follows."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from travel.model import Departure, Slot, Trip, WeekdayClass

_WEEK = timedelta(days=7)
_MARGIN = timedelta(minutes=1)  # a departure must still lie ahead when the question arrives
_CLASSES = (*[WeekdayClass.WEEKDAY] * 5, WeekdayClass.SATURDAY, WeekdayClass.SUNDAY)


def slot_of(trip: Trip, time_zone: str) -> Slot:
    """Say what a trip's travel time is known for. time_zone: IANA, the asking organization's."""
    return Slot(trip.mode, trip.origin, trip.destination, _departure(trip.depart_at, time_zone))


@lru_cache(maxsize=20_000)  # a series asks for the same few instants again and again
def _departure(at: datetime, time_zone: str) -> Departure:
    local = at.astimezone(ZoneInfo(time_zone))
    return Departure(_CLASSES[local.weekday()], local.hour, time_zone)


def ask_for(depart_at: datetime, time_zone: str, now: datetime, horizon: timedelta) -> datetime:
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
