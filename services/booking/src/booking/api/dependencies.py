"""What routes are given: booking's parts, the customer who asks, and the key of what is asked."""

from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Depends, Request

from booking.clients.travel import Travel
from booking.settings import Settings
from chassis.database import Database
from chassis.idempotency.requests import OptionalKey, required
from chassis.problems import NotAllowed
from chassis.tokens import Bearer, Caller, SignedIn, only_people


async def database(request: Request) -> Database:
    """Return the service's database."""
    return request.app.state.database  # type: ignore[no-any-return]


class Parts(NamedTuple):
    """What planning and booking need of the service. One dependency: each costs a request as much as judging three dates."""

    database: Database
    settings: Settings
    travel: Travel


async def parts(request: Request) -> Parts:
    """Return the service's parts."""
    state = request.app.state
    return Parts(state.database, state.settings, state.travel)


def _books(who: Caller) -> None:
    if who.role != "customer":
        raise NotAllowed("Only customers book walks.")


async def idempotency_key(_who: SignedIn, key: OptionalKey) -> UUID:
    """Return the request's key; whoever is not signed in hears of that first. Raises KeyMissing, KeyInvalid."""
    return required(key)


Db = Annotated[Database, Depends(database)]
Resources = Annotated[Parts, Depends(parts)]
Customer = Annotated[Caller, Depends(Bearer(only_people, _books))]
Key = Annotated[UUID, Depends(idempotency_key)]
