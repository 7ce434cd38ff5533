"""Series over HTTP: preview and book."""

from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import AfterValidator, Field

from booking import series, skipped
from booking.api.booked import SkippedBooked
from booking.api.dependencies import Booking, Customer, Key
from booking.errors import (
    AccountClosed,
    BookingConflicts,
    DuplicateBooking,
    NoOccurrences,
    ServiceKindMismatch,
    TooManyOccurrences,
)
from booking.rules.model import Rule, Weekday
from booking.shown import SeriesCreated, SeriesPreview
from booking.wishes import Replacement, SeriesWish
from chassis.api_types import Id, Instant, Integer, LocalDate, LocalTime, RequestBody
from chassis.idempotency.errors import TAKES_A_KEY, KeyMissing
from chassis.idempotency.requests import send
from chassis.problems import InvalidRequest, MalformedRequest, NotFound, refusals
from chassis.responses import Json

router = APIRouter(tags=["series"])


def _each_once(values: list[object]) -> list[object]:
    if len(set(values)) < len(values):
        raise ValueError("Please choose each only once.")
    return values


DogIds = Annotated[
    list[Id], Field(min_length=1, max_length=10, description="Dogs of yours."), AfterValidator(_each_once)
]


class Chosen(RequestBody):
    """An alternative that is wanted in place of the rule's start on one date."""

    date: LocalDate
    scheduled_start: Instant
    walker_id: Id


class SeriesRequest(RequestBody):
    """A walk on every one of `weekdays`, every `interval_weeks` weeks, `count` times or until a date (inclusive)."""

    service_id: Id
    walker_id: Id | None = Field(default=None, description="Null asks a preview who fits best.")
    location_id: Id
    dog_ids: DogIds
    starts_on: LocalDate
    start_time: LocalTime
    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7), AfterValidator(_each_once)]
    interval_weeks: Annotated[Integer, Field(ge=1, le=52)] = 1
    count: Annotated[Integer, Field(ge=1)] | None = None
    until: LocalDate | None = None
    accepted_dates: Annotated[list[LocalDate], Field(max_length=1000), AfterValidator(_each_once)] | None = Field(
        default=None, description="Exactly these of the rule's dates; null asks for all of them."
    )
    replacements: Annotated[list[Chosen], Field(max_length=1000)] | None = None

    def wish(self) -> SeriesWish:
        """Understand the request. Raises InvalidRequest that names what does not fit together."""
        self._check()
        return SeriesWish(
            service_id=self.service_id,
            walker_id=self.walker_id,
            location_id=self.location_id,
            dog_ids=tuple(self.dog_ids),
            rule=Rule(
                starts_on=self.starts_on,
                start_time=self.start_time,
                weekdays=tuple(day for day in Weekday if day in self.weekdays),
                interval_weeks=self.interval_weeks,
                count=self.count,
                until=self.until,
            ),
            accepted=None if self.accepted_dates is None else tuple(sorted(self.accepted_dates)),
            replacements=MappingProxyType(
                {one.date: Replacement(one.scheduled_start, one.walker_id) for one in self.replacements or ()}
            ),
        )

    def _check(self) -> None:
        if (self.count is None) == (self.until is None):
            missing = self.count is None
            raise InvalidRequest.field(
                "until",
                "Please say how often, or on which day the walks end."
                if missing
                else "Please say how often, or on which day the walks end, not both.",
            )
        if self.until is not None and self.until < self.starts_on:
            raise InvalidRequest.field("until", "The last day is before the first. Please choose a later one.")
        if self.replacements:
            self._check_replacements()

    def _check_replacements(self) -> None:
        chosen = [one.date for one in self.replacements or ()]
        if self.accepted_dates is None:
            raise InvalidRequest.field(
                "accepted_dates", "Please say which days you want where you choose another time."
            )
        if len(set(chosen)) < len(chosen):
            raise InvalidRequest.field("replacements", "Please choose one time for each day.")


class Replacing(RequestBody):
    """The start and the walker that are wanted in place of the rule's, on that date."""

    scheduled_start: Instant
    walker_id: Id


class SkippedBooking(RequestBody):
    """How a skipped date shall be booked: as the rule says, or (`replacement`) at another time or with another walker."""

    replacement: Replacing | None = None

    def instead(self) -> Replacement | None:
        """Understand the request."""
        chosen = self.replacement
        return Replacement(chosen.scheduled_start, chosen.walker_id) if chosen else None


IMPOSSIBLE = (MalformedRequest, InvalidRequest, NoOccurrences, TooManyOccurrences, ServiceKindMismatch, AccountClosed)
BOOKS = (KeyMissing, *TAKES_A_KEY, BookingConflicts, DuplicateBooking)


@router.post("/series/preview", response_model=SeriesPreview, responses=refusals(*IMPOSSIBLE))
async def preview_series(wish: SeriesRequest, booking: Booking, who: Customer) -> Response:
    """Say what would become of every date of a rule, what would work instead, and what it would cost. Writes nothing."""
    return Json(await series.preview(*booking, wish.wish(), who))


@router.post("/series", status_code=201, response_model=SeriesCreated, responses=refusals(*IMPOSSIBLE, *BOOKS))
async def create_series(wish: SeriesRequest, key: Key, booking: Booking, who: Customer) -> Response:
    """Book every date of the rule, or exactly the accepted ones: all of them or nothing, once for a key."""
    return send(await series.create(*booking, wish.wish(), key, who))


@router.post(
    "/series/{series_id}/skipped/{date}/book",
    status_code=201,
    response_model=SkippedBooked,
    responses=refusals(NotFound, *IMPOSSIBLE, *BOOKS),
)
async def book_skipped_date(
    series_id: Id, date: LocalDate, key: Key, booking: Booking, who: Customer, wish: SkippedBooking | None = None
) -> Response:
    """Book a date that the series skipped, into the series, once for a key."""
    instead = wish.instead() if wish else None
    try:
        return send(await skipped.book(*booking, series_id, date, instead, key, who))
    except InvalidRequest as refusal:
        raise _of_a_skipped_date(refusal) from refusal


def _of_a_skipped_date(refusal: InvalidRequest) -> InvalidRequest:
    # A rule of one date is named by that date here, and there is one replacement.
    renamed = refusal.renamed(
        {
            "starts_on": "date",
            "start_time": "date",
            "replacements": "replacement.scheduled_start",
            "replacements.0.walker_id": "replacement.walker_id",
        }
    )
    if any(field["path"] == "date" for field in renamed.extra["fields"]):
        return InvalidRequest.field("date", "This day has passed already. Choose a later one.")
    return renamed
