"""Ask the provider: within a budget, behind a breaker, twice where that can help, and never for more than is wanted."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from chassis.breaker import Breaker
from chassis.loop_time import LoopTimeBudget
from chassis.problems import UpstreamUnavailable
from chassis.tracing import tracer
from travel import watching
from travel.matrices import Matrix, Pair, matrices
from travel.model import Departure, Mode, Reason, Slot, Trip
from travel.provider import Cell, Invalid, Limited, NeedsOperator, Provider, TooSlow, Unreachable, reason_of
from travel.settings import Settings
from travel.slots import ask_for

_TRIES = 2
_PAUSE_S = (0.02, 0.12)  # before the second try


class Asking:
    """The one way to the provider. All requests of this process share its breaker and its number at once."""

    def __init__(self, provider: Provider, settings: Settings) -> None:
        self.provider = provider
        self._budget_s = settings.travel_budget_s
        self._at_once = asyncio.Semaphore(settings.travel_requests_at_once)
        self.breaker = Breaker(provider.source.value, settings.travel_breaker_failures, settings.travel_breaker_rest_s)
        watching.watch(provider.source)

    async def ask(self, wanted: Mapping[Slot, Trip], tell: Callable[[Mapping[Slot, Cell]], None]) -> None:
        """Find out about slots, each with one of its trips. Every one is told of within the budget, as answers come; raises nothing."""
        groups: dict[tuple[Mode, Departure], dict[Pair, Slot]] = {}
        for slot in wanted:
            groups.setdefault((slot.mode, slot.departure), {})[slot.origin, slot.destination] = slot

        async def tell_of(mode: Mode, matrix: Matrix, leaves: datetime, slots: Mapping[Pair, Slot]) -> None:
            rows = await self._answer(mode, matrix, leaves, budget)
            tell(
                {
                    slots[origin, destination]: rows if isinstance(rows, Reason) else rows[i][j]
                    for i, origin in enumerate(matrix.origins)
                    for j, destination in enumerate(matrix.destinations)
                }
            )

        async with LoopTimeBudget(self._budget_s) as budget, asyncio.TaskGroup() as tasks:
            for (mode, departure), slots in groups.items():
                at = min(wanted[slot].depart_at for slot in slots.values())
                leaves = ask_for(at, departure.time_zone, datetime.now(UTC), self.provider.horizon(mode))
                for matrix in matrices(slots, self.provider.limits(mode)):
                    tasks.create_task(tell_of(mode, matrix, leaves, slots))

    async def _answer(
        self, mode: Mode, matrix: Matrix, leaves: datetime, budget: LoopTimeBudget
    ) -> list[list[Cell]] | Reason:
        for tries_left in reversed(range(_TRIES)):
            try:
                async with self._turn(budget):
                    return await self._once(mode, matrix, leaves, budget)
            except UpstreamUnavailable:
                return Reason.OPEN
            except (Unreachable, Limited) as error:
                if not tries_left:
                    return reason_of(error)
                # The rivals that failed with us shall not all come back at the same instant.
                await asyncio.sleep(random.uniform(*_PAUSE_S))  # noqa: S311 - no secret
            except Exception as error:  # noqa: BLE001 - whatever it is, there is an estimate
                return reason_of(error)
        raise AssertionError("the last try returns")

    @asynccontextmanager
    async def _turn(self, budget: LoopTimeBudget) -> AsyncIterator[None]:
        # The limit is on the waiting alone: around the request it would end that before the request's own limit says who was slow.
        async with budget.limit():
            await self._at_once.acquire()
        try:
            yield
        finally:
            self._at_once.release()

    async def _once(self, mode: Mode, matrix: Matrix, leaves: datetime, budget: LoopTimeBudget) -> list[list[Cell]]:
        source = self.provider.source.value
        with self.breaker.guard(), tracer.start_as_current_span(f"ask {source}") as span:
            span.set_attribute("packwalk.elements", matrix.elements)
            span.set_attribute("packwalk.mode", mode.value)
            started, outcome = time.perf_counter(), "ok"
            watching.billed.labels(source).inc(matrix.elements)
            try:
                rows = await self._within(budget, mode, matrix, leaves)
            except Exception as error:
                outcome = reason_of(error).value
                self._tell(error)
                raise
            finally:
                span.set_attribute("packwalk.outcome", outcome)
                watching.calls.labels(source, outcome).inc()
                watching.seconds.labels(source).observe(time.perf_counter() - started)
            watching.needs_operator.labels(source).set(0)
            return rows

    async def _within(self, budget: LoopTimeBudget, mode: Mode, matrix: Matrix, leaves: datetime) -> list[list[Cell]]:
        left = budget.left
        try:
            async with budget.limit():
                return await self.provider.ask(mode, matrix, leaves)
        except TimeoutError as error:
            # Who waited for their turn until little time was left says nothing against the provider.
            if left < 0.5:
                raise
            raise TooSlow(self.provider.source.value) from error

    def _tell(self, error: Exception) -> None:
        source = self.provider.source
        if isinstance(error, NeedsOperator):
            watching.refused(source, error.why)
        elif isinstance(error, Invalid):
            watching.log.error("provider does not understand us", provider=source.value, why=str(error))
        else:
            watching.log.warning("provider failed", provider=source.value, error=type(error).__name__, why=str(error))
