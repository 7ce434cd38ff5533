"""Travel times that are known, and those that have to be fetched: each slot is fetched once, however many requests want it.

Memory, then Postgres, then the provider. Within a process the second request for a slot waits for the first; between processes a claim
on the cache's row says which replica fetches it, and ends by itself if that replica dies. No connection is held while the provider is
asked. A fetch that no request waits for any more is finished all the same: it is paid for.
"""

import asyncio
import time
from collections.abc import Awaitable, Iterable, Mapping
from typing import TypeVar

import psycopg
from cachetools import LRUCache

from chassis.database import Database
from chassis.loop_time import LoopTimeBudget, loop_timeout
from travel import metrics
from travel.clients.provider import Element
from travel.provider_calls import ProviderCalls
from travel.rules.estimate import estimate
from travel.rules.model import FallbackReason, LookupResult, TrafficSlot, Trip, TripTime
from travel.settings import Settings
from travel.store import travel_times as store
from travel.store.travel_times import CacheEntry

T = TypeVar("T")
InFlight = dict[TrafficSlot, asyncio.Future[LookupResult]]
_CLAIM_BUDGETS = 4  # a replica that is short of processor takes longer than its budget, and shall not be overtaken
_POLL_S = 0.05
_DATABASE_S = 0.5  # a database that takes longer is done without


class TravelTimeCache:
    """The travel times of one provider."""

    def __init__(self, db: Database, calls: ProviderCalls, settings: Settings) -> None:
        self._db = db
        self._calls = calls
        self._source = calls.provider.source
        self._ttl_s = settings.travel_cache_hours * 3600
        self._estimate_ttl_s = min(settings.travel_estimate_cache_minutes * 60, self._ttl_s)
        self._budget_s = settings.travel_budget_s
        self._memory: LRUCache[TrafficSlot, CacheEntry] = LRUCache(settings.travel_memory_entries)
        self._in_flight: InFlight = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Give up what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def find(self, trips: Mapping[TrafficSlot, Trip], within_s: float) -> dict[TrafficSlot, LookupResult]:
        """Answer every slot within the time; a slot that is not known by then is estimated."""
        now = time.time()
        found: dict[TrafficSlot, LookupResult] = {}
        awaited: InFlight = {}
        unknown: dict[TrafficSlot, Trip] = {}
        for slot, trip in trips.items():
            entry = self._memory.get(slot)
            if entry is not None and entry.expires_at > now:
                found[slot] = LookupResult(entry.trip_time, cached=True)
            elif slot in self._in_flight:
                awaited[slot] = self._in_flight[slot]
            else:
                unknown[slot] = trip
        metrics.cache_lookups.labels("memory").inc(len(found))
        if unknown:
            awaited |= self._start_filling(unknown)
        if awaited:
            await asyncio.wait(awaited.values(), timeout=within_s)
            found |= {slot: _result_of(slot, future) for slot, future in awaited.items()}
        return found

    def _start_filling(self, unknown: Mapping[TrafficSlot, Trip]) -> InFlight:
        loop = asyncio.get_running_loop()
        futures: InFlight = {slot: loop.create_future() for slot in unknown}
        self._in_flight |= futures
        # A task of its own: the first request may be given up while others still wait.
        task = asyncio.create_task(self._fill(dict(unknown), futures))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return futures

    async def _fill(self, unknown: dict[TrafficSlot, Trip], futures: InFlight) -> None:
        try:
            # Where nothing may be kept there is nothing to look up or to claim either.
            missing = await self._read(unknown, futures, first=True) if self._ttl_s else unknown
            async with LoopTimeBudget(self._budget_s) as budget:
                while missing and not self._calls.breaker.resting and budget.left:
                    won = await self._claim(missing)
                    if won:
                        await self._fetch({slot: missing[slot] for slot in won}, futures)
                        missing = {slot: trip for slot, trip in missing.items() if slot not in won}
                    if missing:
                        await asyncio.sleep(0 if won else _POLL_S)
                        missing = await self._read(missing, futures)
            self._resolve(futures, {slot: _estimated(slot, self._reason()) for slot in missing})
        except Exception:  # noqa: BLE001 - a defect, and nobody waits for this task: it is told here
            metrics.log.exception("travel times not found out")
        finally:
            self._resolve(futures, {slot: _estimated(slot, FallbackReason.BROKEN) for slot in unknown})

    def _reason(self) -> FallbackReason:
        return FallbackReason.OPEN if self._calls.breaker.resting else FallbackReason.SLOW

    async def _read(
        self, missing: dict[TrafficSlot, Trip], futures: InFlight, *, first: bool = False
    ) -> dict[TrafficSlot, Trip]:
        known = await self._in_database(store.read(self._db, self._source, list(missing))) or {}
        self._memory.update(known)
        if first:
            metrics.cache_lookups.labels("database").inc(len(known))
            metrics.cache_lookups.labels("miss").inc(len(missing) - len(known))
        # Only what was there before anybody waited was known before; later another replica has found it out for us.
        self._resolve(futures, {slot: LookupResult(entry.trip_time, cached=first) for slot, entry in known.items()})
        return {slot: trip for slot, trip in missing.items() if slot not in known}

    async def _claim(self, missing: Mapping[TrafficSlot, Trip]) -> Iterable[TrafficSlot]:
        if not self._ttl_s:
            return set(missing)
        claim_s = self._budget_s * _CLAIM_BUDGETS
        won = await self._in_database(store.claim(self._db, self._source, missing, claim_s))
        return set(missing) if won is None else won

    async def _fetch(self, wanted: Mapping[TrafficSlot, Trip], futures: InFlight) -> None:
        fetched: dict[TrafficSlot, tuple[TripTime, float]] = {}

        def on_elements(elements: Mapping[TrafficSlot, Element]) -> None:
            times = {slot: _time_of(slot, element) for slot, element in elements.items()}
            for slot, trip_time in times.items():
                ttl_s = self._ttl_of(trip_time)
                fetched[slot] = trip_time, ttl_s
                if ttl_s:
                    self._memory[slot] = CacheEntry(trip_time, time.time() + ttl_s)
            # Nobody waits for slower answers, or for the writing.
            self._resolve(futures, {slot: LookupResult(trip_time, cached=False) for slot, trip_time in times.items()})

        await self._calls.fetch(wanted, on_elements)
        if self._ttl_s:
            await self._write(fetched)

    async def _write(self, fetched: Mapping[TrafficSlot, tuple[TripTime, float]]) -> None:
        kept = {slot: (trip_time, ttl_s) for slot, (trip_time, ttl_s) in fetched.items() if ttl_s}
        if kept:
            await self._in_database(store.write(self._db, self._source, kept))
        if dropped := fetched.keys() - kept.keys():
            await self._in_database(store.release(self._db, self._source, dropped))

    def _ttl_of(self, trip_time: TripTime) -> float:
        if trip_time.reason is None or trip_time.reason.is_permanent:
            return self._ttl_s
        # While the breaker is open nobody asks anyway, and as soon as it closes the provider takes over.
        return 0 if trip_time.reason is FallbackReason.OPEN else self._estimate_ttl_s

    def _resolve(self, futures: InFlight, results: Mapping[TrafficSlot, LookupResult]) -> None:
        for slot, result in results.items():
            if not futures[slot].done():
                futures[slot].set_result(result)
            # What was not kept may be wanted again already: that is another future, and not ours to end.
            if self._in_flight.get(slot) is futures[slot]:
                del self._in_flight[slot]

    async def _in_database(self, work: Awaitable[T]) -> T | None:
        # Without its database this replica still asks the provider, and remembers for itself.
        try:
            async with loop_timeout(_DATABASE_S):
                return await work
        except (psycopg.Error, TimeoutError) as error:
            metrics.log.warning("cache not reached", error=type(error).__name__)
            return None


def _result_of(slot: TrafficSlot, future: asyncio.Future[LookupResult]) -> LookupResult:
    return future.result() if future.done() and not future.cancelled() else _estimated(slot, FallbackReason.SLOW)


def _estimated(slot: TrafficSlot, reason: FallbackReason) -> LookupResult:
    return LookupResult(_time_of(slot, reason), cached=False)


def _time_of(slot: TrafficSlot, element: Element) -> TripTime:
    if isinstance(element, TripTime):
        return element
    return estimate(slot.origin, slot.destination, slot.mode, element)
