"""How long trips take: all of them, in order and in time; by the provider where there is one, else by an estimate."""

from collections.abc import Sequence

from chassis import deadline
from chassis.problems import InvalidRequest, NotAllowed
from chassis.tokens import Caller
from travel import metrics
from travel.cache import TravelTimeCache
from travel.rules.estimate import estimate
from travel.rules.model import LookupResult, Trip
from travel.rules.traffic_slots import traffic_slot

CALLERS = ("booking",)
_YEARS = range(2000, 2101)


def check_may_ask(caller: Caller) -> None:
    """Raise NotAllowed for customers: what they ask for may cost their business money."""
    if not caller.is_staff and not (caller.role == "service" and caller.name in CALLERS):
        raise NotAllowed("Only walkers and the office ask for travel times.")


async def look_up(
    cache: TravelTimeCache | None, caller: Caller, trips: Sequence[Trip], budget_s: float
) -> list[LookupResult]:
    """Say how long each trip takes. cache: None where only estimates are wanted.

    Raises InvalidRequest that names a departure which cannot be meant.
    """
    _check_departures(trips)
    if cache is None:
        return [_estimated(trip) for trip in trips]
    slots = [traffic_slot(trip, caller.time_zone) for trip in trips]
    # A trip that stays in one place needs no provider.
    moving = {slot: trip for slot, trip in zip(slots, trips, strict=True) if trip.origin != trip.destination}
    found = await cache.find(moving, deadline.remaining_s(budget_s)) if moving else {}
    for result in found.values():
        if result.trip_time.reason is not None:
            metrics.fallbacks.labels(result.trip_time.reason.value).inc()
    return [found[slot] if slot in found else _estimated(trip) for slot, trip in zip(slots, trips, strict=True)]


def _check_departures(trips: Sequence[Trip]) -> None:
    for index, trip in enumerate(trips):
        if trip.depart_at.year not in _YEARS:
            raise InvalidRequest.field(
                f"trips.{index}.depart_at", "Please enter a day between the years 2000 and 2100."
            )


def _estimated(trip: Trip) -> LookupResult:
    return LookupResult(estimate(trip.origin, trip.destination, trip.mode), cached=False)
