"""Everything that a plan must know, in one statement (`plan_query`) and one round trip.

Its rows are of several kinds: one head (JSON of what is single), then blocks and bookings near the wanted starts. It probes
around each start instead of fetching the year: most of a year's blocks matter to nobody, and each costs a row to build.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from booking.rules.model import (
    Block,
    BookingDetails,
    Hours,
    OwnBooking,
    Place,
    Start,
    Surroundings,
    TravelMode,
    WalkerCalendar,
    Weekday,
)
from booking.store.plan_query import STATEMENT, PlanQuery, parameters
from chassis.database import Tx
from chassis.idempotency.keys import Kept
from chassis.tokens import Caller


@dataclass(frozen=True, slots=True)
class ServiceTerms:
    """A service as the office offers it."""

    id: UUID
    kind: str
    name: str
    duration_minutes: int
    price_cents: int
    active: bool


class OrganizationState(NamedTuple):
    """What the office decided for everybody: its version, and the settings that the gateway told of, None where it told of none."""

    version: int = 0
    time_zone: str | None = None
    currency: str | None = None

    def settings_of(self, who: Caller) -> Caller:
        """Return a caller with the organization's settings of today: a token keeps those of the minute in which it was made."""
        if self.time_zone is None or self.currency is None:
            return who
        return replace(who, time_zone=self.time_zone, currency=self.currency)


class Location(NamedTuple):
    """A location of the customer's."""

    id: UUID
    label: str
    address: str
    lat: float
    lng: float

    @property
    def place(self) -> Place:
        """Return where it is."""
        return Place(self.lat, self.lng)


class CustomerState(NamedTuple):
    """The version of a customer's calendar, and whether the account is open."""

    calendar_version: int = 0
    active: bool = True


@dataclass(frozen=True, slots=True)
class PlanData:
    """What the one statement read. What does not exist for this customer is None, or missing from `dogs` and the calendars.

    starts: of the request, in order. customer: None for one whom booking has not heard of. dogs: their names.
    stored: the response that the request's key stands for.
    """

    starts: Sequence[Start]
    organization: OrganizationState
    customer: CustomerState | None
    service: ServiceTerms | None
    location: Location | None
    dogs: Mapping[UUID, str]
    stored: Kept | None
    around: Surroundings

    @property
    def customer_version(self) -> int:
        """Return the version of the customer's calendar: 0 for a customer of whom booking has not heard."""
        return self.customer.calendar_version if self.customer else 0


async def send(tx: Tx, query: PlanQuery, ignoring: Collection[UUID] = ()) -> "PendingPlanData":
    """Send the one statement. `PendingPlanData.read` reads its rows, and may wait until the transaction is over.

    ignoring: blocks that are left out, with the bookings in them.
    """
    return PendingPlanData(await STATEMENT.send(tx, parameters(query)), query, ignoring)


class PendingPlanData:
    """Rows on their way."""

    def __init__(self, cursor: Any, query: PlanQuery, ignoring: Collection[UUID]) -> None:
        self._cursor = cursor
        self._query = query
        self._ignoring = frozenset(block_id.int for block_id in ignoring)

    async def read(self) -> PlanData:
        """Read the rows."""
        rows = await self._cursor.fetchall()
        head = orjson.loads(next(row[4] for row in rows if row[0] == 0))
        if self._ignoring:
            rows = [row for row in rows if _block_of(row) not in self._ignoring]
        service, location, customer = head["service"], head["location"], head["customer"]
        return PlanData(
            starts=self._query.starts,
            organization=OrganizationState(**head["organization"] or {}),
            customer=CustomerState(**customer) if customer else None,
            service=ServiceTerms(**{**service, "id": UUID(service["id"])}) if service else None,
            location=Location(**{**location, "id": UUID(location["id"])}) if location else None,
            dogs={UUID(dog_id): name for dog_id, name in (head["dogs"] or {}).items()},
            stored=Kept(**head["key"]) if head["key"] else None,
            around=Surroundings(self._query.zone, self._calendars(rows, head["walkers"] or ()), _own(rows)),
        )

    def _calendars(self, rows: Sequence[Any], walkers: Sequence[Any]) -> dict[UUID, WalkerCalendar]:
        # By the ids' numbers, here and below: a UUID is hashed and compared in Python, for every row.
        blocks: dict[int, dict[int, Block]] = {}
        beside: dict[int, set[date]] = {}
        for part, n, walker_id, block_id, kind, starts_at, ends_at, lat, lng, _ in rows:
            if part == 1:
                place = None if lat is None else Place(lat, lng)
                # A block near two stretches, or beside two dates, was read twice.
                of_walker = blocks.setdefault(walker_id.int, {})
                of_walker[block_id.int] = Block(block_id, kind, starts_at, ends_at, place, place)
            elif part == 2:
                beside.setdefault(walker_id.int, set()).add(self._query.starts[n - 1].date)
        wanted = self._query.of_walkers()
        calendars = {}
        for walker in walkers:
            walker_id = UUID(walker["id"])
            at = [*wanted.get(walker_id, ()), *wanted.get(None, ())]
            known_on = self._known_on(at, beside.get(walker_id.int, set()))
            calendars[walker_id] = _calendar(walker_id, walker, blocks.get(walker_id.int, {}).values(), known_on)
        return calendars

    def _known_on(self, at: Sequence[int], beside: set[date]) -> frozenset[date] | None:
        # at: indexes of the starts around which this walker's blocks were read, beside the dates on which they may stand in.
        starts = self._query.starts
        return None if len(at) == len(starts) else frozenset(starts[index].date for index in at) | beside


def _block_of(row: Any) -> int | None:
    # Blocks have their id in the fourth column, the customer's bookings their block's in the third.
    part, block_id = row[0], row[2] if row[0] == 3 else row[3]
    return block_id.int if part in (1, 3) else None


def _calendar(
    walker_id: UUID, walker: Any, blocks: Iterable[Block], known_on: frozenset[date] | None
) -> WalkerCalendar:
    return WalkerCalendar(
        id=walker_id,
        name=walker["name"],
        travel_mode=TravelMode(walker["travel_mode"]),
        version=walker["calendar_version"],
        active=walker["active"],
        hours=tuple(Hours(Weekday(day), opens, closes) for day, opens, closes in walker["hours"] or ()),
        blocks=tuple(sorted(blocks, key=_start)),
        known_on=known_on,
    )


_start = attrgetter("starts_at")


def _own(rows: Sequence[Any]) -> tuple[OwnBooking, ...]:
    found = [OwnBooking(row[2], row[3], row[5], row[6], tuple(row[9]), _details(row[4])) for row in rows if row[0] == 3]
    return tuple(sorted(found, key=_start))


def _details(text: str | None) -> BookingDetails | None:
    if text is None:
        return None
    told = orjson.loads(text)
    return BookingDetails(UUID(told["id"]), told["walker_name"], tuple(told["dog_names"]))
