"""What stands in the way of an occurrence. Every reason is found, not only the first. Spans are half-open."""

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter
from uuid import UUID

from booking.hours import Roster
from booking.model import (
    Assessed,
    Block,
    Conflict,
    Occurrence,
    Outcome,
    OwnBooking,
    Reason,
    Severity,
    Surroundings,
    TravelTimes,
    Visit,
    WalkerCalendar,
)
from booking.recurrence import midnight
from booking.travel_gaps import Gap, Visits, too_short

_TAKEN = "Walker unavailable"
_OWN = "Existing booking"
_OFF = "Walker is off"
_CLOSED = "Outside the walker's hours"
_INACTIVE = "Walker takes no bookings"


def overlaps(wanted: Sequence[Occurrence], blocks: Sequence[Block]) -> dict[Occurrence, list[Block]]:
    """Find, for every wanted occurrence, the walker's blocks that it overlaps.

    Spans are half-open, so 09:00-10:00 and 10:00-11:00 do not overlap.
    wanted: n occurrences in time order.
    blocks: m blocks of ONE walker in time order, no two overlapping.
    Returns only the occurrences that overlap something; O(n log m + hits).
    Raises ValueError if two blocks overlap: the caller mixed walkers.
    """
    search = _Blocks(blocks)
    found = ((occurrence, search.within(occurrence.starts_at, occurrence.ends_at)) for occurrence in wanted)
    return {occurrence: list(hits) for occurrence, hits in found if hits}


class _Blocks:
    def __init__(self, blocks: Sequence[Block]) -> None:
        if any(a.ends_at > b.starts_at for a, b in itertools.pairwise(blocks)):
            raise ValueError("blocks overlap: they are of different walkers")
        self._blocks = blocks
        self._starts = [block.starts_at for block in blocks]
        self._ends = [block.ends_at for block in blocks]

    def taken(self, starts_at: datetime, ends_at: datetime) -> bool:
        return bisect_right(self._ends, starts_at) < bisect_left(self._starts, ends_at)

    def within(self, starts_at: datetime, ends_at: datetime) -> Sequence[Block]:
        # No two overlap, so both ends are in order, and what overlaps lies in one stretch.
        return self._blocks[bisect_right(self._ends, starts_at) : bisect_left(self._starts, ends_at)]


class Walker:
    """One walker's calendar, prepared for many questions."""

    def __init__(self, calendar: WalkerCalendar, around: Surroundings) -> None:
        self.calendar = calendar
        self._blocks = _Blocks(calendar.blocks)
        self.visits = Visits(calendar)
        self._zone = around.zone
        self._roster = Roster(calendar.hours, around.zone)
        self._own = {own.block_id for own in around.own}

    def free(self, starts_at: datetime, ends_at: datetime, day: date, visit: Visit, travel: TravelTimes) -> bool:
        """Whether nothing at all keeps this walker from a visit: `in_the_way` finds nothing, and this says so sooner.

        day: the local date of starts_at.
        """
        if self._blocks.taken(starts_at, ends_at) or not self.calendar.active or not self.calendar.hours:
            return False
        if not self._roster.covers(starts_at, ends_at, day):
            return False
        for gap in self.visits.gaps(starts_at, ends_at, visit.place):  # noqa: SIM110 - a generator takes twice the time
            if too_short(gap, travel, self.calendar.id):
                return False
        return True

    def day_span(self, day: date) -> tuple[datetime, datetime]:
        """Return the first instants of a local date and of the one after it."""
        return midnight(day, self._zone), midnight(day + timedelta(days=1), self._zone)

    def in_the_way(self, starts_at: datetime, ends_at: datetime, visit: Visit, travel: TravelTimes) -> list[Conflict]:
        """Find everything that keeps this walker from a visit, each reason and message once."""
        walker_id = self.calendar.id
        found: list[Conflict] = []
        hits = self._blocks.within(starts_at, ends_at)
        for block in hits:
            if block.kind == "time_off":
                found.append(Conflict(Reason.BLOCK, Severity.HARD, _OFF, walker_id))
            else:
                words = _OWN if block.id in self._own else _TAKEN
                found.append(Conflict(Reason.OVERLAP, Severity.HARD, words, walker_id))
        if not self.calendar.active or not self.calendar.hours:
            found.append(Conflict(Reason.BLOCK, Severity.HARD, _INACTIVE, walker_id))
        elif not self._roster.covers(starts_at, ends_at):
            found.append(Conflict(Reason.BLOCK, Severity.HARD, _CLOSED, walker_id))
        for gap in self.visits.gaps(starts_at, ends_at, visit.place):
            short = too_short(gap, travel, walker_id)
            if short:
                found.append(short)
        return list(dict.fromkeys(found)) if len(found) > 1 else found


class Dogs:
    """Where the customer's dogs are already."""

    def __init__(self, visit: Visit, own: Sequence[OwnBooking]) -> None:
        self._visit = visit
        self._own = sorted(own, key=attrgetter("starts_at"))
        self._starts = [one.starts_at for one in self._own]
        self._longest = max((one.ends_at - one.starts_at for one in self._own), default=None)

    def in_the_way(self, starts_at: datetime, ends_at: datetime) -> tuple[bool, bool]:
        """Say whether a dog is out at that time, and whether this very service is booked at this very start."""
        busy = duplicate = False
        for own in self._near(starts_at, ends_at):
            if own.starts_at < ends_at and own.ends_at > starts_at:
                busy = busy or not self._visit.dog_ids.isdisjoint(own.dog_ids)
            duplicate = duplicate or (own.starts_at == starts_at and own.service_id == self._visit.service_id)
        return busy, duplicate

    def _near(self, starts_at: datetime, ends_at: datetime) -> Iterator[OwnBooking]:
        if self._longest is None:
            return
        index = bisect_left(self._starts, starts_at - self._longest)
        while index < len(self._own) and self._starts[index] < ends_at:
            yield self._own[index]
            index += 1


class Calendars:
    """What stands around a visit, prepared for many questions: each walker's calendar once, when it is first asked for."""

    def __init__(self, visit: Visit, around: Surroundings) -> None:
        self.visit = visit
        self.around = around
        self.dogs = Dogs(visit, around.own)
        self._walkers: dict[UUID, Walker] = {}

    def walker(self, walker_id: UUID) -> Walker:
        """Return one walker's calendar. Raises KeyError for a walker who was not read."""
        walker = self._walkers.get(walker_id)
        if walker is None:
            walker = self._walkers[walker_id] = Walker(self.around.calendars[walker_id], self.around)
        return walker


def assess(occurrences: Sequence[Occurrence], calendars: Calendars, travel: TravelTimes) -> list[Assessed]:
    """Find everything that speaks against each occurrence; the same order, without alternatives.

    occurrences: in time order; their walkers are in `calendars.around`.
    """
    assessed: list[Assessed] = []
    busy_until: datetime | None = None
    for occurrence in occurrences:
        found = against(occurrence, calendars.walker(occurrence.walker_id), calendars.dogs, calendars.visit, travel)
        if busy_until is not None and occurrence.starts_at < busy_until:
            # The dogs are still out on the walk before.
            found = _with_own(found, Conflict(Reason.OVERLAP, Severity.HARD, _OWN, occurrence.walker_id))
        if occurrence.shifted:
            found = [*found, _clocks_change(occurrence, calendars.around)]
        one = Assessed(occurrence, tuple(sorted(found, key=_hard_first)) if len(found) > 1 else tuple(found))
        if one.outcome is not Outcome.CONFLICT:
            busy_until = occurrence.ends_at
        assessed.append(one)
    return assessed


def gaps(assessed: Sequence[Assessed], calendars: Calendars) -> list[Gap]:
    """Return the gaps beside every occurrence that nothing else forbids, and beside what is offered in place of the others."""
    found: list[Gap] = []
    place = calendars.visit.place
    lasts = timedelta(minutes=calendars.visit.duration_minutes)
    for one in assessed:
        wanted = one.occurrence
        if all(
            conflict.reason is Reason.TRAVEL_TIME or conflict.severity is not Severity.HARD
            for conflict in one.conflicts
        ):
            found += calendars.walker(wanted.walker_id).visits.gaps(wanted.starts_at, wanted.ends_at, place)
        for other in one.alternatives:
            visits = calendars.walker(other.walker_id).visits
            found += visits.gaps(other.starts_at, other.starts_at + lasts, place)
    return found


def against(occurrence: Occurrence, walker: Walker, dogs: Dogs, visit: Visit, travel: TravelTimes) -> list[Conflict]:
    """Find what speaks against one occurrence: the walker's calendar, and the customer's own bookings."""
    found = walker.in_the_way(occurrence.starts_at, occurrence.ends_at, visit, travel)
    busy, duplicate = dogs.in_the_way(occurrence.starts_at, occurrence.ends_at)
    if not busy and not duplicate:
        return found
    alone = not busy and all(conflict.reason is not Reason.OVERLAP for conflict in found)
    return _with_own(found, Conflict(Reason.OVERLAP, Severity.HARD, _OWN, occurrence.walker_id, duplicate and alone))


def _with_own(found: list[Conflict], own: Conflict) -> list[Conflict]:
    if any(conflict.reason is Reason.OVERLAP and conflict.message == _OWN for conflict in found):
        return found
    return [own, *found]


def _clocks_change(occurrence: Occurrence, around: Surroundings) -> Conflict:
    local = occurrence.starts_at.astimezone(around.zone)
    words = f"The clocks change that night: this walk starts at {local:%H:%M}"
    return Conflict(Reason.BLOCK, Severity.WARNING, words, occurrence.walker_id)


def _hard_first(conflict: Conflict) -> bool:
    return conflict.severity is not Severity.HARD
