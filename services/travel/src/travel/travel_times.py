"""Answer how long trips take: in order, all of them, in time; by the provider where there is one, by an estimate otherwise."""

from collections.abc import Sequence

from chassis import deadline
from chassis.problems import InvalidRequest, NotAllowed
from chassis.tokens import Caller
from travel import watching
from travel.estimate import estimate
from travel.figures import Figures
from travel.model import Answer, Trip
from travel.slots import slot_of

CALLERS = ("booking",)
_YEARS = range(2000, 2101)


def check_may_ask(who: Caller) -> None:
    """Raise NotAllowed for customers: what they ask for may cost their business money."""
    if not who.is_staff and not (who.role == "service" and who.name in CALLERS):
        raise NotAllowed("Only walkers and the office ask for travel times.")


async def answer(figures: Figures | None, who: Caller, trips: Sequence[Trip], budget_s: float) -> list[Answer]:
    """Say how long each trip takes. figures: None where only estimates are wanted.

    Raises InvalidRequest that names a departure which cannot be meant.
    """
    for index, trip in enumerate(trips):
        if trip.depart_at.year not in _YEARS:
            raise InvalidRequest.field(
                f"trips.{index}.depart_at", "Please enter a day between the years 2000 and 2100."
            )
    if figures is None:
        return [_estimated(trip) for trip in trips]
    slots = [slot_of(trip, who.time_zone) for trip in trips]
    # Whoever stays in one place needs no provider to say so.
    moving = {slot: trip for slot, trip in zip(slots, trips, strict=True) if trip.origin != trip.destination}
    found = await figures.find(moving, deadline.remaining_s(budget_s)) if moving else {}
    for known in found.values():
        if known.figure.reason is not None:
            watching.fallbacks.labels(known.figure.reason.value).inc()
    return [found[slot] if slot in found else _estimated(trip) for slot, trip in zip(slots, trips, strict=True)]


def _estimated(trip: Trip) -> Answer:
    return Answer(estimate(trip.origin, trip.destination, trip.mode), cached=False)
