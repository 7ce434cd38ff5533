"""Series over HTTP."""

from types import MappingProxyType
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AfterValidator, Field

from booking import clock, series
from booking.api.bookings import BOOKS, IMPOSSIBLE, DogIds, OnBehalfOf, each_once
from booking.api.dependencies import Booker, BookingResources, Customer, Db, Key, customer_of
from booking.api.schemas.series import (
    SeriesCancelled,
    SeriesCreated,
    SeriesList,
    SeriesPreview,
    SeriesRestored,
    SkippedBooked,
    WholeSeries,
)
from booking.booking_request import BookingRequest, ChosenStart, Operation
from booking.errors import BookingConflicts, NotRestorable
from booking.rules.model import Rule, Weekday
from chassis.api_types import (
    CursorText,
    Id,
    Instant,
    Integer,
    LocalDate,
    LocalTime,
    Note,
    PageSize,
    RequestBody,
    key_of,
)
from chassis.idempotency.requests import send
from chassis.problems import InvalidRequest, NotFound, refusals
from chassis.responses import Json
from chassis.tokens import Caller, SignedIn

router = APIRouter(tags=["series"])


class NewReplacement(RequestBody):
    """An alternative that is wanted in place of the rule's start on one date."""

    date: LocalDate
    scheduled_start: Instant
    walker_id: Id


class NewSeries(RequestBody):
    """A walk on every one of `weekdays`, every `interval_weeks` weeks, `count` times or until a date (inclusive)."""

    service_id: Id
    walker_id: Id | None = Field(default=None, description="Null asks a preview who fits best.")
    location_id: Id
    dog_ids: DogIds
    starts_on: LocalDate
    start_time: LocalTime
    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7), AfterValidator(each_once)]
    interval_weeks: Annotated[Integer, Field(ge=1, le=52)] = 1
    count: Annotated[Integer, Field(ge=1)] | None = None
    until: LocalDate | None = None
    accepted_dates: Annotated[list[LocalDate], Field(max_length=1000), AfterValidator(each_once)] | None = Field(
        default=None, description="Exactly these of the rule's dates; null asks for all of them."
    )
    replacements: Annotated[list[NewReplacement], Field(max_length=1000)] | None = None
    on_behalf_of: OnBehalfOf = None

    def request(self, who: Caller, key: UUID | None = None) -> BookingRequest:
        """Understand the body. Raises InvalidRequest that names what does not fit together."""
        self._check()
        return BookingRequest(
            operation=Operation.RECURRING,
            actor=who,
            customer_id=customer_of(who, self.on_behalf_of),
            now=clock.now(),
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
            chosen=MappingProxyType(
                {one.date: ChosenStart(one.scheduled_start, one.walker_id) for one in self.replacements or ()}
            ),
            key=key,
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


class SkippedReplacement(RequestBody):
    """The start and the walker that are wanted in place of the rule's, on that date."""

    scheduled_start: Instant
    walker_id: Id


class BookSkippedDate(RequestBody):
    """How a skipped date shall be booked: as the rule says, or (`replacement`) at another time or with another walker."""

    replacement: SkippedReplacement | None = None

    def instead(self) -> ChosenStart | None:
        """Understand the request."""
        chosen = self.replacement
        return ChosenStart(chosen.scheduled_start, chosen.walker_id) if chosen else None


class CancelSeries(RequestBody):
    """All that is still ahead, or what follows a date (inclusive)."""

    scope: Literal["all", "following"]
    from_: LocalDate | None = Field(default=None, alias="from")
    reason: Note | None = None

    def from_date(self) -> LocalDate | None:
        """Return the first date to cancel. Raises InvalidRequest."""
        if self.scope == "following" and self.from_ is None:
            raise InvalidRequest.field("from", "Please say which day is the first to be cancelled.")
        if self.scope == "all" and self.from_ is not None:
            raise InvalidRequest.field(
                "from", "A first day is for cancelling a part of the series. Leave it out, or choose what follows it."
            )
        return self.from_


class RestoreSeries(RequestBody):
    """Which cancelled bookings of the series shall be on again, as a cancellation answered them."""

    booking_ids: Annotated[list[Id], Field(min_length=1, max_length=1000)]


@router.post("/series/preview", response_model=SeriesPreview, responses=refusals(*IMPOSSIBLE))
async def preview_series(body: NewSeries, resources: BookingResources, who: Booker) -> Response:
    """Say what would become of every date of a rule, what would work instead, and what it would cost. Writes nothing."""
    return Json(await series.preview(resources, body.request(who)))


@router.post("/series", status_code=201, response_model=SeriesCreated, responses=refusals(*IMPOSSIBLE, *BOOKS))
async def create_series(body: NewSeries, key: Key, resources: BookingResources, who: Booker) -> Response:
    """Book every date of the rule, or exactly the accepted ones: all of them or nothing, once for a key."""
    return send(await series.create(resources, body.request(who, key)))


@router.post(
    "/series/{series_id}/skipped/{date}/book",
    status_code=201,
    response_model=SkippedBooked,
    responses=refusals(NotFound, *IMPOSSIBLE, *BOOKS),
)
async def book_skipped_date(
    series_id: Id,
    date: LocalDate,
    key: Key,
    resources: BookingResources,
    who: Customer,
    body: BookSkippedDate | None = None,
) -> Response:
    """Book a date that the series skipped, into the series, once for a key."""
    instead = body.instead() if body else None
    try:
        return send(await series.book_skipped(resources, who, series_id, date, instead, key))
    except InvalidRequest as refusal:
        raise _of_a_skipped_date(refusal) from refusal


@router.get("/series", response_model=SeriesList)
async def list_series(db: Db, who: SignedIn, limit: PageSize = 50, cursor: CursorText = None) -> Response:
    """List series, the newest first."""
    before = key_of(cursor, UUID)
    found, following = await series.listed(db, who, limit, before[0] if before else None)
    return Json({"items": found, "next_cursor": following})


@router.get("/series/{series_id}", response_model=WholeSeries, responses=refusals(NotFound))
async def get_series(series_id: Id, db: Db, who: SignedIn) -> Response:
    """Show a series with its bookings and the dates that it skipped."""
    return Json(await series.read(db, who, series_id))


@router.post("/series/{series_id}/cancel", response_model=SeriesCancelled, responses=refusals(NotFound))
async def cancel_series(series_id: Id, body: CancelSeries, db: Db, who: SignedIn) -> Response:
    """Cancel what is still ahead of a series; walks that have begun stay."""
    return Json(await series.cancel(db, who, series_id, body.from_date(), body.reason))


@router.post(
    "/series/{series_id}/restore",
    response_model=SeriesRestored,
    responses=refusals(NotFound, BookingConflicts, NotRestorable),
)
async def restore_series(series_id: Id, body: RestoreSeries, resources: BookingResources, who: SignedIn) -> Response:
    """Undo a cancellation of bookings of a series: all of them or nothing."""
    return Json(await series.restore(resources, who, series_id, body.booking_ids))


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
