"""What is booked, over HTTP: lists, one booking, one series, and cancelling."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from booking import booked, restoring
from booking.api import dependencies
from booking.api.dependencies import Db
from booking.errors import BookingConflicts, NotCancellable, NotRestorable
from booking.shown import MadeBooking, ShownOccurrence, ShownRule
from chassis.api_types import CursorText, Id, LocalDate, Note, PageSize, RequestBody, key_of
from chassis.problems import InvalidRequest, NotFound, refusals
from chassis.responses import Json
from chassis.tokens import SignedIn

router = APIRouter()


class Place(BaseModel):
    """Where a walk begins."""

    id: Id | None
    label: str | None
    address: str | None
    lat: float | None
    lng: float | None


class Booking(BaseModel):
    """A walk that is booked. `customer_name` is for staff. `late`: it was cancelled later than the business's notice asks for."""

    id: Id
    series_id: Id | None
    service_id: Id
    service_name: str
    walker_id: Id
    walker_name: str
    customer_id: Id
    customer_name: str | None = None
    location_id: Id
    location: Place
    dog_ids: list[Id]
    dog_names: list[str]
    date: LocalDate
    scheduled_start: datetime
    scheduled_end: datetime
    status: Literal["scheduled", "cancelled"]
    price_cents: int
    currency: str
    cancelled_at: datetime | None
    cancel_reason: str | None
    late: bool


class BookingList(BaseModel):
    """A page of bookings by their start."""

    items: list[Booking]
    next_cursor: str | None


class OneBooking(BaseModel):
    """A booking."""

    booking: Booking


class Series(BaseModel):
    """A series. `booking_count` counts what is not cancelled, `skipped_count` the skipped dates that were not booked later."""

    id: Id
    status: Literal["active", "cancelled"]
    rule: ShownRule
    time_zone: str
    service_id: Id
    service_name: str
    walker_id: Id
    walker_name: str
    customer_id: Id
    location_id: Id
    dog_ids: list[Id]
    dog_names: list[str]
    created_at: datetime
    booking_count: int
    skipped_count: int


class SkippedBooked(BaseModel):
    """A date of a series that was skipped and is booked now, and the series as it is then."""

    booking: MadeBooking
    series: Series


class SeriesList(BaseModel):
    """A page of series, the newest first."""

    items: list[Series]
    next_cursor: str | None


class SkippedOccurrence(ShownOccurrence):
    """A date that the series skipped, with its reasons; `booked_as` is the booking that was made of it later."""

    booked_as: Id | None


class WholeSeries(BaseModel):
    """A series with its bookings and the dates that it skipped."""

    series: Series
    bookings: list[Booking]
    skipped: list[SkippedOccurrence]


class SeriesCancelled(BaseModel):
    """What was cancelled, in time order, how many of it at short notice, and how many bookings are kept."""

    series: Series
    cancelled: list[Id]
    late_count: int
    kept: int


class RestoreSeries(RequestBody):
    """Which cancelled bookings of the series shall be on again, as a cancellation answered them."""

    booking_ids: Annotated[list[Id], Field(min_length=1, max_length=1000)]


class SeriesRestored(BaseModel):
    """The series as it is then, and what was restored, by its start; what was scheduled already is not among it."""

    series: Series
    restored: list[Id]


class CancelBooking(RequestBody):
    """Why, if you like to say."""

    reason: Note | None = None


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


From = Annotated[LocalDate | None, Query(alias="from", description="First local date.")]
To = Annotated[LocalDate | None, Query(description="Last local date, inclusive.")]
Status = Annotated[Literal["scheduled", "cancelled"] | None, Query()]


@router.get("/bookings", response_model=BookingList, tags=["bookings"])
async def list_bookings(
    db: Db,
    who: SignedIn,
    first: From = None,
    to: To = None,
    status: Status = None,
    limit: PageSize = 50,
    cursor: CursorText = None,
) -> Response:
    """List bookings by their start: customers their own, walkers their calendar's, the office all."""
    after = key_of(cursor, datetime, UUID)
    found, following = await booked.bookings(
        db,
        who,
        limit=limit,
        first=first,
        last=to,
        status=status,
        after=after,
    )
    return Json({"items": found, "next_cursor": following})


@router.get("/bookings/{booking_id}", response_model=Booking, responses=refusals(NotFound), tags=["bookings"])
async def get_booking(booking_id: Id, db: Db, who: SignedIn) -> Response:
    """Show a booking."""
    return Json(await booked.booking(db, who, booking_id))


@router.post(
    "/bookings/{booking_id}/cancel",
    response_model=OneBooking,
    responses=refusals(NotFound, NotCancellable),
    tags=["bookings"],
)
async def cancel_booking(booking_id: Id, db: Db, who: SignedIn, wish: CancelBooking | None = None) -> Response:
    """Cancel a walk that has not begun; its time is free again. Cancelling twice does no more."""
    return Json({"booking": await booked.cancel(db, who, booking_id, wish.reason if wish else None)})


@router.get("/series", response_model=SeriesList, tags=["series"])
async def list_series(db: Db, who: SignedIn, limit: PageSize = 50, cursor: CursorText = None) -> Response:
    """List series, the newest first."""
    before = key_of(cursor, UUID)
    found, following = await booked.all_series(db, who, limit, before[0] if before else None)
    return Json({"items": found, "next_cursor": following})


@router.get("/series/{series_id}", response_model=WholeSeries, responses=refusals(NotFound), tags=["series"])
async def get_series(series_id: Id, db: Db, who: SignedIn) -> Response:
    """Show a series with its bookings and the dates that it skipped."""
    return Json(await booked.series(db, who, series_id))


@router.post(
    "/series/{series_id}/cancel", response_model=SeriesCancelled, responses=refusals(NotFound), tags=["series"]
)
async def cancel_series(series_id: Id, wish: CancelSeries, db: Db, who: SignedIn) -> Response:
    """Cancel what is still ahead of a series; walks that have begun stay."""
    return Json(await booked.cancel_series(db, who, series_id, wish.from_date(), wish.reason))


@router.post(
    "/bookings/{booking_id}/restore",
    response_model=OneBooking,
    responses=refusals(NotFound, BookingConflicts, NotRestorable),
    tags=["bookings"],
)
async def restore_booking(booking_id: Id, booking: dependencies.Booking, who: SignedIn) -> Response:
    """Undo a cancellation of one's own, for a few minutes and where the time is still free. Restoring twice does no more."""
    return Json({"booking": await restoring.undoing(*booking, who).booking(booking_id)})


@router.post(
    "/series/{series_id}/restore",
    response_model=SeriesRestored,
    responses=refusals(NotFound, BookingConflicts, NotRestorable),
    tags=["series"],
)
async def restore_series(series_id: Id, wish: RestoreSeries, booking: dependencies.Booking, who: SignedIn) -> Response:
    """Undo a cancellation of bookings of a series: all of them or nothing."""
    return Json(await restoring.undoing(*booking, who).series(series_id, wish.booking_ids))
