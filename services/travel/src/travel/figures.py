"""What is known of slots, and finding out what is not: each slot is asked for once, however many want it, here and in other replicas.

Memory, then Postgres, then the provider. Within a process whoever comes second waits for the first; between processes a claim on the
cache's row says who asks, and ends by itself if that replica dies. No connection is held while the provider is asked. A question
that nobody waits for any more is finished all the same: it is paid for.
"""

import asyncio
import time
from collections.abc import Awaitable, Iterable, Mapping
from typing import TypeVar

import psycopg
from cachetools import LRUCache

from chassis.database import Database
from chassis.loop_time import LoopTimeBudget, loop_timeout
from travel import store, watching
from travel.asking import Asking
from travel.estimate import estimate
from travel.model import Answer, Figure, Reason, Slot, Trip
from travel.provider import Cell
from travel.settings import Settings
from travel.store import Kept

T = TypeVar("T")
Flights = dict[Slot, asyncio.Future[Answer]]
_CLAIM_BUDGETS = 4  # a replica that is short of processor takes longer than its budget, and shall not be asked past
_LOOK_AGAIN_S = 0.05
_DATABASE_S = 0.5  # a database that takes longer is done without


class Figures:
    """The figures of one provider."""

    def __init__(self, db: Database, asking: Asking, settings: Settings) -> None:
        self._db = db
        self._asking = asking
        self._source = asking.provider.source
        self._keep_s = settings.travel_cache_hours * 3600
        self._keep_estimates_s = min(settings.travel_estimate_cache_minutes * 60, self._keep_s)
        self._budget_s = settings.travel_budget_s
        self._memory: LRUCache[Slot, Kept] = LRUCache(settings.travel_memory_entries)
        self._flights: Flights = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Give up what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def find(self, trips: Mapping[Slot, Trip], within_s: float) -> dict[Slot, Answer]:
        """Answer every slot within the time; what is not known by then is estimated."""
        now = time.time()
        found: dict[Slot, Answer] = {}
        waited_for: Flights = {}
        unknown: dict[Slot, Trip] = {}
        for slot, trip in trips.items():
            kept = self._memory.get(slot)
            if kept is not None and kept.expires_at > now:
                found[slot] = Answer(kept.figure, cached=True)
            elif slot in self._flights:
                waited_for[slot] = self._flights[slot]
            else:
                unknown[slot] = trip
        watching.lookups.labels("memory").inc(len(found))
        if unknown:
            waited_for |= self._fly(unknown)
        if waited_for:
            await asyncio.wait(waited_for.values(), timeout=within_s)
            found |= {slot: _landed(slot, flight) for slot, flight in waited_for.items()}
        return found

    def _fly(self, unknown: Mapping[Slot, Trip]) -> Flights:
        loop = asyncio.get_running_loop()
        flights: Flights = {slot: loop.create_future() for slot in unknown}
        self._flights |= flights
        # A task of its own: whoever asked first may go away, and others still wait.
        task = asyncio.create_task(self._find_out(dict(unknown), flights))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return flights

    async def _find_out(self, unknown: dict[Slot, Trip], flights: Flights) -> None:
        try:
            # Where nothing may be kept there is nothing to look up or to claim either.
            missing = await self._look_up(unknown, flights, first=True) if self._keep_s else unknown
            async with LoopTimeBudget(self._budget_s) as budget:
                while missing and not self._asking.breaker.resting and budget.left:
                    won = await self._claimed(missing)
                    if won:
                        await self._ask({slot: missing[slot] for slot in won}, flights)
                        missing = {slot: trip for slot, trip in missing.items() if slot not in won}
                    if missing:
                        await asyncio.sleep(0 if won else _LOOK_AGAIN_S)
                        missing = await self._look_up(missing, flights)
            self._land(flights, {slot: _guess(slot, self._reason()) for slot in missing})
        except Exception:  # noqa: BLE001 - a defect, and nobody waits for this task: it is told here
            watching.log.exception("travel times not found out")
        finally:
            self._land(flights, {slot: _guess(slot, Reason.BROKEN) for slot in unknown})

    def _reason(self) -> Reason:
        return Reason.OPEN if self._asking.breaker.resting else Reason.SLOW

    async def _look_up(self, missing: dict[Slot, Trip], flights: Flights, *, first: bool = False) -> dict[Slot, Trip]:
        known = await self._from_database(store.read(self._db, self._source, list(missing))) or {}
        self._memory.update(known)
        if first:
            watching.lookups.labels("database").inc(len(known))
            watching.lookups.labels("miss").inc(len(missing) - len(known))
        # Only what was there before anybody waited was known before; later another replica has found it out for us.
        self._land(flights, {slot: Answer(kept.figure, cached=first) for slot, kept in known.items()})
        return {slot: trip for slot, trip in missing.items() if slot not in known}

    async def _claimed(self, missing: Mapping[Slot, Trip]) -> Iterable[Slot]:
        if not self._keep_s:
            return set(missing)
        claim_s = self._budget_s * _CLAIM_BUDGETS
        won = await self._from_database(store.claim(self._db, self._source, missing, claim_s))
        return set(missing) if won is None else won

    async def _ask(self, wanted: Mapping[Slot, Trip], flights: Flights) -> None:
        keep: dict[Slot, tuple[Figure, float]] = {}

        def told(cells: Mapping[Slot, Cell]) -> None:
            found = {slot: cell if isinstance(cell, Figure) else _guess_of(slot, cell) for slot, cell in cells.items()}
            for slot, figure in found.items():
                keep_s = self._keep_for(figure)
                keep[slot] = figure, keep_s
                if keep_s:
                    self._memory[slot] = Kept(figure, time.time() + keep_s)
            # Nobody waits for slower answers, or for the writing.
            self._land(flights, {slot: Answer(figure, cached=False) for slot, figure in found.items()})

        await self._asking.ask(wanted, told)
        if not self._keep_s:
            return
        written = {slot: what for slot, what in keep.items() if what[1]}
        if written:
            await self._from_database(store.write(self._db, self._source, written))
        if left := keep.keys() - written.keys():
            await self._from_database(store.release(self._db, self._source, left))

    def _keep_for(self, figure: Figure) -> float:
        if figure.reason is None or figure.reason.lasts:
            return self._keep_s
        # While the breaker is open nobody asks anyway, and as soon as it closes the provider takes over.
        return 0 if figure.reason is Reason.OPEN else self._keep_estimates_s

    def _land(self, flights: Flights, answers: Mapping[Slot, Answer]) -> None:
        for slot, answer in answers.items():
            if not flights[slot].done():
                flights[slot].set_result(answer)
            # What was not kept may be asked for again already: that is another flight, and not ours to end.
            if self._flights.get(slot) is flights[slot]:
                del self._flights[slot]

    async def _from_database(self, work: Awaitable[T]) -> T | None:
        # Without its database this replica still asks the provider, and remembers for itself.
        try:
            async with loop_timeout(_DATABASE_S):
                return await work
        except (psycopg.Error, TimeoutError) as error:
            watching.log.warning("cache not reached", error=type(error).__name__)
            return None


def _landed(slot: Slot, flight: asyncio.Future[Answer]) -> Answer:
    return flight.result() if flight.done() and not flight.cancelled() else _guess(slot, Reason.SLOW)


def _guess(slot: Slot, reason: Reason) -> Answer:
    return Answer(_guess_of(slot, reason), cached=False)


def _guess_of(slot: Slot, reason: Reason) -> Figure:
    return estimate(slot.origin, slot.destination, slot.mode, reason)
