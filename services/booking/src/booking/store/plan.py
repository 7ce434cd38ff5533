"""Everything that a plan must know, in one statement (`plan_question`) and one round trip.

Its rows are of several kinds: one head (JSON of what is single), then blocks and bookings near the wanted starts. It probes
around each start instead of fetching the year: most of a year's blocks matter to nobody, and each costs a row to build.
"""

from collections.abc import Iterable, Sequence
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
    Surroundings,
    TravelMode,
    Visit,
    WalkerCalendar,
    Weekday,
)
from booking.store.plan_question import STATEMENT, Question, parameters
from chassis.database import Tx
from chassis.idempotency.keys import Kept
from chassis.tokens import Caller


@dataclass(frozen=True, slots=True)
class Service:
    """A service as the catalogue has it."""

    id: UUID
    kind: str
    name: str
    duration_minutes: int
    price_cents: int
    active: bool


class Organization(NamedTuple):
    """What the office decided for everybody: its version, and the settings that the gateway told of, None where it told of none."""

    version: int = 0
    time_zone: str | None = None
    currency: str | None = None

    def settings_of(self, who: Caller) -> Caller:
        """Return a caller with the organization's settings of today: a token keeps those of the minute in which it was made."""
        if self.time_zone is None or self.currency is None:
            return who
        return replace(who, time_zone=self.time_zone, currency=self.currency)


class Customer(NamedTuple):
    """A customer's calendar's version, and whether the account is open."""

    calendar_version: int = 0
    active: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found. Things that do not exist for this customer are None, or missing from `dogs` and the calendars."""

    organization: Organization
    customer: Customer
    service: Service | None
    place: Place | None
    dogs: frozenset[UUID]
    kept: Kept | None
    around: Surroundings

    def visit(self) -> Visit:
        """Say what is wanted at every start. Raises AssertionError unless service and place are there."""
        assert self.service
        assert self.place
        return Visit(self.service.id, self.service.duration_minutes, self.dogs, self.place)


async def look(tx: Tx, question: Question) -> "Pending":
    """Send the one statement. Its answer is read with `Pending.answer`, which may wait until the transaction is over."""
    return Pending(await STATEMENT.send(tx, parameters(question)), question)


class Pending:
    """An answer on its way."""

    def __init__(self, cursor: Any, question: Question) -> None:
        self._cursor = cursor
        self._question = question

    async def answer(self) -> Answer:
        """Read the rows."""
        rows = await self._cursor.fetchall()
        head = orjson.loads(next(row[4] for row in rows if row[0] == 0))
        service, location = head["service"], head["location"]
        return Answer(
            organization=Organization(**head["organization"] or {}),
            customer=Customer(**head["customer"] or {}),
            service=Service(**{**service, "id": UUID(service["id"])}) if service else None,
            place=Place(location["lat"], location["lng"]) if location else None,
            dogs=frozenset(map(UUID, head["dogs"] or ())),
            kept=Kept(**head["key"]) if head["key"] else None,
            around=Surroundings(self._question.zone, self._calendars(rows, head["walkers"] or ()), _own(rows)),
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
                of_walker[block_id.int] = Block(block_id, kind, starts_at, ends_at, place)
            elif part == 2:
                beside.setdefault(walker_id.int, set()).add(self._question.starts[n - 1].date)
        wanted = self._question.of_walkers()
        calendars = {}
        for walker in walkers:
            walker_id = UUID(walker["id"])
            at = [*wanted.get(walker_id, ()), *wanted.get(None, ())]
            known_on = self._known_on(at, beside.get(walker_id.int, set()))
            calendars[walker_id] = _calendar(walker_id, walker, blocks.get(walker_id.int, {}).values(), known_on)
        return calendars

    def _known_on(self, at: Sequence[int], beside: set[date]) -> frozenset[date] | None:
        # at: indexes of the starts around which this walker's blocks were read, beside the dates on which they may stand in.
        starts = self._question.starts
        return None if len(at) == len(starts) else frozenset(starts[index].date for index in at) | beside


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
