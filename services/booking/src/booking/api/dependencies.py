"""What routes are given: what booking works with, the account that books, and the key of what is asked."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from booking.plan import Resources
from chassis.database import Database
from chassis.idempotency.requests import OptionalKey, required
from chassis.problems import NotAllowed
from chassis.tokens import Bearer, Caller, SignedIn, only_people


async def database(request: Request) -> Database:
    """Return the service's database."""
    return request.app.state.database  # type: ignore[no-any-return]


async def resources(request: Request) -> Resources:
    """Return what planning and booking need. One dependency: each costs a request as much as judging three dates."""
    state = request.app.state
    return Resources(state.database, state.settings, state.travel)


def _is_customer(who: Caller) -> None:
    if who.role != "customer":
        raise NotAllowed("Only customers book walks.")


def _may_book(who: Caller) -> None:
    if who.role not in ("customer", "admin"):
        raise NotAllowed("Only customers book walks, and the office for them.")


def customer_of(who: Caller, on_behalf_of: UUID | None) -> UUID:
    """Return whose the bookings become: the customer's who asks, or whom the office names. Raises NotAllowed."""
    if who.role == "admin":
        if on_behalf_of is None:
            raise NotAllowed("Please say for which customer the office books.")
        return on_behalf_of
    if on_behalf_of not in (None, who.account_id):
        raise NotAllowed("Only the office books for others.")
    return who.account_id


async def idempotency_key(_who: SignedIn, key: OptionalKey) -> UUID:
    """Return the request's key; whoever is not signed in hears of that first. Raises KeyMissing, KeyInvalid."""
    return required(key)


Db = Annotated[Database, Depends(database)]
BookingResources = Annotated[Resources, Depends(resources)]
Customer = Annotated[Caller, Depends(Bearer(only_people, _is_customer))]
Booker = Annotated[Caller, Depends(Bearer(only_people, _may_book))]
Key = Annotated[UUID, Depends(idempotency_key)]
