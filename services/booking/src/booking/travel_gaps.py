"""The ways between visits: which ones matter, and for which there is no time."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from booking.model import (
    Block,
    Conflict,
    Occurrence,
    Place,
    Reason,
    Severity,
    Surroundings,
    TravelTimes,
    Trip,
    Visit,
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
        self.blocks: Sequence[Block] = [block for block in calendar.blocks if block.place is not None]
        self._starts = [block.starts_at for block in self.blocks]
        self._ends = [block.ends_at for block in self.blocks]

    def gaps(self, starts_at: datetime, ends_at: datetime, place: Place) -> Iterator[Gap]:
        """Find the ways from the visit before and to the visit after, unless they are at the same place or far in time."""
        before = bisect_right(self._ends, starts_at) - 1
        if before >= 0:
            block = self.blocks[before]
            yield from self._gap(block.place, place, block.ends_at, starts_at, to_here=True)
        after = bisect_left(self._starts, ends_at)
        if after < len(self.blocks):
            block = self.blocks[after]
            yield from self._gap(place, block.place, ends_at, block.starts_at, to_here=False)

    def _gap(
        self, origin: Place | None, destination: Place | None, leaves: datetime, arrives: datetime, *, to_here: bool
    ) -> Iterator[Gap]:
        if origin is None or destination is None or origin == destination or arrives - leaves > REACH:
            return
        yield Gap((arrives - leaves).total_seconds(), Trip(origin, destination, leaves, self.mode), to_here)


def trips(occurrences: Sequence[Occurrence], visit: Visit, around: Surroundings) -> list[Trip]:
    """Return every way that the occurrences' travel times will be asked for, each once."""
    visits: dict[UUID, Visits] = {}
    found: dict[Trip, None] = {}
    for occurrence in occurrences:
        walker_id = occurrence.walker_id
        if walker_id not in visits:
            visits[walker_id] = Visits(around.calendars[walker_id])
        for gap in visits[walker_id].gaps(occurrence.starts_at, occurrence.ends_at, visit.place):
            found[gap.trip] = None
    return list(found)


def too_short(gap: Gap, travel: TravelTimes, walker_id: UUID) -> Conflict | None:
    """Judge a gap: hard when the way takes longer, or when a provider's figure and the buffer do not fit; a warning when an
    estimate and the buffer do not.
    """
    time = travel(gap.trip)
    if gap.seconds < time.duration_s or (not time.estimated and gap.seconds < time.duration_s + time.buffer_s):
        return Conflict(Reason.TRAVEL_TIME, Severity.HARD, _CANNOT[gap.to_here], walker_id)
    if gap.seconds < time.duration_s + time.buffer_s:
        return Conflict(Reason.TRAVEL_TIME, Severity.WARNING, _TIGHT[gap.to_here], walker_id)
    return None


_CANNOT = {True: "Walker cannot get here in time", False: "Walker cannot get to the next visit in time"}
_TIGHT = {True: "Little time for the walker to get here", False: "Little time for the walker to get to the next visit"}
