"""A walker's blocks in time order, ready to be searched: what a span overlaps, and the ways from the visit before and to the one after."""

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime

from booking.model import Block, Gap, Place, TravelMode, Trip
from booking.travel_gaps import REACH


class Blocks:
    """The blocks of ONE walker, by their start. Raises ValueError if two overlap: the caller mixed walkers.

    mode: how the walker gets from one to the next.
    """

    def __init__(self, blocks: Sequence[Block], mode: TravelMode) -> None:
        if any(a.ends_at > b.starts_at for a, b in itertools.pairwise(blocks)):
            raise ValueError("blocks overlap: they are of different walkers")
        self._blocks = blocks
        self._mode = mode
        # No two overlap, so both are in order, and what overlaps a span lies in one stretch.
        self._starts = [block.starts_at for block in blocks]
        self._ends = [block.ends_at for block in blocks]

    def within(self, starts_at: datetime, ends_at: datetime) -> Sequence[Block]:
        """Return the blocks that overlap [starts_at, ends_at)."""
        return self._blocks[bisect_right(self._ends, starts_at) : bisect_left(self._starts, ends_at)]

    def around(self, starts_at: datetime, ends_at: datetime, place: Place) -> tuple[Sequence[Block], Sequence[Gap]]:
        """Return the blocks that overlap [starts_at, ends_at), and the ways from the visit before and to the visit after it, unless
        they are at the same place or far in time.
        """
        first, after = bisect_right(self._ends, starts_at), bisect_left(self._starts, ends_at)
        gaps = []
        # Whoever is free for so long before or after need not be looked at closer.
        if first and starts_at - self._ends[first - 1] <= REACH:
            visit = self._visit(first - 1, -1)
            if visit is not None and visit.place != place and starts_at - visit.ends_at <= REACH:
                assert visit.place
                trip = Trip(visit.place, place, visit.ends_at, self._mode)
                gaps.append(Gap((starts_at - visit.ends_at).total_seconds(), trip, to_here=True))
        if after < len(self._starts) and self._starts[after] - ends_at <= REACH:
            visit = self._visit(after, 1)
            if visit is not None and visit.place != place and visit.starts_at - ends_at <= REACH:
                assert visit.place
                trip = Trip(place, visit.place, ends_at, self._mode)
                gaps.append(Gap((visit.starts_at - ends_at).total_seconds(), trip, to_here=False))
        return self._blocks[first:after], gaps

    def _visit(self, index: int, step: int) -> Block | None:
        # Nobody has to be anywhere for time off: the way leads past it.
        while 0 <= index < len(self._blocks):
            block = self._blocks[index]
            if block.place is not None:
                return block
            index += step
        return None
