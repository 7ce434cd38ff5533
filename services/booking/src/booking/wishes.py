"""What a customer wishes for, and what makes a wish impossible before any calendar is looked at."""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from booking.errors import AccountClosed, NoOccurrences, ServiceKindMismatch, TooManyOccurrences
from booking.rules.model import Rule, Start
from booking.rules.recurrence import starts
from booking.settings import Settings
from booking.store.plan import Answer
from chassis.problems import InvalidRequest

_YEARS_AHEAD = 5


class Replacement(NamedTuple):
    """A start and a walker that the customer chose in place of the rule's on one date."""

    at: datetime
    walker_id: UUID


@dataclass(frozen=True, slots=True)
class SeriesWish:
    """A rule and who, what and where. walker_id None: anybody, which only a preview can ask.

    accepted: the dates that are wanted, None for all of the rule. replacements: by date of the rule.
    """

    service_id: UUID
    walker_id: UUID | None
    location_id: UUID
    dog_ids: tuple[UUID, ...]
    rule: Rule
    accepted: tuple[date, ...] | None = None
    replacements: Mapping[date, Replacement] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def walkers(self) -> frozenset[UUID]:
        """Everybody whose calendar the wish is about."""
        named = {chosen.walker_id for chosen in self.replacements.values()}
        return frozenset(named | ({self.walker_id} if self.walker_id else set()))

    @property
    def size(self) -> int:
        """How many bookings are asked for, as far as the wish itself says."""
        return len(self.accepted) if self.accepted is not None else self.rule.count or 1

    def walkers_on(self, starts: Sequence[Start]) -> list[UUID | None]:
        """Return who is wanted at each start."""
        if not self.replacements:
            return [self.walker_id] * len(starts)
        chosen = (self.replacements.get(start.date) for start in starts)
        return [one.walker_id if one else self.walker_id for one in chosen]


def expand(wish: SeriesWish, zone: ZoneInfo, now: datetime, settings: Settings) -> list[Start]:
    """Return the starts of a wish in order of their dates, with the chosen ones in place of the rule's.

    Raises InvalidRequest for a start in the past or a date that is not of the rule, NoOccurrences, TooManyOccurrences.
    """
    rule = wish.rule
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
    if wish.accepted is not None or wish.replacements:
        _check_dates(wish, [start.date for start in found])
    if found[0].at <= now and found[0].date not in wish.replacements:
        raise InvalidRequest.field(
            "start_time", "This time has passed already today. Choose a later one, or another day."
        )
    return _replaced(found, wish, zone, now) if wish.replacements else found


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


def _check_dates(wish: SeriesWish, dates: list[date]) -> None:
    of_the_rule = set(dates)
    if wish.accepted is not None and not wish.accepted:
        raise NoOccurrences.field("accepted_dates", "Please choose at least one day.")
    for index, day in enumerate(wish.accepted or ()):
        if day not in of_the_rule:
            raise InvalidRequest.field(
                f"accepted_dates.{index}", f"There is no walk of this series on {day:%-d %B %Y}."
            )
    for index, day in enumerate(wish.replacements):
        if day not in of_the_rule:
            raise InvalidRequest.field(
                f"replacements.{index}.date", f"There is no walk of this series on {day:%-d %B %Y}."
            )
        if wish.accepted is not None and day not in wish.accepted:
            raise InvalidRequest.field(
                f"replacements.{index}.date",
                f"You chose a time for {day:%-d %B %Y} and left the day out. Please choose one of both.",
            )


def _replaced(found: Sequence[Start], wish: SeriesWish, zone: ZoneInfo, now: datetime) -> list[Start]:
    chosen = [_chosen(start, wish, zone) for start in found]
    if any(start.at <= now for start in chosen):
        raise InvalidRequest.field("replacements", "One of the chosen times has passed already. Please choose another.")
    return chosen


def _chosen(start: Start, wish: SeriesWish, zone: ZoneInfo) -> Start:
    chosen = wish.replacements.get(start.date)
    if chosen is None:
        return start
    local = chosen.at.astimezone(zone)
    if local.date() != start.date:
        raise InvalidRequest.field(
            "replacements", f"You chose a time on another day for {start.date:%-d %B %Y}. Please choose again."
        )
    return Start(start.date, local.time(), chosen.at, shifted=False)


def check(wish: SeriesWish, answer: Answer) -> None:
    """Refuse what the customer cannot have, every field at once. Raises AccountClosed, InvalidRequest, ServiceKindMismatch."""
    if not answer.customer.active:
        raise AccountClosed("Your account was closed. Please ask the office if you think that this is a mistake.")
    fields = [{"path": path, "message": message} for path, message in _wrong(wish, answer)]
    if fields:
        raise InvalidRequest.of(fields)
    if answer.service and answer.service.kind != "walk":
        raise ServiceKindMismatch.field(
            "service_id", "This is a group walk or a meet-and-greet, which is booked in another way."
        )


def _wrong(wish: SeriesWish, answer: Answer) -> Iterator[tuple[str, str]]:
    if answer.service is None or not answer.service.active:
        yield "service_id", "This is no longer offered. Please choose another service."
    if answer.place is None:
        yield "location_id", "This is not one of your addresses any more. Please choose another."
    for index, dog_id in enumerate(wish.dog_ids):
        if dog_id not in answer.dogs:
            yield f"dog_ids.{index}", "This is not one of your dogs any more. Please choose again."
    calendars = answer.around.calendars
    # Walkers are found with the service's starts: without the service there is nothing to say about them.
    if answer.service is None:
        return
    if wish.walker_id is None and not calendars:
        yield "walker_id", "Nobody takes bookings at the moment. Please ask the office."
    if wish.walker_id is not None and not _bookable(answer, wish.walker_id):
        yield "walker_id", "This person takes no bookings any more. Please choose somebody else."
    for index, chosen in enumerate(wish.replacements.values()):
        if not _bookable(answer, chosen.walker_id):
            yield (
                f"replacements.{index}.walker_id",
                "This person takes no bookings any more. Please choose somebody else.",
            )


def _bookable(answer: Answer, walker_id: UUID) -> bool:
    calendar = answer.around.calendars.get(walker_id)
    return calendar is not None and calendar.active
