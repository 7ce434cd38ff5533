"""Plan: what a request would become if it were booked now. Reads once, asks travel once, decides in memory, writes nothing.

Previews, new bookings, rescheduling and restoring plan with this; so does the last try of a commit, while it holds the locks: then travel
is not asked, and the travel times that are known must do.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from booking.booking_request import BookingRequest, expand
from booking.clients.travel import Travel
from booking.errors import AccountClosed, ServiceKindMismatch
from booking.rules.alternatives import with_alternatives
from booking.rules.conflicts import Calendars, assess, gaps
from booking.rules.known_travel_times import Alike, KnownTravelTimes
from booking.rules.model import Assessed, Outcome, Place, Slot, TravelTime, Visit
from booking.rules.travel_gaps import matters, too_short
from booking.settings import Settings
from booking.store import plan_data as store
from booking.store.plan_data import PlanData
from booking.store.plan_query import PlanQuery
from chassis.database import Database, Tx
from chassis.problems import InvalidRequest
from chassis.tracing import tracer


class Resources(NamedTuple):
    """What planning and booking need of the service."""

    database: Database
    settings: Settings
    travel: Travel


class Terms(NamedTuple):
    """What a walk is: the kind of its block, where it begins and ends, how long it takes, and what it costs."""

    kind: str
    from_place: Place
    to_place: Place
    duration_minutes: int
    price_cents: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Every date of a request with its outcome, its conflicts (each with the block in the way) and its walker.

    request: with the organization's settings of today. walker_id: of the rule; a chosen date may have another one.
    terms: of every date. others: how many dates are free (or tight) with each walker, when any will do.
    """

    request: BookingRequest
    data: PlanData
    terms: Terms
    walker_id: UUID
    occurrences: Sequence[Assessed]
    others: Mapping[UUID, int] = field(default_factory=dict)

    def count(self, outcome: Outcome) -> int:
        """Count the dates of an outcome."""
        return [assessed.outcome for assessed in self.occurrences].count(outcome)

    @property
    def wanted(self) -> Sequence[Assessed]:
        """Return the dates that are to be booked."""
        if self.request.accepted is None:
            return self.occurrences
        accepted = frozenset(self.request.accepted)
        return [a for a in self.occurrences if a.occurrence.date in accepted]

    @property
    def skipped(self) -> Sequence[Assessed]:
        """Return the rule's other dates."""
        if self.request.accepted is None:
            return ()
        accepted = frozenset(self.request.accepted)
        return [a for a in self.occurrences if a.occurrence.date not in accepted]

    def walker_versions(self) -> Mapping[UUID, int]:
        """Return the versions of the calendars that the wanted dates rest on."""
        calendars = self.data.around.calendars
        return {a.occurrence.walker_id: calendars[a.occurrence.walker_id].version for a in self.wanted}

    def walker_name(self, walker_id: UUID) -> str:
        """Return the name of a walker of the plan."""
        return self.data.around.calendars[walker_id].name


class Loaded(NamedTuple):
    """A request, with the organization's settings of today, and what was read for it."""

    request: BookingRequest
    data: PlanData


async def load(resources: Resources, request: BookingRequest) -> Loaded:
    """Read what stands in the way, in one statement and one round trip; in another one where settings changed a moment ago.

    Raises what `booking_request.expand` raises, before anything is read.
    """

    async def ask(query: PlanQuery) -> store.PendingPlanData:
        async with resources.database.reading(request.actor.organization_id) as tx:
            return await store.send(tx, query, request.ignoring)

    return await _load(ask, request, resources.settings)


async def load_under_locks(tx: Tx, settings: Settings, request: BookingRequest) -> Loaded:
    """Read the same in a transaction that holds the locks already."""
    return await _load(partial(store.send, tx, ignoring=request.ignoring), request, settings)


async def _load(
    ask: Callable[[PlanQuery], Awaitable[store.PendingPlanData]], request: BookingRequest, settings: Settings
) -> Loaded:
    while True:
        pending = await ask(_query(request, settings))
        data = await pending.read()
        actor = data.organization.settings_of(request.actor)
        if actor == request.actor:
            return Loaded(request, data if actor.account_id == request.customer_id else _without_details(data))
        request = replace(request, actor=actor)


def _query(request: BookingRequest, settings: Settings) -> PlanQuery:
    zone = ZoneInfo(request.actor.time_zone)
    found = expand(request, zone, settings)
    return PlanQuery(
        organization_id=request.actor.organization_id,
        customer_id=request.customer_id,
        service_id=request.service_id,
        location_id=request.location_id,
        dog_ids=request.dog_ids,
        starts=found,
        walkers=request.walkers_on(found),
        zone=zone,
        walker_id=request.walker_id,
        key=request.key,
        key_owner=request.actor.account_id,
        minutes=request.kept.duration_minutes if request.kept else None,
    )


def _without_details(data: PlanData) -> PlanData:
    # Details of a booking are for the customer whose it is.
    own = [one._replace(details=None) for one in data.around.own]
    return replace(data, around=replace(data.around, own=own))


def judge(loaded: Loaded, settings: Settings, known: Mapping[Alike, TravelTime]) -> Plan:
    """Decide what becomes of every date, and what would work instead, with the travel times that are known.

    Raises InvalidRequest naming each thing that the customer cannot have, AccountClosed, ServiceKindMismatch.
    """
    terms, calendars = _prepared(loaded)
    return _judged(loaded, terms, calendars, _travel_times(loaded, settings, known))


async def make(loaded: Loaded, resources: Resources, known: dict[Alike, TravelTime] | None = None) -> Plan:
    """Judge by what is known first; then ask travel, in one question, what that rests on, and judge anew what it changes.

    Only the chosen walker's legs are asked for when any walker will do: each question costs money. known: what earlier tries were told;
    what this one is told is added. Raises what `judge` raises.
    """
    known = {} if known is None else known
    terms, calendars = _prepared(loaded)
    guess = _travel_times(loaded, resources.settings, known)
    guessed = _judged(loaded, terms, calendars, guess)
    near = [gap for gap in gaps(guessed.occurrences, calendars) if matters(gap, guess.at_worst)]
    asked = guess.unknown(gap.trip for gap in near)
    if not asked:
        return guessed
    known |= await resources.travel.times(asked, loaded.request.actor)
    told, walker = _travel_times(loaded, resources.settings, known), guessed.walker_id
    if all(too_short(gap, told, walker) == too_short(gap, guess, walker) for gap in near):
        return guessed
    with tracer.start_as_current_span("check"):
        slots = [one.occurrence for one in guessed.occurrences]
        return replace(guessed, occurrences=_assessed(loaded, calendars, told, slots))


def terms_of(request: BookingRequest, data: PlanData) -> Terms:
    """Return what every walk of a request is: as it was booked, or as service and location say, which must be there."""
    if request.kept:
        place, minutes, price = request.kept
        return Terms("visit", place, place, minutes, price)
    assert data.service
    assert data.location
    place = data.location.place
    return Terms("visit", place, place, data.service.duration_minutes, data.service.price_cents)


def visit_of(request: BookingRequest, data: PlanData) -> Visit:
    """Return what is wanted at every start."""
    return _visit(request, terms_of(request, data))


def _visit(request: BookingRequest, terms: Terms) -> Visit:
    dogs = frozenset(request.dog_ids)
    return Visit(request.service_id, terms.duration_minutes, dogs, terms.from_place, terms.to_place)


def _prepared(loaded: Loaded) -> tuple[Terms, Calendars]:
    request, data = loaded
    _check(request, data)
    terms = terms_of(request, data)
    return terms, Calendars(_visit(request, terms), data.around)


def _travel_times(loaded: Loaded, settings: Settings, known: Mapping[Alike, TravelTime]) -> KnownTravelTimes:
    return KnownTravelTimes(loaded.data.around.zone, settings.travel_buffer_minutes * 60, known)


def _judged(loaded: Loaded, terms: Terms, calendars: Calendars, travel: KnownTravelTimes) -> Plan:
    walker_id = loaded.request.walker_id
    with tracer.start_as_current_span("check") as span:
        plan = (
            _for_any_walker(loaded, terms, calendars, travel)
            if walker_id is None
            else _for_walker(loaded, terms, calendars, travel, walker_id)
        )
        span.set_attribute("packwalk.occurrences", len(plan.occurrences))
        span.set_attribute("packwalk.conflicts", plan.count(Outcome.CONFLICT))
        return plan


def _assessed(loaded: Loaded, calendars: Calendars, travel: KnownTravelTimes, slots: Sequence[Slot]) -> list[Assessed]:
    found = assess(slots, calendars, travel)
    # Where travel was asked, what is offered rests on its answers and on nothing else.
    sure = travel.surely if travel.known else travel
    return with_alternatives(found, calendars, sure, not_before=loaded.request.now)


def _for_walker(loaded: Loaded, terms: Terms, calendars: Calendars, travel: KnownTravelTimes, walker_id: UUID) -> Plan:
    slots = _slots(loaded, terms, walker_id)
    return Plan(loaded.request, loaded.data, terms, walker_id, _assessed(loaded, calendars, travel, slots))


def _for_any_walker(loaded: Loaded, terms: Terms, calendars: Calendars, travel: KnownTravelTimes) -> Plan:
    wanted = {walker_id: _slots(loaded, terms, walker_id) for walker_id in calendars.around.calendars}
    by_walker = {walker_id: assess(slots, calendars, travel) for walker_id, slots in wanted.items()}
    bookable = {
        walker_id: sum(a.outcome is not Outcome.CONFLICT for a in found) for walker_id, found in by_walker.items()
    }
    # The calendars come by name, and the first of equals is taken: the same question has the same answer.
    best = max(bookable, key=bookable.__getitem__)
    return replace(_for_walker(loaded, terms, calendars, travel, best), others=bookable)


def _slots(loaded: Loaded, terms: Terms, walker_id: UUID) -> Sequence[Slot]:
    request, data = loaded
    if request.slots:
        return request.slots
    lasts = timedelta(minutes=terms.duration_minutes)
    walkers = request.walkers_on(data.starts)
    return [
        Slot(day, at, starts_at, starts_at + lasts, wanted or walker_id, shifted)
        for (day, at, starts_at, shifted), wanted in zip(data.starts, walkers, strict=True)
    ]


def _check(request: BookingRequest, data: PlanData) -> None:
    if request.slots:
        # These stood in the calendar as they are: the calendar alone says whether they can again.
        return
    if data.customer and not data.customer.active:
        raise AccountClosed("Your account was closed. Please ask the office if you think that this is a mistake.")
    if request.actor.account_id != request.customer_id and data.customer is None:
        raise InvalidRequest.field("on_behalf_of", "There is no such customer. Please choose another.")
    fields = [{"path": path, "message": message} for path, message in _wrong(request, data)]
    if fields:
        raise InvalidRequest.of(fields)
    if not request.kept and data.service and data.service.kind != "walk":
        raise ServiceKindMismatch.field(
            "service_id", "This is a group walk or a meet-and-greet, which is booked in another way."
        )


def _wrong(request: BookingRequest, data: PlanData) -> Iterator[tuple[str, str]]:
    if not request.kept:
        yield from _not_the_customers(request, data)
    # Walkers are found with the service's starts: without the service there is nothing to say about them.
    if data.service is None:
        return
    if request.walker_id is None and not data.around.calendars:
        yield "walker_id", "Nobody takes bookings at the moment. Please ask the office."
    if request.walker_id is not None and not _bookable(data, request.walker_id):
        yield "walker_id", "This person takes no bookings any more. Please choose somebody else."
    for index, chosen in enumerate(request.chosen.values()):
        if not _bookable(data, chosen.walker_id):
            yield (
                f"replacements.{index}.walker_id",
                "This person takes no bookings any more. Please choose somebody else.",
            )


def _not_the_customers(request: BookingRequest, data: PlanData) -> Iterator[tuple[str, str]]:
    if data.service is None or not data.service.active:
        yield "service_id", "This is no longer offered. Please choose another service."
    if data.location is None:
        yield "location_id", "This is not one of your addresses any more. Please choose another."
    for index, dog_id in enumerate(request.dog_ids):
        if dog_id not in data.dogs:
            yield f"dog_ids.{index}", "This is not one of your dogs any more. Please choose again."


def _bookable(data: PlanData, walker_id: UUID) -> bool:
    calendar = data.around.calendars.get(walker_id)
    return calendar is not None and calendar.active
