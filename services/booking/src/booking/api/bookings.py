"""Single bookings over HTTP."""

from fastapi import APIRouter, Response

from booking import bookings
from booking.api.dependencies import Booking, Customer, Key
from booking.api.series import BOOKS, IMPOSSIBLE, DogIds
from booking.rules.model import Rule, Weekday
from booking.shown import BookingCreated
from booking.wishes import SeriesWish
from chassis.api_types import Id, LocalDate, LocalTime, RequestBody
from chassis.idempotency.requests import send
from chassis.problems import InvalidRequest, refusals

router = APIRouter(tags=["bookings"])


class BookingRequest(RequestBody):
    """One walk at a local date and time."""

    service_id: Id
    walker_id: Id
    location_id: Id
    dog_ids: DogIds
    date: LocalDate
    start_time: LocalTime

    def wish(self) -> SeriesWish:
        """Understand the request: a rule of one date."""
        rule = Rule(self.date, self.start_time, (Weekday.of(self.date),), count=1)
        return SeriesWish(self.service_id, self.walker_id, self.location_id, tuple(self.dog_ids), rule)


@router.post("/bookings", status_code=201, response_model=BookingCreated, responses=refusals(*IMPOSSIBLE, *BOOKS))
async def create_booking(wish: BookingRequest, key: Key, booking: Booking, who: Customer) -> Response:
    """Book one walk, once for a key."""
    try:
        return send(await bookings.create(*booking, wish.wish(), key, who))
    except InvalidRequest as refusal:
        raise refusal.renamed({"starts_on": "date"}) from refusal
