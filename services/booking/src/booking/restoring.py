"""Undo a cancellation: the same bookings again, where their time is still free. All of them or nothing.

Judged as a new booking would be, in two steps like one: look and ask travel without a lock, then judge and write under the calendars' locks
(customers, then walkers). Doing it twice does no more: what is scheduled is left alone, so no key is needed.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from booking import bookings, clock, events, metrics
from booking import series as series_cases
from booking.api.schemas.occurrences import occurrences
from booking.clients.travel import Travel
from booking.errors import BookingConflicts, NotRestorable
from booking.rules.conflicts import Calendars, assess, gaps
from booking.rules.known_travel_times import Alike, KnownTravelTimes
from booking.rules.model import Assessed, Outcome, Slot, Start, Surroundings, TravelTime, Visit
from booking.rules.travel_gaps import matters
from booking.settings import Settings
from booking.store import booked as rows
from booking.store import locks, plan
from booking.store import restored as store
from booking.store.plan_question import Question
from booking.store.restored import Undoable
from booking.store.rows import Row
from chassis.database import Database, Tx
from chassis.events import outbox
from chassis.problems import NotFound
from chassis.tokens import Caller

_Tell = Callable[[Tx, Sequence[Undoable]], Awaitable[Row]]


@dataclass(frozen=True, slots=True)
class Undoing:
    """Somebody's wish to undo cancellations, at an instant."""

    db: Database
    settings: Settings
    travel: Travel
    who: Caller
    now: datetime

    async def booking(self, booking_id: UUID) -> Row:
        """Restore one booking, which is returned as it is then. Raises NotFound, NotRestorable, BookingConflicts."""

        async def tell(tx: Tx, done: Sequence[Undoable]) -> Row:
            if done:
                await outbox.write(tx, self.who.organization_id, [events.booking_restored(self.who, done[0])])
            found = await rows.booking(tx, bookings.whose(self.who), booking_id)
            assert found
            return found

        return bookings.seen_by(self.who, await self._undo(frozenset([booking_id]), None, tell))

    async def series(self, series_id: UUID, booking_ids: Sequence[UUID]) -> Row:
        """Restore bookings of a series, all or none. Returns the series as it is then, and what was restored, by its start.

        Raises NotFound, NotRestorable, BookingConflicts.
        """

        async def tell(tx: Tx, done: Sequence[Undoable]) -> Row:
            if done:
                await outbox.write(tx, self.who.organization_id, [events.series_restored(self.who, series_id, done)])
            after = await rows.series(tx, bookings.whose(self.who), only=series_id)
            if not after:
                raise NotFound("There is no such series of yours.")
            return {"series": series_cases.with_rule(after[0]), "restored": [one.id for one in done]}

        return await self._undo(frozenset(booking_ids), series_id, tell)

    async def _undo(self, ids: frozenset[UUID], series_id: UUID | None, tell: _Tell) -> Row:
        async with self.db.begin(self.who.organization_id) as tx:
            wanted = await self._cancelled(tx, ids, series_id)
            around = await self._around(tx, wanted) if wanted else None
        known = await self._asked(wanted, around) if around else {}
        try:
            async with self.db.begin(self.who.organization_id) as tx:
                if around:
                    wanted = await self._restore(tx, ids, series_id, wanted, known)
                answer = await tell(tx, wanted)
        except (psycopg.errors.UniqueViolation, psycopg.errors.ExclusionViolation) as error:
            # The constraints stand behind the locks, as for every booking.
            metrics.log.warning("a constraint held", constraint=error.diag.constraint_name)
            raise NotRestorable("This time was taken while we looked. Nothing was restored.") from error
        metrics.restored(self.who, series_id, len(wanted))
        return answer

    async def _restore(
        self,
        tx: Tx,
        ids: frozenset[UUID],
        series_id: UUID | None,
        before: Sequence[Undoable],
        known: Mapping[Alike, TravelTime],
    ) -> list[Undoable]:
        customers, walkers = {one.customer_id for one in before}, {one.walker_id for one in before}
        await locks.move_calendars(tx, self.who.organization_id, customers=customers, walkers=walkers)
        # Somebody may have restored some of them while we waited for the locks.
        wanted = await self._cancelled(tx, ids, series_id)
        if not wanted:
            return []
        around = await self._around(tx, wanted)
        judged = assess(_occurrences(wanted, self._zone), _calendars(wanted, around), self._travel_times(known))
        hard = sum(one.outcome is Outcome.CONFLICT for one in judged)
        if hard:
            raise _refusal(hard, judged, around)
        await store.restore(tx, self.who.organization_id, wanted)
        return wanted

    async def _cancelled(self, tx: Tx, ids: frozenset[UUID], series_id: UUID | None) -> list[Undoable]:
        found = await store.find(tx, bookings.whose(self.who), ids)
        if len(found) < len(ids) or any(series_id and one.series_id != series_id for one in found):
            raise NotFound("There are no such bookings of yours.")
        wanted = [one for one in found if one.cancelled]
        for one in wanted:
            self._check(one)
        return wanted

    def _check(self, one: Undoable) -> None:
        # Whatever the calendars say.
        if one.cancelled_by != self.who.account_id:
            raise NotRestorable("Only whoever cancelled a walk can undo that.")
        assert one.cancelled_at
        minutes = self.settings.restore_minutes
        if self.now - one.cancelled_at > timedelta(minutes=minutes):
            raise NotRestorable(f"A cancellation can be undone for {minutes} minutes. Please book the walk again.")
        if one.scheduled_start <= self.now:
            raise NotRestorable("This walk would have begun already.")
        if one.rebooked:
            raise NotRestorable("This date was booked again in the meantime.")

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.who.time_zone)

    def _travel_times(self, known: Mapping[Alike, TravelTime]) -> KnownTravelTimes:
        return KnownTravelTimes(self._zone, self.settings.travel_buffer_minutes * 60, known)

    async def _around(self, tx: Tx, wanted: Sequence[Undoable]) -> Surroundings:
        starts = _occurrences(wanted, self._zone)
        first = wanted[0]
        question = Question(
            organization_id=self.who.organization_id,
            customer_id=first.customer_id,
            service_id=first.service_id,
            location_id=first.location_id,
            dog_ids=first.dog_ids,
            starts=[Start(one.date, one.time, one.starts_at, shifted=False) for one in starts],
            walkers=[one.walker_id for one in starts],
            zone=self._zone,
            # As it was booked: the service may be a shorter one by now.
            minutes=max(_minutes(one) for one in wanted),
        )
        found = (await (await plan.look(tx, question)).answer()).around
        if self.who.account_id == first.customer_id:
            return found
        # Details of a booking are for the customer whose it is.
        return replace(found, own=[own._replace(details=None) for own in found.own])

    async def _asked(self, wanted: Sequence[Undoable], around: Surroundings) -> Mapping[Alike, TravelTime]:
        guess, calendars = self._travel_times({}), _calendars(wanted, around)
        judged = assess(_occurrences(wanted, self._zone), calendars, guess)
        near = [gap.trip for gap in gaps(judged, calendars) if matters(gap, guess.at_worst)]
        asked = guess.unknown(near)
        return await self.travel.times(asked, self.who) if asked else {}


def undoing(db: Database, settings: Settings, travel: Travel, who: Caller) -> Undoing:
    """Begin to undo. The instant at which it is asked for is read here, once."""
    return Undoing(db, settings, travel, who, clock.now())


def _occurrences(wanted: Sequence[Undoable], zone: ZoneInfo) -> list[Slot]:
    return [
        Slot(
            one.date,
            one.scheduled_start.astimezone(zone).time(),
            one.scheduled_start,
            one.scheduled_end,
            one.walker_id,
        )
        for one in wanted
    ]


def _calendars(wanted: Sequence[Undoable], around: Surroundings) -> Calendars:
    # Bookings of one series, or a single one: the same service, dogs and place. The place is the block's, as it was booked.
    first = wanted[0]
    return Calendars(Visit(first.service_id, _minutes(first), frozenset(first.dog_ids), first.place), around)


def _minutes(one: Undoable) -> int:
    return (one.scheduled_end - one.scheduled_start) // timedelta(minutes=1)


def _refusal(hard: int, judged: Sequence[Assessed], around: Surroundings) -> BookingConflicts:
    many = "This time is" if len(judged) == 1 else f"{hard} of {len(judged)} times {'is' if hard == 1 else 'are'}"
    return BookingConflicts(f"{many} no longer free. Nothing was restored.", occurrences=occurrences(judged, around))
