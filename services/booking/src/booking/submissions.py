"""Book exactly once, all or nothing: the plan-then-commit protocol that every submission goes through.

Plan without a transaction; then, in one transaction, claim the key, lock and move the calendars' versions, and write only if they
are the ones that the plan read, and the organization's services and settings have the version that it read. If not the plan is stale:
roll back and plan again. The last try plans while it holds the locks, so nobody starves. Locks are always taken in the order key,
organization, customer, walkers, so nobody deadlocks. `docs/decisions/` says what a plan rests on.
"""

import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import psycopg

from booking import clock, metrics, planning
from booking.clients.travel import Travel
from booking.deciding import Decided, decide
from booking.errors import DuplicateBooking
from booking.rules.known_travel_times import Alike
from booking.rules.model import TravelTime
from booking.settings import Settings
from booking.store import booked, booking_rows, locks
from booking.store.rows import Row
from booking.wishes import SeriesWish
from chassis import logs
from chassis.database import Database, Tx
from chassis.events import outbox
from chassis.events.cloud_event import OutgoingEvent
from chassis.idempotency import keys
from chassis.idempotency.errors import KeyReused, RequestInProgress
from chassis.idempotency.once import StoredResponse, replayed
from chassis.problems import InvalidRequest, Problem, UpstreamUnavailable
from chassis.tokens import Caller
from chassis.tracing import tracer

_log = logs.get("submissions")
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Submission:
    """A wish that shall be booked once. fingerprint: of the wish as it was understood, not of its bytes.

    into: the series whose skipped date it is. known: the travel times that its tries were told.
    """

    kind: str
    wish: SeriesWish
    who: Caller
    key: UUID
    fingerprint: str
    now: datetime
    into: UUID | None = None
    known: dict[Alike, TravelTime] = field(default_factory=dict, compare=False)


def submission(kind: str, wish: SeriesWish, who: Caller, key: UUID, into: UUID | None = None) -> Submission:
    """Begin a submission. The instant at which it is made is read here, once."""
    whole = f"{kind} {wish} {into}" if into else f"{kind} {wish}"
    return Submission(kind, wish, who, key, sha256(whole.encode()).hexdigest(), clock.now(), into)


@dataclass(frozen=True, slots=True)
class Draft:
    """All that one transaction will write, and the answer it will give."""

    decided: Decided
    visits: booking_rows.Visits
    series: booking_rows.Series | None
    events: Sequence[OutgoingEvent]
    response: str
    status: int = 201

    @property
    def answer(self) -> keys.Answer:
        """What the key will stand for."""
        return self.status, self.response


class _Stale(Exception):  # noqa: N818 - no error, a turn of the protocol
    """What the plan rests on changed after it was made."""


class _KeyTaken(Exception):  # noqa: N818
    """Somebody else's transaction has done this submission's work."""


@dataclass(frozen=True, slots=True)
class Submissions:
    """Where submissions are worked on. compose: makes a draft of what was decided; reads and writes nothing.

    It is given the series that is booked into as it was when the plan was made.
    """

    db: Database
    settings: Settings
    travel: Travel
    compose: Callable[[Submission, Decided, Row | None], Draft]

    async def book(self, submission: Submission) -> StoredResponse:
        """Book a wish, or give the answer that its key stands for already.

        Raises BookingConflicts or DuplicateBooking (with every occurrence), InvalidRequest, KeyReused, RequestInProgress.
        """
        with metrics.duration.time():
            try:
                return await self._once(submission)
            except BaseException as error:
                if not isinstance(error, Problem) or error.status >= 500:
                    metrics.failed(submission.kind, submission.who, submission.wish, error)
                raise

    async def _once(self, submission: Submission) -> StoredResponse:
        for tries_left in reversed(range(_TRIES)):
            try:
                draft = await (self._commit(submission) if tries_left else self._commit_under_locks(submission))
            except _Stale:
                _log.info("plan is stale", tries_left=tries_left)
            except _KeyTaken:
                replay = await self._replay(submission)
                if replay:
                    return replay
            except (InvalidRequest, DuplicateBooking):
                # What was fine when it was booked may be past by now, or booked by this very submission: the key knows.
                replay = await self._replay(submission)
                if replay is None:
                    raise
                return replay
            else:
                return self._made(submission, draft)
        raise UpstreamUnavailable("This walker's calendar is changing a lot right now. Please try again.")

    async def _commit(self, submission: Submission) -> Draft:
        with tracer.start_as_current_span("plan"):
            seen = await planning.look(
                self.db, self.settings, submission.wish, submission.who, now=submission.now, key=submission.key
            )
            if seen.answer.kept:
                raise _KeyTaken
            submission = replace(submission, who=seen.who)
            into = await self._into(submission)
            plan = await planning.plan(seen, self.travel, submission.known)
            decided = decide(submission.kind, submission.who, submission.wish, plan)
            draft = self.compose(submission, decided, into)
        walkers, customer = plan.walkers(decided.made), submission.who.account_id
        read = locks.Versions(plan.organization_version, {customer: plan.customer_version}, walkers)
        async with self._transaction(submission) as tx:
            # The answer is known: kept with the key at once it is written once.
            found = await self._claim(tx, submission, walkers, draft.answer)
            if not _as_planned(found, read):
                raise _Stale
            await self._write(tx, submission, draft)
        return draft

    async def _commit_under_locks(self, submission: Submission) -> Draft:
        wish = submission.wish
        async with self._transaction(submission) as tx:
            await self._claim(tx, submission, wish.walkers, None)
            with tracer.start_as_current_span("plan"):
                into = await _read_into(tx, submission)
                seen = await planning.look_again(tx, self.settings, wish, submission.who, now=submission.now)
                submission = replace(submission, who=seen.who)
                # Nobody is asked while locks are held: what the tries before were told, and estimates for the rest.
                plan = planning.judge(seen, submission.known)
                decided = decide(submission.kind, submission.who, submission.wish, plan)
                draft = self.compose(submission, decided, into)
            await self._write(tx, submission, draft)
            await keys.keep(tx, submission.who.organization_id, submission.who.account_id, submission.key, draft.answer)
        return draft

    async def _into(self, submission: Submission) -> Row | None:
        if submission.into is None:
            return None
        # After the customer's version was read: whatever changes the series from now on makes the plan stale.
        async with self.db.begin(submission.who.organization_id) as tx:
            return await _read_into(tx, submission)

    @asynccontextmanager
    async def _transaction(self, submission: Submission) -> AsyncIterator[Tx]:
        started = time.perf_counter()
        outcome = "rollback"
        with tracer.start_as_current_span("transaction") as span:
            try:
                async with self.db.begin(submission.who.organization_id) as tx:
                    yield tx
                outcome = "commit"
            except (psycopg.errors.UniqueViolation, psycopg.errors.ExclusionViolation) as error:
                # The constraints stand behind the locks. Whoever got past these has moved a calendar under our feet.
                _log.warning("a constraint held", constraint=error.diag.constraint_name)
                raise _Stale from error
            finally:
                span.set_attribute("packwalk.outcome", outcome)
                _log.info("transaction", outcome=outcome, duration_ms=round((time.perf_counter() - started) * 1000, 2))

    async def _claim(
        self, tx: Tx, submission: Submission, walkers: Collection[UUID], answer: keys.Answer | None
    ) -> locks.Versions:
        """Take the key and the locks in one round trip. Returns the versions as they are then."""
        org, customer = submission.who.organization_id, submission.who.account_id
        hours = self.settings.idempotency_hours
        claim = await keys.claim(tx, org, customer, submission.key, submission.fingerprint, hours, answer)
        moves = await locks.send_moves(tx, org, customers=[customer], walkers=walkers)
        try:
            won = await claim.won()
        except psycopg.errors.LockNotAvailable as error:
            raise RequestInProgress from error
        if not won:
            raise _KeyTaken
        return await moves.versions()

    async def _write(self, tx: Tx, submission: Submission, draft: Draft) -> None:
        await booking_rows.write(tx, draft.visits, draft.series)
        if draft.series and draft.series.skipped:
            await booking_rows.write_skips(tx, submission.who.organization_id, draft.series)
        if submission.into:
            [visit] = draft.visits.visits
            if not await booking_rows.book_skip(tx, submission.who.organization_id, submission.into, visit):
                raise _booked_already()
        await outbox.write(tx, submission.who.organization_id, draft.events)

    async def _replay(self, submission: Submission) -> StoredResponse | None:
        who = submission.who
        async with self.db.begin(who.organization_id) as tx:
            kept = await keys.read(tx, who.organization_id, who.account_id, submission.key)
        return _replayed(kept, submission) if kept else None

    def _made(self, submission: Submission, draft: Draft) -> StoredResponse:
        series_id = draft.series.id if draft.series else submission.into
        metrics.made(submission.kind, submission.who, series_id, len(draft.visits.visits), draft.decided.skipped)
        return StoredResponse(draft.status, draft.response.encode())


async def _read_into(tx: Tx, submission: Submission) -> Row | None:
    if submission.into is None:
        return None
    organization_id, day = submission.who.organization_id, submission.wish.rule.starts_on
    skip = await booked.skipped_on(tx, organization_id, submission.into, day)
    if skip is None or skip["booked_as"]:
        raise _booked_already()
    [found] = await booked.series(tx, booked.Whose(organization_id), only=submission.into)
    return found


def _booked_already() -> DuplicateBooking:
    return DuplicateBooking("You have booked this date of the series already.")


def _as_planned(found: locks.Versions, read: locks.Versions) -> bool:
    return found == locks.Versions(read.organization, _moved(read.customers), _moved(read.walkers))


def _moved(versions: Mapping[UUID, int]) -> Mapping[UUID, int]:
    return {calendar: version + 1 for calendar, version in versions.items()}


def _replayed(kept: keys.Kept, submission: Submission) -> StoredResponse:
    if kept.fingerprint != submission.fingerprint:
        raise KeyReused
    return replayed(kept)
