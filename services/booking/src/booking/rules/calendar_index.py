"""A walker's blocks in time order, ready to be searched: what a span overlaps, and the legs from the visit before and to the one after."""

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from booking.rules.model import REACH, Block, Gap, Place, TravelMode, Trip, Visit


class CalendarIndex:
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
        # Nobody has to be anywhere for time off: the leg leads past it. Before and from each place in the order, the nearest visit.
        self._visits_before = _nearest(blocks)
        self._visits_from = _nearest(blocks[::-1])[::-1]

    def within(self, starts_at: datetime, ends_at: datetime) -> Sequence[Block]:
        """Return the blocks that overlap [starts_at, ends_at)."""
        return self._blocks[bisect_right(self._ends, starts_at) : bisect_left(self._starts, ends_at)]

    def around(self, starts_at: datetime, ends_at: datetime, visit: Visit) -> tuple[Sequence[Block], Sequence[Gap]]:
        """Return the blocks that overlap [starts_at, ends_at), and the legs from the visit before and to the visit after it, unless
        these are at the same place or far in time.
        """
        first, after = bisect_right(self._ends, starts_at), bisect_left(self._starts, ends_at)
        return self._blocks[first:after], tuple(self._legs(first, after, starts_at, ends_at, visit))

    def leave_room(self, starts_at: datetime, ends_at: datetime, visit: Visit, enough: Callable[[Gap], bool]) -> bool:
        """Whether no block overlaps [starts_at, ends_at), and the legs to it and away from it are judged to have time enough."""
        first, after = bisect_right(self._ends, starts_at), bisect_left(self._starts, ends_at)
        return first >= after and all(map(enough, self._legs(first, after, starts_at, ends_at, visit)))

    def _legs(self, first: int, after: int, starts_at: datetime, ends_at: datetime, visit: Visit) -> Iterator[Gap]:
        # One at a time: the second leg is not looked at where the first has no time.
        if to_here := self._to_here(first, starts_at, visit.from_place):
            yield to_here
        if away := self._away(after, ends_at, visit.to_place):
            yield away

    def _to_here(self, index: int, starts_at: datetime, place: Place) -> Gap | None:
        visit = self._visits_before[index]
        if visit is None or visit.to_place is None or visit.to_place == place:
            return None
        gap = starts_at - visit.ends_at
        if gap > REACH:
            return None
        return Gap(gap.total_seconds(), Trip(visit.to_place, place, visit.ends_at, self._mode), True, visit.id)

    def _away(self, index: int, ends_at: datetime, place: Place) -> Gap | None:
        visit = self._visits_from[index]
        if visit is None or visit.from_place is None or visit.from_place == place:
            return None
        gap = visit.starts_at - ends_at
        if gap > REACH:
            return None
        return Gap(gap.total_seconds(), Trip(place, visit.from_place, ends_at, self._mode), False, visit.id)


def _nearest(blocks: Sequence[Block]) -> list[Block | None]:
    # The last block that is somewhere, before each of them and after all.
    last: Block | None = None
    found: list[Block | None] = [None]
    for block in blocks:
        last = last if block.from_place is None else block
        found.append(last)
    return found
