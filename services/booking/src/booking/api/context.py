"""What routes are given: booking's parts, the customer who asks, and the key of what is asked."""

import re
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Depends, Header, Request

from booking.errors import KeyInvalid, KeyMissing
from booking.settings import Settings
from booking.travel import Travel
from chassis.database import Database
from chassis.problems import NotAllowed
from chassis.tokens import Bearer, Caller, SignedIn, only_people

_UUID = re.compile(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


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


async def idempotency_key(
    _who: SignedIn,  # whoever is not signed in hears of that first
    x_idempotency_key: Annotated[
        str | None, Header(description="A UUID of your choice, the same for every retry of the same submission.")
    ] = None,
    idempotency_key: Annotated[str | None, Header(description="The same, quoted or not.")] = None,
) -> UUID:
    """Return the request's key. Raises KeyMissing, KeyInvalid."""
    given = x_idempotency_key or idempotency_key
    if not given:
        raise KeyMissing("A request that books needs the header X-Idempotency-Key with a UUID.")
    bare = given[1:-1] if len(given) > 1 and given[0] == given[-1] == '"' else given
    if not _UUID.fullmatch(bare):
        raise KeyInvalid("The header X-Idempotency-Key must hold a UUID.")
    return UUID(bare)


Db = Annotated[Database, Depends(database)]
Booking = Annotated[Parts, Depends(parts)]
Customer = Annotated[Caller, Depends(Bearer(only_people, _books))]
Key = Annotated[UUID, Depends(idempotency_key)]
