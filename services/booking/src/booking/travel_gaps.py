"""The ways between visits: which ones matter, and for which there is no time."""

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from booking.model import (
    Conflict,
    Place,
    Reason,
    Severity,
    TravelMode,
    TravelTimes,
    Trip,
    WalkerCalendar,
)

REACH = timedelta(hours=2)  # nobody drives longer than this between two walks of one business


class Gap(NamedTuple):
    """The time between two visits of a walker, and the way between them. `to_here`: towards the wanted visit."""

    seconds: float
    trip: Trip
    to_here: bool


class Visits:
    """A walker's blocks that are somewhere, in time order, ready to be searched."""

    def __init__(self, calendar: WalkerCalendar) -> None:
        self.mode = calendar.travel_mode
        somewhere = [
            (block.place, block.starts_at, block.ends_at) for block in calendar.blocks if block.place is not None
        ]
        self._places = [place for place, _, _ in somewhere]
        self._starts = [starts_at for _, starts_at, _ in somewhere]
        self._ends = [ends_at for _, _, ends_at in somewhere]

    def gaps(self, starts_at: datetime, ends_at: datetime, place: Place) -> list[Gap]:
        """Find the ways from the visit before and to the visit after, unless they are at the same place or far in time."""
        found = []
        before = bisect_right(self._ends, starts_at) - 1
        if before >= 0 and self._places[before] != place:
            left = self._ends[before]
            if starts_at - left <= REACH:
                trip = Trip(self._places[before], place, left, self.mode)
                found.append(Gap((starts_at - left).total_seconds(), trip, to_here=True))
        after = bisect_left(self._starts, ends_at)
        if after < len(self._places) and self._places[after] != place:
            needed = self._starts[after]
            if needed - ends_at <= REACH:
                trip = Trip(place, self._places[after], ends_at, self.mode)
                found.append(Gap((needed - ends_at).total_seconds(), trip, to_here=False))
        return found


def between(blocks: Sequence[tuple[datetime, datetime, Place | None]], mode: TravelMode) -> dict[int, Gap]:
    """Find the gaps that a walker travels in, by the index of the block before each.

    blocks: start, end and place of each, in time order. Time off, which is nowhere, stands between no two places.
    """
    found: dict[int, Gap] = {}
    for index, ((_, left, here), (needed, _, there)) in enumerate(itertools.pairwise(blocks)):
        if here is not None and there is not None and here != there and needed - left <= REACH:
            found[index] = Gap((needed - left).total_seconds(), Trip(here, there, left, mode), to_here=True)
    return found


def matters(gap: Gap, at_worst: TravelTimes) -> bool:
    """Whether a gap is short enough to ask somebody who knows the roads: each question costs money."""
    time = at_worst(gap.trip)
    return gap.seconds < time.duration_s + time.buffer_s


def too_short(gap: Gap, travel: TravelTimes, walker_id: UUID) -> Conflict | None:
    """Judge a gap: hard when the way takes longer, or when a provider's figure and the buffer do not fit; a warning when an
    estimate and the buffer do not.
    """
    time = travel(gap.trip)
    if gap.seconds < time.duration_s or (not time.estimated and gap.seconds < time.duration_s + time.buffer_s):
        return Conflict(Reason.TRAVEL_TIME, Severity.HARD, _CANNOT[gap.to_here], walker_id, estimated=time.estimated)
    if gap.seconds < time.duration_s + time.buffer_s:
        return Conflict(Reason.TRAVEL_TIME, Severity.WARNING, _TIGHT[gap.to_here], walker_id, estimated=time.estimated)
    return None


_CANNOT = {True: "Walker cannot get here in time", False: "Walker cannot get to the next visit in time"}
_TIGHT = {True: "Little time for the walker to get here", False: "Little time for the walker to get to the next visit"}
