"""What somebody asks booking to book, and the starts that this means."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from booking.errors import NoOccurrences, TooManyOccurrences
from booking.rules.model import Place, Rule, Slot, Start
from booking.rules.recurrence import starts
from booking.settings import Settings
from chassis.problems import InvalidRequest
from chassis.tokens import Caller

_YEARS_AHEAD = 5


class Operation(StrEnum):
    """What a request is for. The first two are also the `type` of the metrics."""

    SINGLE = "single"
    RECURRING = "recurring"
    RESCHEDULE = "reschedule"
    RESTORE = "restore"

    @property
    def creates(self) -> bool:
        """Whether new bookings come of it."""
        return self in (Operation.SINGLE, Operation.RECURRING)


class ChosenStart(NamedTuple):
    """A start and a walker that the customer chose in place of the rule's on one date."""

    at: datetime
    walker_id: UUID


class KeptTerms(NamedTuple):
    """What a booking that exists keeps when it is moved or restored, whatever became of its service, location and dogs."""

    place: Place
    duration_minutes: int
    price_cents: int


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """Who asks for what to be booked, and for whom.

    actor: the account that asks; customer_id: whose bookings they become. The two differ where the office or a walker acts.
    walker_id: whose the rule is; None: any walker, which only a preview can ask.
    rule: gives the starts; or slots, in time order: the exact times of bookings that exist.
    accepted: the rule's dates that are wanted, None: all. chosen: by date of the rule.
    series_id: the series that a skipped date is booked into. booking_id: the booking that is moved.
    ignoring: blocks that the same change releases or takes again, each with its walker: they are in nobody's way.
    kept: None for new bookings, which are checked against the catalogue, the customer's dogs and locations.
    key: None where doing it twice does no more. now: the instant of the request, read once.
    """

    operation: Operation
    actor: Caller
    customer_id: UUID
    now: datetime
    service_id: UUID
    walker_id: UUID | None
    location_id: UUID
    dog_ids: tuple[UUID, ...]
    rule: Rule | None = None
    slots: tuple[Slot, ...] = ()
    accepted: tuple[date, ...] | None = None
    chosen: Mapping[date, ChosenStart] = field(default_factory=lambda: MappingProxyType({}))
    series_id: UUID | None = None
    booking_id: UUID | None = None
    ignoring: Mapping[UUID, UUID] = field(default_factory=lambda: MappingProxyType({}))
    kept: KeptTerms | None = None
    key: UUID | None = None

    @property
    def walkers(self) -> frozenset[UUID]:
        """Return every walker whose calendar the request may change."""
        named = {chosen.walker_id for chosen in self.chosen.values()} | {slot.walker_id for slot in self.slots}
        return frozenset(named | set(self.ignoring.values()) | ({self.walker_id} if self.walker_id else set()))

    @property
    def size(self) -> int:
        """Return how many bookings are asked for, as far as the request itself says."""
        if self.rule is None:
            return len(self.slots)
        return len(self.accepted) if self.accepted is not None else self.rule.count or 1

    @property
    def fingerprint(self) -> str:
        """Return what tells requests of one key apart: what was asked for, not who asked, when, or what stood there then."""
        asked = (
            self.operation.value,
            str(self.customer_id),
            self.series_id,
            self.booking_id,
            self.service_id,
            self.walker_id,
            self.location_id,
            self.dog_ids,
            self.rule,
            self.accepted,
            tuple(self.chosen.items()),
        )
        return FINGERPRINT + sha256(repr(asked).encode()).hexdigest()

    def walkers_on(self, starts: Sequence[Start]) -> list[UUID | None]:
        """Return the walker who is wanted at each start."""
        if self.slots:
            return [slot.walker_id for slot in self.slots]
        if not self.chosen:
            return [self.walker_id] * len(starts)
        chosen = (self.chosen.get(start.date) for start in starts)
        return [one.walker_id if one else self.walker_id for one in chosen]


# A fingerprint without it is of a version before fingerprints had one, and cannot be compared.
FINGERPRINT = "2:"


def expand(request: BookingRequest, zone: ZoneInfo, settings: Settings) -> list[Start]:
    """Return the starts of a request in order of their dates, with the chosen ones in place of the rule's.

    Raises InvalidRequest for a start in the past or a date that is not of the rule, NoOccurrences, TooManyOccurrences.
    """
    rule, now = request.rule, request.now
    if rule is None:
        return [Start(slot.date, slot.time, slot.starts_at, slot.shifted) for slot in request.slots]
    today = now.astimezone(zone).date()
    if rule.starts_on < today:
        raise InvalidRequest.field("starts_on", "This day has passed already. Choose today or a later day.")
    if rule.starts_on.year > today.year + _YEARS_AHEAD:
        raise InvalidRequest.field("starts_on", f"Choose a day within the next {_YEARS_AHEAD} years.")
    found = _bounded(rule, zone, settings)
    if not found:
        raise NoOccurrences.field(
            "until", "There is no walk between the first day and this one. Choose a later day, or other weekdays."
        )
    if request.accepted is not None or request.chosen:
        _check_dates(request, [start.date for start in found])
    if found[0].at <= now and found[0].date not in request.chosen:
        raise InvalidRequest.field(
            "start_time", "This time has passed already today. Choose a later one, or another day."
        )
    return _with_chosen(found, request, zone) if request.chosen else found


def _bounded(rule: Rule, zone: ZoneInfo, settings: Settings) -> list[Start]:
    most, months = settings.max_occurrences, settings.max_series_months
    ends = "until" if rule.count is None else "count"
    last = _after_months(rule.starts_on, months)
    if rule.count is not None and rule.count > most:
        raise TooManyOccurrences.field(ends, f"Book {most} walks at most in one go.")
    if rule.until is not None and rule.until > last:
        raise TooManyOccurrences.field(ends, f"Choose a day within {months} months of the first walk.")
    until = min(last, rule.until or last)
    found = list(islice(starts(replace(rule, until=until), zone), most + 1))
    if len(found) > most:
        raise TooManyOccurrences.field(ends, f"These are more than {most} walks. Book {most} at most in one go.")
    if rule.count is not None and len(found) < rule.count:
        raise TooManyOccurrences.field(
            ends, f"The last of these walks would be more than {months} months after the first. Book fewer."
        )
    return found


def _after_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    # The same day, or the month's last where it has none such.
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _check_dates(request: BookingRequest, dates: list[date]) -> None:
    of_the_rule = set(dates)
    accepted = request.accepted
    if accepted is not None and not accepted:
        raise NoOccurrences.field("accepted_dates", "Please choose at least one day.")
    for index, day in enumerate(accepted or ()):
        if day not in of_the_rule:
            raise InvalidRequest.field(
                f"accepted_dates.{index}", f"There is no walk of this series on {day:%-d %B %Y}."
            )
    for index, day in enumerate(request.chosen):
        if day not in of_the_rule:
            raise InvalidRequest.field(
                f"replacements.{index}.date", f"There is no walk of this series on {day:%-d %B %Y}."
            )
        if accepted is not None and day not in accepted:
            raise InvalidRequest.field(
                f"replacements.{index}.date",
                f"You chose a time for {day:%-d %B %Y} and left the day out. Please choose one of both.",
            )


def _with_chosen(found: Sequence[Start], request: BookingRequest, zone: ZoneInfo) -> list[Start]:
    chosen = [_chosen(start, request, zone) for start in found]
    if any(start.at <= request.now for start in chosen):
        raise InvalidRequest.field("replacements", "One of the chosen times has passed already. Please choose another.")
    return chosen


def _chosen(start: Start, request: BookingRequest, zone: ZoneInfo) -> Start:
    chosen = request.chosen.get(start.date)
    if chosen is None:
        return start
    local = chosen.at.astimezone(zone)
    if local.date() != start.date:
        raise InvalidRequest.field(
            "replacements", f"You chose a time on another day for {start.date:%-d %B %Y}. Please choose again."
        )
    return Start(start.date, local.time(), chosen.at, shifted=False)
