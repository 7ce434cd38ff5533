"""What stands in the way of an occurrence. Every reason is found, not only the first. Spans are half-open."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter
from uuid import UUID

from booking.rules.calendar_index import CalendarIndex
from booking.rules.model import (
    Assessed,
    Block,
    Cause,
    Conflict,
    Gap,
    Outcome,
    OwnBooking,
    Reason,
    Severity,
    Slot,
    Surroundings,
    TravelMode,
    TravelTimes,
    Visit,
    WalkerCalendar,
)
from booking.rules.recurrence import local_day
from booking.rules.travel_gaps import too_short
from booking.rules.working_hours import WorkingHours

_TAKEN = "Walker unavailable"
_OWN = "Existing booking"
_OFF = "Walker is off"
_CLOSED = "Outside the walker's hours"
_INACTIVE = "Walker takes no bookings"
_LEFT_OUT = "You left this date out"


def overlaps(wanted: Sequence[Slot], blocks: Sequence[Block]) -> dict[Slot, list[Block]]:
    """Find, for every wanted occurrence, the walker's blocks that it overlaps.

    Spans are half-open, so 09:00-10:00 and 10:00-11:00 do not overlap.
    wanted: n occurrences in time order.
    blocks: m blocks of ONE walker in time order, no two overlapping.
    Returns only the occurrences that overlap something; O(n log m + hits).
    Raises ValueError if two blocks overlap: the caller mixed walkers.
    """
    search = CalendarIndex(blocks, TravelMode.DRIVING)
    found = ((occurrence, search.within(occurrence.starts_at, occurrence.ends_at)) for occurrence in wanted)
    return {occurrence: list(hits) for occurrence, hits in found if hits}


class WalkerAvailability:
    """One walker's calendar, prepared for many questions."""

    def __init__(self, calendar: WalkerCalendar, around: Surroundings) -> None:
        self.calendar = calendar
        self.blocks = CalendarIndex(calendar.blocks, calendar.travel_mode)
        self._bookable = calendar.active and bool(calendar.hours)
        self._zone = around.zone
        self._hours = WorkingHours(calendar.hours, around.zone)
        self._own = {own.block_id.int: own for own in around.own}

    def free(
        self, starts_at: datetime, ends_at: datetime, day: date, visit: Visit, enough: Callable[[Gap], bool]
    ) -> bool:
        """Whether nothing at all keeps this walker from a visit: `in_the_way` finds nothing, and this says so sooner.

        day: the local date of starts_at. enough: whether a gap has time for its leg.
        """
        return (
            self._bookable
            and self._hours.covers(starts_at, ends_at, day)
            and self.blocks.leave_room(starts_at, ends_at, visit, enough)
        )

    def day_span(self, day: date) -> tuple[datetime, datetime]:
        """Return the first instants of a local date and of the one after it."""
        known = local_day(day, self._zone)
        return known.begins, known.ends

    def in_the_way(
        self, starts_at: datetime, ends_at: datetime, visit: Visit, travel: TravelTimes, day: date | None = None
    ) -> tuple[list[Conflict], Sequence[Gap]]:
        """Find everything that keeps this walker from a visit, each reason and message once, and the legs to it and away from it.

        day: the local date of starts_at, where it is known.
        """
        walker_id = self.calendar.id
        taken, gaps = self.blocks.around(starts_at, ends_at, visit)
        found = [self._taken(block) for block in taken] if taken else []
        if not self._bookable:
            found.append(Conflict(Reason.BLOCK, Cause.INACTIVE, Severity.HARD, _INACTIVE, walker_id))
        elif not self._hours.covers(starts_at, ends_at, day):
            cause = Cause.OUTSIDE_HOURS if self._hours.works_on(starts_at) else Cause.NOT_A_WORKING_DAY
            found.append(Conflict(Reason.BLOCK, cause, Severity.HARD, _CLOSED, walker_id))
        for gap in gaps:
            short = too_short(gap, travel, walker_id)
            if short:
                found.append(short)
        return (_each_once(found) if len(found) > 1 else found), gaps

    def _taken(self, block: Block) -> Conflict:
        walker_id = self.calendar.id
        if block.kind == "time_off":
            return Conflict(Reason.BLOCK, Cause.TIME_OFF, Severity.HARD, _OFF, walker_id, block_id=block.id)
        own = self._own.get(block.id.int)
        if own:
            return Conflict(
                Reason.OVERLAP, Cause.OWN_BOOKING, Severity.HARD, _OWN, walker_id, own=own, block_id=block.id
            )
        return Conflict(Reason.OVERLAP, Cause.ANOTHER_WALK, Severity.HARD, _TAKEN, walker_id, block_id=block.id)


def _each_once(found: Sequence[Conflict]) -> list[Conflict]:
    # The first of those that a reader could not tell apart: of two walks in the way one is named.
    first: dict[tuple[Reason, Severity, str], Conflict] = {}
    for conflict in found:
        first.setdefault((conflict.reason, conflict.severity, conflict.message), conflict)
    return list(first.values())


class DogAvailability:
    """Where the customer's dogs are already."""

    def __init__(self, visit: Visit, own: Sequence[OwnBooking]) -> None:
        self._visit = visit
        self._own = sorted(own, key=attrgetter("starts_at"))
        self._starts = [one.starts_at for one in self._own]
        self._longest = max((one.ends_at - one.starts_at for one in self._own), default=None)

    def in_the_way(self, starts_at: datetime, ends_at: datetime) -> tuple[OwnBooking | None, OwnBooking | None]:
        """Return the first booking with which a dog is out at that time, and the one of this very service at this very start."""
        busy: OwnBooking | None = None
        duplicate: OwnBooking | None = None
        if not self._own:
            return busy, duplicate
        for own in self._near(starts_at, ends_at):
            overlaps_it = own.starts_at < ends_at and own.ends_at > starts_at
            if busy is None and overlaps_it and not self._visit.dog_ids.isdisjoint(own.dog_ids):
                busy = own
            if own.starts_at == starts_at and own.service_id == self._visit.service_id:
                duplicate = own
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
        self.dogs = DogAvailability(visit, around.own)
        # By the ids' numbers: a UUID is hashed in Python, for every occurrence.
        self._walkers: dict[int, WalkerAvailability] = {}

    def walker(self, walker_id: UUID) -> WalkerAvailability:
        """Return one walker's calendar. Raises KeyError for a walker who was not read."""
        walker = self._walkers.get(walker_id.int)
        if walker is None:
            walker = self._walkers[walker_id.int] = WalkerAvailability(self.around.calendars[walker_id], self.around)
        return walker


def assess(occurrences: Sequence[Slot], calendars: Calendars, travel: TravelTimes) -> list[Assessed]:
    """Find everything that speaks against each occurrence; the same order, without alternatives.

    occurrences: in time order; their walkers are in `calendars.around`.
    """
    assessed: list[Assessed] = []
    busy_until: datetime | None = None
    for occurrence in occurrences:
        found, gaps = _against(occurrence, calendars, travel)
        if busy_until is not None and occurrence.starts_at < busy_until:
            # The dogs are still out on the walk before.
            same = Conflict(Reason.OVERLAP, Cause.SAME_SERIES, Severity.HARD, _OWN, occurrence.walker_id)
            found = _with_own(found, same)
        if occurrence.shifted:
            found = [*found, _clocks_change(occurrence, calendars.around)]
        one = _assessed(occurrence, found, gaps)
        if one.outcome is not Outcome.CONFLICT:
            busy_until = occurrence.ends_at
        assessed.append(one)
    return assessed


def _against(occurrence: Slot, calendars: Calendars, travel: TravelTimes) -> tuple[list[Conflict], Sequence[Gap]]:
    # What the walker's calendar says against it, then the customer's own bookings.
    day, _, starts_at, ends_at, walker_id, shifted = occurrence
    walker = calendars.walker(walker_id)
    found, gaps = walker.in_the_way(starts_at, ends_at, calendars.visit, travel, None if shifted else day)
    busy, duplicate = calendars.dogs.in_the_way(starts_at, ends_at)
    own = busy or duplicate
    if own:
        alone = not busy and all(conflict.reason is not Reason.OVERLAP for conflict in found)
        mine = Conflict(
            Reason.OVERLAP, Cause.OWN_BOOKING, Severity.HARD, _OWN, walker_id, alone, own=own, block_id=own.block_id
        )
        found = _with_own(found, mine)
    return found, gaps


def _assessed(occurrence: Slot, found: Sequence[Conflict], gaps: Sequence[Gap]) -> Assessed:
    if not found:
        return Assessed(occurrence, Outcome.AVAILABLE, (), (), gaps)
    ordered = tuple(sorted(found, key=_hard_first))
    outcome = Outcome.CONFLICT if ordered[0].severity is Severity.HARD else Outcome.WARNING
    return Assessed(occurrence, outcome, ordered, (), gaps)


def gaps(assessed: Sequence[Assessed], calendars: Calendars) -> list[Gap]:
    """Return the gaps beside every occurrence that nothing else forbids, and beside what is offered in place of the others."""
    found: list[Gap] = []
    visit = calendars.visit
    lasts = timedelta(minutes=visit.duration_minutes)
    for one in assessed:
        if one.gaps and not any(_forbids_by_itself(conflict) for conflict in one.conflicts):
            found += one.gaps
        for other in one.alternatives:
            blocks = calendars.walker(other.walker_id).blocks
            found += blocks.around(other.starts_at, other.starts_at + lasts, visit)[1]
    return found


def _forbids_by_itself(conflict: Conflict) -> bool:
    return conflict.severity is Severity.HARD and conflict.reason is not Reason.TRAVEL_TIME


def _with_own(found: list[Conflict], own: Conflict) -> list[Conflict]:
    if any(conflict.reason is Reason.OVERLAP and conflict.message == _OWN for conflict in found):
        return found
    return [own, *found]


def _clocks_change(occurrence: Slot, around: Surroundings) -> Conflict:
    local = occurrence.starts_at.astimezone(around.zone)
    words = f"The clocks change that night: this walk starts at {local:%H:%M}"
    return Conflict(Reason.BLOCK, Cause.CLOCK_CHANGE, Severity.WARNING, words, occurrence.walker_id)


def left_out(assessed: Assessed) -> Assessed:
    """Say of a date that was not wanted that the customer left it out, unless it could not have been booked."""
    if assessed.outcome is Outcome.CONFLICT:
        return assessed
    walker_id = assessed.occurrence.walker_id
    said = Conflict(Reason.LEFT_OUT, Cause.LEFT_OUT, Severity.WARNING, _LEFT_OUT, walker_id)
    return assessed._replace(conflicts=(said, *assessed.conflicts))


def _hard_first(conflict: Conflict) -> bool:
    return conflict.severity is not Severity.HARD
