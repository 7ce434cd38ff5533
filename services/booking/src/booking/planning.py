"""Plan: what a wish would become if it were booked now. Reads once, asks travel once, decides in memory, writes nothing.

Preview, single bookings and series plan with this; so does the last try of a commit, while it holds the locks: then nobody is asked,
and the travel times at hand must do.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from booking import wishes
from booking.clients.travel import Travel
from booking.rules.alternatives import with_alternatives
from booking.rules.conflicts import Calendars, assess, gaps
from booking.rules.known_travel_times import Alike, KnownTravelTimes
from booking.rules.model import Assessed, Outcome, Place, Slot, Start, Surroundings, TravelTime, Visit
from booking.rules.travel_gaps import matters, too_short
from booking.settings import Settings
from booking.store import plan as store
from booking.store.plan_question import Question
from booking.wishes import SeriesWish
from chassis.database import Database, Tx
from chassis.tokens import Caller
from chassis.tracing import tracer


@dataclass(frozen=True, slots=True)
class Plan:
    """Every occurrence of a rule with its outcome, for one walker (or, where alternatives were chosen, several).

    service: what is booked. organization_version, customer_version: what was read has these, as `around.calendars` have their walkers'.
    others: how many dates are free (or tight) with each walker, when anybody will do.
    """

    service: store.Service
    place: Place
    walker_id: UUID
    occurrences: Sequence[Assessed]
    organization_version: int
    customer_version: int
    around: Surroundings
    others: Mapping[UUID, int] = field(default_factory=dict)

    def count(self, outcome: Outcome) -> int:
        """Count the occurrences of an outcome."""
        return [assessed.outcome for assessed in self.occurrences].count(outcome)

    def walkers(self, wanted: Sequence[Assessed]) -> Mapping[UUID, int]:
        """Return the calendar versions that a booking of `wanted` depends on."""
        return {a.occurrence.walker_id: self.around.calendars[a.occurrence.walker_id].version for a in wanted}


@dataclass(frozen=True, slots=True)
class Look:
    """A read that is done and not yet judged: the key it met, and how to go on to a plan.

    who: the caller with the organization's settings of today.
    """

    wish: SeriesWish
    starts: Sequence[Start]
    answer: store.Answer
    who: Caller
    now: datetime
    settings: Settings

    @property
    def current(self) -> bool:
        """Whether the organization's settings are those that the starts were reckoned by."""
        return self.answer.organization.settings_of(self.who) == self.who


async def look(
    db: Database, settings: Settings, wish: SeriesWish, who: Caller, *, now: datetime, key: UUID | None = None
) -> Look:
    """Read what stands in the way of a wish, in one statement and one round trip; in another one where settings changed a moment ago.

    Raises what `wishes.expand` raises, before anything is read.
    """

    async def ask(question: Question) -> store.Pending:
        async with db.reading(who.organization_id) as tx:
            return await store.look(tx, question)

    return await _look(ask, settings, wish, who, now, key)


async def look_again(tx: Tx, settings: Settings, wish: SeriesWish, who: Caller, *, now: datetime) -> Look:
    """Read the same in a transaction that holds the locks already."""
    return await _look(partial(store.look, tx), settings, wish, who, now, None)


async def _look(
    ask: Callable[[Question], Awaitable[store.Pending]],
    settings: Settings,
    wish: SeriesWish,
    who: Caller,
    now: datetime,
    key: UUID | None,
) -> Look:
    while True:
        question = _question(wish, who, now, key, settings)
        pending = await ask(question)
        seen = Look(wish, question.starts, await pending.answer(), who, now, settings)
        if seen.current:
            return seen
        who = seen.answer.organization.settings_of(who)


def _question(wish: SeriesWish, who: Caller, now: datetime, key: UUID | None, settings: Settings) -> Question:
    zone = ZoneInfo(who.time_zone)
    found = wishes.expand(wish, zone, now, settings)
    return Question(
        organization_id=who.organization_id,
        customer_id=who.account_id,
        service_id=wish.service_id,
        location_id=wish.location_id,
        dog_ids=wish.dog_ids,
        starts=found,
        walkers=wish.walkers_on(found),
        zone=zone,
        walker_id=wish.walker_id,
        key=key,
    )


def judge(seen: Look, known: Mapping[Alike, TravelTime]) -> Plan:
    """Decide what becomes of every occurrence, and what would work instead, with the travel times at hand.

    Raises InvalidRequest naming each thing that the customer cannot have, ServiceKindMismatch.
    """
    return _judged(seen, _calendars(seen), _at_hand(seen, known))


async def plan(seen: Look, travel: Travel, known: dict[Alike, TravelTime] | None = None) -> Plan:
    """Judge by what is at hand first; then ask travel, in one question, what that rests on, and judge anew what it changes.

    Only the chosen walker's ways are asked for when anybody will do: each question costs money. known: what earlier tries were told;
    what this one is told is added. Raises what `judge` raises.
    """
    known = {} if known is None else known
    calendars, guess = _calendars(seen), _at_hand(seen, known)
    guessed = _judged(seen, calendars, guess)
    near = [gap for gap in gaps(guessed.occurrences, calendars) if matters(gap, guess.at_worst)]
    asked = guess.unknown(gap.trip for gap in near)
    if not asked:
        return guessed
    known |= await travel.times(asked, seen.who)
    told, walker = _at_hand(seen, known), guessed.walker_id
    if all(too_short(gap, told, walker) == too_short(gap, guess, walker) for gap in near):
        return guessed
    with tracer.start_as_current_span("check"):
        occurrences = [one.occurrence for one in guessed.occurrences]
        return replace(guessed, occurrences=_assessed(seen, calendars, told, occurrences))


def _calendars(seen: Look) -> Calendars:
    wishes.check(seen.wish, seen.answer)
    return Calendars(seen.answer.visit(), seen.answer.around)


def _at_hand(seen: Look, known: Mapping[Alike, TravelTime]) -> KnownTravelTimes:
    return KnownTravelTimes(seen.answer.around.zone, seen.settings.travel_buffer_minutes * 60, known)


def _judged(seen: Look, calendars: Calendars, travel: KnownTravelTimes) -> Plan:
    with tracer.start_as_current_span("check") as span:
        plan = (
            _for_anybody(seen, calendars, travel)
            if seen.wish.walker_id is None
            else _for_walker(seen, calendars, travel, seen.wish.walker_id)
        )
        span.set_attribute("packwalk.occurrences", len(plan.occurrences))
        span.set_attribute("packwalk.conflicts", plan.count(Outcome.CONFLICT))
        return plan


def _assessed(
    seen: Look, calendars: Calendars, travel: KnownTravelTimes, occurrences: Sequence[Slot]
) -> list[Assessed]:
    found = assess(occurrences, calendars, travel)
    # Where somebody was asked, what is offered rests on what they said, and on nothing else.
    sure = travel.surely if travel.known else travel
    return with_alternatives(found, calendars, sure, not_before=seen.now)


def _for_walker(seen: Look, calendars: Calendars, travel: KnownTravelTimes, walker_id: UUID) -> Plan:
    occurrences = _occurrences(seen, calendars.visit, walker_id)
    return _plan(seen, walker_id, _assessed(seen, calendars, travel, occurrences))


def _for_anybody(seen: Look, calendars: Calendars, travel: KnownTravelTimes) -> Plan:
    wanted = {walker_id: _occurrences(seen, calendars.visit, walker_id) for walker_id in calendars.around.calendars}
    by_walker = {walker_id: assess(occurrences, calendars, travel) for walker_id, occurrences in wanted.items()}
    bookable = {
        walker_id: sum(a.outcome is not Outcome.CONFLICT for a in found) for walker_id, found in by_walker.items()
    }
    # The calendars come by name, and the first of equals is taken: the same question has the same answer.
    best = max(bookable, key=bookable.__getitem__)
    return replace(_for_walker(seen, calendars, travel, best), others=bookable)


def _plan(seen: Look, walker_id: UUID, assessed: Sequence[Assessed]) -> Plan:
    answer = seen.answer
    assert answer.service
    assert answer.place
    versions = (answer.organization.version, answer.customer.calendar_version)
    return Plan(answer.service, answer.place, walker_id, assessed, *versions, answer.around)


def _occurrences(seen: Look, visit: Visit, walker_id: UUID) -> list[Slot]:
    lasts = timedelta(minutes=visit.duration_minutes)
    walkers = seen.wish.walkers_on(seen.starts)
    return [
        Slot(day, at, starts_at, starts_at + lasts, wanted or walker_id, shifted)
        for (day, at, starts_at, shifted), wanted in zip(seen.starts, walkers, strict=True)
    ]
