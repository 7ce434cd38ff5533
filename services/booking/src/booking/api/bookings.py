"""Bookings over HTTP."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import AfterValidator, Field

from booking import bookings, clock
from booking.api.dependencies import Booker, BookingResources, Db, Key, customer_of
from booking.api.schemas.bookings import Booking, BookingCreated, BookingList
from booking.booking_request import BookingRequest, Operation
from booking.errors import (
    AccountClosed,
    BookingConflicts,
    DuplicateBooking,
    NoOccurrences,
    NotCancellable,
    NotReschedulable,
    NotRestorable,
    ServiceKindMismatch,
    TooManyOccurrences,
)
from booking.rules.model import Rule, Weekday
from chassis.api_types import CursorText, Id, LocalDate, LocalTime, Note, PageSize, RequestBody, key_of
from chassis.idempotency.errors import TAKES_A_KEY, KeyMissing
from chassis.idempotency.requests import send
from chassis.problems import InvalidRequest, MalformedRequest, NotFound, refusals
from chassis.responses import Json
from chassis.tokens import Caller, SignedIn

router = APIRouter(tags=["bookings"])

IMPOSSIBLE = (MalformedRequest, InvalidRequest, NoOccurrences, TooManyOccurrences, ServiceKindMismatch, AccountClosed)
BOOKS = (KeyMissing, *TAKES_A_KEY, BookingConflicts, DuplicateBooking)


def each_once(values: list[object]) -> list[object]:
    if len(set(values)) < len(values):
        raise ValueError("Please choose each only once.")
    return values


OnBehalfOf = Annotated[
    Id | None, Field(description="The customer whose walk it is; for the office, which books for others.")
]
DogIds = Annotated[
    list[Id], Field(min_length=1, max_length=10, description="Dogs of yours."), AfterValidator(each_once)
]


class NewBooking(RequestBody):
    """One walk at a local date and time."""

    service_id: Id
    walker_id: Id
    location_id: Id
    dog_ids: DogIds
    date: LocalDate
    start_time: LocalTime

    on_behalf_of: OnBehalfOf = None

    def request(self, who: Caller, key: UUID) -> BookingRequest:
        """Understand the body: a rule of one date."""
        return BookingRequest(
            operation=Operation.SINGLE,
            actor=who,
            customer_id=customer_of(who, self.on_behalf_of),
            now=clock.now(),
            service_id=self.service_id,
            walker_id=self.walker_id,
            location_id=self.location_id,
            dog_ids=tuple(self.dog_ids),
            rule=Rule(self.date, self.start_time, (Weekday.of(self.date),), count=1),
            key=key,
        )


class RescheduleBooking(RequestBody):
    """When the walk shall be, local; `walker_id` where somebody else shall walk."""

    date: LocalDate
    start_time: LocalTime
    walker_id: Id | None = None


class CancelBooking(RequestBody):
    """Why, if you like to say."""

    reason: Note | None = None


From = Annotated[LocalDate | None, Query(alias="from", description="First local date.")]
To = Annotated[LocalDate | None, Query(description="Last local date, inclusive.")]
Status = Annotated[Literal["scheduled", "cancelled"] | None, Query()]


@router.post("/bookings", status_code=201, response_model=BookingCreated, responses=refusals(*IMPOSSIBLE, *BOOKS))
async def create_booking(body: NewBooking, key: Key, resources: BookingResources, who: Booker) -> Response:
    """Book one walk, once for a key."""
    try:
        return send(await bookings.create(resources, body.request(who, key)))
    except InvalidRequest as refusal:
        raise refusal.renamed({"starts_on": "date"}) from refusal


@router.get("/bookings", response_model=BookingList)
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
    found, following = await bookings.listed(
        db,
        who,
        limit=limit,
        first=first,
        last=to,
        status=status,
        after=after,
    )
    return Json({"items": found, "next_cursor": following})


@router.get("/bookings/{booking_id}", response_model=Booking, responses=refusals(NotFound))
async def get_booking(booking_id: Id, db: Db, who: SignedIn) -> Response:
    """Show a booking."""
    return Json(await bookings.read(db, who, booking_id))


@router.post(
    "/bookings/{booking_id}/cancel",
    response_model=BookingCreated,
    responses=refusals(NotFound, NotCancellable),
)
async def cancel_booking(booking_id: Id, db: Db, who: SignedIn, body: CancelBooking | None = None) -> Response:
    """Cancel a walk that has not begun; its time is free again. Cancelling twice does no more."""
    return Json({"booking": await bookings.cancel(db, who, booking_id, body.reason if body else None)})


@router.post(
    "/bookings/{booking_id}/restore",
    response_model=BookingCreated,
    responses=refusals(NotFound, BookingConflicts, NotRestorable),
)
async def restore_booking(booking_id: Id, resources: BookingResources, who: SignedIn) -> Response:
    """Undo a cancellation of one's own, for a few minutes and where the time is still free. Restoring twice does no more."""
    return Json({"booking": await bookings.restore(resources, who, booking_id)})


@router.post(
    "/bookings/{booking_id}/reschedule",
    response_model=BookingCreated,
    responses=refusals(NotFound, NotReschedulable, *IMPOSSIBLE, *BOOKS),
)
async def reschedule_booking(
    booking_id: Id, body: RescheduleBooking, key: Key, resources: BookingResources, who: Booker
) -> Response:
    """Move a walk that has not begun to another time or walker, once for a key; its price and duration stay."""
    to = (body.date, body.start_time, body.walker_id)
    try:
        return send(await bookings.reschedule(resources, who, booking_id, to, key))
    except InvalidRequest as refusal:
        raise refusal.renamed({"starts_on": "date"}) from refusal
