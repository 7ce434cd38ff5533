"""Commit what was planned exactly once, all or nothing: the protocol that every planned change goes through.

Plan without a transaction; then, in one transaction, claim the key, lock the calendars and move their versions, and write only if they
are the versions that the plan read, and the organization's services and settings have the version that it read. If not the plan is stale:
roll back and plan again. The last try plans while it holds the locks, so nobody starves. Locks are always taken in the order key,
organization, customers, walkers, so nobody deadlocks. `docs/decisions/` says what a plan rests on.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg

from booking import metrics, plan
from booking.api.schemas.occurrences import occurrences, wall_clock
from booking.booking_change import BookingChange, NewBookings
from booking.booking_request import FINGERPRINT, BookingRequest, Operation
from booking.errors import BookingConflicts, DuplicateBooking, NoOccurrences, NotReschedulable
from booking.plan import Plan, Resources
from booking.rules.known_travel_times import Alike
from booking.rules.model import Outcome, Severity, TravelTime
from booking.store import booking_changes, locks, time_off
from chassis import logs
from chassis.database import Tx
from chassis.events import outbox
from chassis.idempotency import keys
from chassis.idempotency.errors import KeyReused
from chassis.idempotency.once import StoredResponse, replayed
from chassis.problems import InvalidRequest, NotFound, Problem, UpstreamUnavailable
from chassis.tracing import tracer

_log = logs.get("commit")
_TRIES = 3


class StalePlan(Exception):  # noqa: N818 - no error, a turn of the protocol
    """What the plan rests on changed after it was made."""


class _KeyTaken(Exception):  # noqa: N818
    """Another transaction has done this request's work."""


async def write(tx: Tx, organization_id: UUID, change: BookingChange) -> None:
    """Write a change whose calendars are locked. Nothing else writes bookings, blocks and skipped dates.

    Raises StalePlan, NotFound, DuplicateBooking where rows are no longer what the change was made for.
    """
    if change.cancel and change.cancel.bookings:
        await booking_changes.cancel(tx, organization_id, change.cancel)
    if change.release and not await time_off.release(tx, organization_id, *change.release):
        raise NotFound("There is no such time off.")
    if change.restore and not await booking_changes.restore(tx, organization_id, change.restore):
        raise StalePlan
    if change.move and not await booking_changes.move(tx, organization_id, change.move):
        raise StalePlan
    if change.add:
        await _add(tx, organization_id, change, change.add)
    if change.time_off:
        await time_off.add(tx, organization_id, change.time_off)
    if change.events:
        await outbox.write(tx, organization_id, change.events)


async def _add(tx: Tx, organization_id: UUID, change: BookingChange, new: NewBookings) -> None:
    await booking_changes.add(tx, organization_id, new, change.series)
    if change.series and change.series.skipped:
        await booking_changes.skip(tx, organization_id, change.series)
    if change.fills_skip:
        [booking] = new.bookings
        assert new.series_id
        if not await booking_changes.fill_skip(tx, organization_id, new.series_id, booking):
            raise booked_already()


def booked_already() -> DuplicateBooking:
    """Refuse to book a skipped date twice."""
    return DuplicateBooking("You have booked this date of the series already.")


async def _nothing(_: Tx) -> None:
    return None


def _contended() -> Problem:
    return UpstreamUnavailable("This walker's calendar is changing a lot right now. Please try again.")


@dataclass(frozen=True, slots=True)
class PlannedCommit:
    """The turns of one request from plan to commit.

    compose: makes the change of a plan and of what `reread` returned; reads and writes nothing.
    reread: reads the rows that are to be changed, after the plan was read: whatever changes them from then on makes the plan stale. Raises
    what forbids the change. contended: the refusal when the plan became stale every time.
    known: the travel times that the tries were told.
    """

    resources: Resources
    compose: Callable[[Plan, Any], BookingChange]
    reread: Callable[[Tx], Awaitable[Any]] = _nothing
    contended: Callable[[], Problem] = _contended
    known: dict[Alike, TravelTime] = field(default_factory=dict)

    async def run(self, request: BookingRequest) -> StoredResponse:
        """Do what is asked, or give the response that the request's key stands for already.

        Raises BookingConflicts or DuplicateBooking (with every occurrence), InvalidRequest, KeyReused, RequestInProgress, and what
        `reread` raises.
        """
        with metrics.duration.time():
            try:
                return await self._once(request)
            except BaseException as error:
                if not isinstance(error, Problem) or error.status >= 500:
                    metrics.failed(request, error)
                raise

    async def _once(self, request: BookingRequest) -> StoredResponse:
        for tries_left in reversed(range(_TRIES)):
            try:
                made, change = await (self._commit(request) if tries_left else self._commit_under_locks(request))
            except StalePlan:
                _log.info("plan is stale", tries_left=tries_left)
            except _KeyTaken:
                replay = await self._replay(request)
                if replay:
                    return replay
            except (InvalidRequest, DuplicateBooking, NotReschedulable):
                # What was fine when it was booked may be past by now, or booked by this very request: the key knows.
                replay = await self._replay(request)
                if replay is None:
                    raise
                return replay
            else:
                return _succeeded(made, change)
        raise self.contended()

    async def _commit(self, request: BookingRequest) -> tuple[Plan, BookingChange]:
        with tracer.start_as_current_span("plan"):
            loaded = await plan.load(self.resources, request)
            if loaded.data.stored:
                raise _KeyTaken
            rows = await self._reread(request)
            made = await plan.make(loaded, self.resources, self.known)
            refuse_conflicts(made)
            change = self.compose(made, rows)
        walkers = made.walker_versions()
        read = locks.Versions(
            made.data.organization.version, {request.customer_id: made.data.customer_version}, walkers
        )
        async with self._transaction(request) as tx:
            # The response is known: kept with the key at once it is written once.
            locked = {*walkers, *request.ignoring.values()} if request.ignoring else walkers
            found = await self._claim(tx, request, locked, (change.status, change.response))
            if not _as_planned(found, read):
                raise StalePlan
            await write(tx, request.actor.organization_id, change)
        return made, change

    async def _commit_under_locks(self, request: BookingRequest) -> tuple[Plan, BookingChange]:
        settings = self.resources.settings
        async with self._transaction(request) as tx:
            await self._claim(tx, request, request.walkers, None)
            with tracer.start_as_current_span("plan"):
                rows = await self.reread(tx)
                loaded = await plan.load_under_locks(tx, settings, request)
                # Travel is not asked while locks are held: what the tries before were told, and estimates for the rest.
                made = plan.judge(loaded, settings, self.known)
                refuse_conflicts(made)
                change = self.compose(made, rows)
            await write(tx, request.actor.organization_id, change)
            if request.key:
                response = (change.status, change.response)
                await keys.keep(tx, request.actor.organization_id, request.actor.account_id, request.key, response)
        return made, change

    async def _reread(self, request: BookingRequest) -> Any:
        if self.reread is _nothing:
            return None
        async with self.resources.database.begin(request.actor.organization_id) as tx:
            return await self.reread(tx)

    @asynccontextmanager
    async def _transaction(self, request: BookingRequest) -> AsyncIterator[Tx]:
        started = time.perf_counter()
        outcome = "rollback"
        with tracer.start_as_current_span("transaction") as span:
            try:
                async with self.resources.database.begin(request.actor.organization_id) as tx:
                    yield tx
                outcome = "commit"
            except (psycopg.errors.UniqueViolation, psycopg.errors.ExclusionViolation) as error:
                # The constraints stand behind the locks: another writer got past the locks and moved a calendar.
                _log.warning("a constraint held", constraint=error.diag.constraint_name)
                raise StalePlan from error
            finally:
                span.set_attribute("packwalk.outcome", outcome)
                _log.info("transaction", outcome=outcome, duration_ms=round((time.perf_counter() - started) * 1000, 2))

    async def _claim(
        self, tx: Tx, request: BookingRequest, walkers: Collection[UUID], response: keys.Answer | None
    ) -> locks.Versions:
        """Take the key and the locks in one round trip. Returns the versions as they are then."""
        org, actor, customer = request.actor.organization_id, request.actor.account_id, request.customer_id
        if request.key is None:
            return await locks.move_calendars(tx, org, customers=[customer], walkers=walkers)
        hours = self.resources.settings.idempotency_hours
        claim = await keys.claim(tx, org, actor, request.key, request.fingerprint, hours, response)
        moves = await locks.send_moves(tx, org, customers=[customer], walkers=walkers)
        if not await claim.won():
            raise _KeyTaken
        return await moves.versions()

    async def _replay(self, request: BookingRequest) -> StoredResponse | None:
        if request.key is None:
            return None
        actor = request.actor
        async with self.resources.database.begin(actor.organization_id) as tx:
            kept = await keys.read(tx, actor.organization_id, actor.account_id, request.key)
        return _replayed(kept, request) if kept else None


def refuse_conflicts(made: Plan) -> None:
    """Let a plan pass whose wanted dates are all free. Raises BookingConflicts or DuplicateBooking with the whole picture."""
    wanted = made.wanted
    if not wanted:
        raise NoOccurrences.field("accepted_dates", "Please choose at least one day.")
    hard = sum(a.outcome is Outcome.CONFLICT for a in wanted)
    if hard:
        refusal = _refusal(made, len(wanted), hard)
        metrics.refused(made, refusal.type)
        raise refusal


def _refusal(made: Plan, wanted: int, hard: int) -> Problem:
    shown = occurrences(made.occurrences, made.data.around)
    conflicting = [a for a in made.wanted if a.outcome is Outcome.CONFLICT]
    service = made.data.service
    if service and all(c.duplicate for a in conflicting for c in a.conflicts if c.severity is Severity.HARD):
        first = conflicting[0].occurrence
        when = f"{first.date:%a} {first.date.day} {first.date:%b %Y} at {wall_clock(first.time)}"
        more = f" and {hard - 1} more" if hard > 1 else ""
        return DuplicateBooking(f"You have “{service.name}” on {when}{more} already.", occurrences=shown)
    return BookingConflicts(_NOT_FREE[made.request.operation](wanted, hard), occurrences=shown)


def _dates(wanted: int, hard: int) -> str:
    return f"{hard} of {wanted} {'date is' if wanted == 1 else 'dates are'} not available. Nothing was booked."


def _times(wanted: int, hard: int) -> str:
    many = "This time is" if wanted == 1 else f"{hard} of {wanted} times {'is' if hard == 1 else 'are'}"
    return f"{many} no longer free. Nothing was restored."


_NOT_FREE: Mapping[Operation, Callable[[int, int], str]] = {
    Operation.SINGLE: _dates,
    Operation.RECURRING: _dates,
    Operation.RESCHEDULE: lambda *_: "This time is not free. The walk stays where it was.",
    Operation.RESTORE: _times,
}


def _as_planned(found: locks.Versions, read: locks.Versions) -> bool:
    # The walkers whose blocks are only released are locked as well, and nothing was concluded from their calendars.
    walkers = {walker: found.walkers.get(walker) for walker in read.walkers}
    moved = locks.Versions(read.organization, _moved(read.customers), _moved(read.walkers))
    return (found.organization, found.customers, walkers) == tuple(moved)


def _moved(versions: Mapping[UUID, int]) -> Mapping[UUID, int]:
    return {calendar: version + 1 for calendar, version in versions.items()}


def _succeeded(made: Plan, change: BookingChange) -> StoredResponse:
    bookings = len(change.add.bookings) if change.add else len(change.restore) or bool(change.move)
    series_id = change.add.series_id if change.add else made.request.series_id
    if bookings:
        metrics.succeeded(made, series_id, bookings)
    return StoredResponse(change.status, change.response.encode())


def _replayed(kept: keys.Kept, request: BookingRequest) -> StoredResponse:
    if kept.fingerprint.startswith(FINGERPRINT) and kept.fingerprint != request.fingerprint:
        raise KeyReused
    return replayed(kept)
