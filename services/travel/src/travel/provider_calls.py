"""Requests to the provider: within a budget, behind a breaker, tried twice where that can help, and never for more than is wanted."""

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
from travel import metrics
from travel.clients.provider import (
    AccessDenied,
    Element,
    InvalidQuery,
    Provider,
    RateLimited,
    TooSlow,
    Unreachable,
    reason_of,
)
from travel.rules.batching import Matrix, Pair, batches
from travel.rules.model import FallbackReason, Mode, TimeBucket, TrafficSlot, Trip
from travel.rules.traffic_slots import departure_to_request
from travel.settings import Settings

_TRIES = 2
_PAUSE_S = (0.02, 0.12)  # before the second try
# A request that had less time than this left says nothing against the provider when it ran out of time.
_FAIR_S = 0.5

OnElements = Callable[[Mapping[TrafficSlot, Element]], None]


class ProviderCalls:
    """The one way to the provider. All requests of this process share its breaker and its limit of concurrency."""

    def __init__(self, provider: Provider, settings: Settings) -> None:
        self.provider = provider
        self._budget_s = settings.travel_budget_s
        self._concurrency = asyncio.Semaphore(settings.travel_requests_at_once)
        self.breaker = Breaker(provider.source.value, settings.travel_breaker_failures, settings.travel_breaker_rest_s)
        metrics.reset_provider(provider.source)

    async def fetch(self, wanted: Mapping[TrafficSlot, Trip], on_elements: OnElements) -> None:
        """Fetch slots, each with one of its trips. `on_elements` gets every slot within the budget, as answers come. Raises nothing."""
        groups: dict[tuple[Mode, TimeBucket], dict[Pair, TrafficSlot]] = {}
        for slot in wanted:
            groups.setdefault((slot.mode, slot.bucket), {})[slot.origin, slot.destination] = slot

        async def fetch_matrix(mode: Mode, matrix: Matrix, leaves: datetime, slots: Mapping[Pair, TrafficSlot]) -> None:
            rows = await self._with_retry(mode, matrix, leaves, budget)
            on_elements(
                {
                    slots[origin, destination]: rows if isinstance(rows, FallbackReason) else rows[i][j]
                    for i, origin in enumerate(matrix.origins)
                    for j, destination in enumerate(matrix.destinations)
                }
            )

        async with LoopTimeBudget(self._budget_s) as budget, asyncio.TaskGroup() as tasks:
            for (mode, bucket), slots in groups.items():
                at = min(wanted[slot].depart_at for slot in slots.values())
                leaves = departure_to_request(at, bucket.time_zone, datetime.now(UTC), self.provider.horizon(mode))
                for matrix in batches(slots, self.provider.limits(mode)):
                    tasks.create_task(fetch_matrix(mode, matrix, leaves, slots))

    async def _with_retry(
        self, mode: Mode, matrix: Matrix, leaves: datetime, budget: LoopTimeBudget
    ) -> list[list[Element]] | FallbackReason:
        for tries_left in reversed(range(_TRIES)):
            try:
                async with self._permit(budget):
                    return await self._call(mode, matrix, leaves, budget)
            except UpstreamUnavailable:
                return FallbackReason.OPEN
            except (Unreachable, RateLimited) as error:
                if not tries_left:
                    return reason_of(error)
                # Requests that failed together shall not all come back at the same instant.
                await asyncio.sleep(random.uniform(*_PAUSE_S))  # noqa: S311 - no secret
            except Exception as error:  # noqa: BLE001 - whatever it is, there is an estimate
                return reason_of(error)
        raise AssertionError("the last try returns")

    @asynccontextmanager
    async def _permit(self, budget: LoopTimeBudget) -> AsyncIterator[None]:
        # The limit is on the waiting alone: around the request it would end that before the request's own limit says who was slow.
        async with budget.limit():
            await self._concurrency.acquire()
        try:
            yield
        finally:
            self._concurrency.release()

    async def _call(self, mode: Mode, matrix: Matrix, leaves: datetime, budget: LoopTimeBudget) -> list[list[Element]]:
        source = self.provider.source.value
        with self.breaker.guard(), tracer.start_as_current_span(f"ask {source}") as span:
            span.set_attribute("packwalk.elements", matrix.elements)
            span.set_attribute("packwalk.mode", mode.value)
            started, outcome = time.perf_counter(), "ok"
            metrics.elements_billed.labels(source).inc(matrix.elements)
            try:
                rows = await self._within_budget(budget, mode, matrix, leaves)
            except Exception as error:
                outcome = reason_of(error).value
                self._log_failure(error)
                raise
            finally:
                span.set_attribute("packwalk.outcome", outcome)
                metrics.provider_calls.labels(source, outcome).inc()
                metrics.provider_call_s.labels(source).observe(time.perf_counter() - started)
            metrics.needs_operator.labels(source).set(0)
            return rows

    async def _within_budget(
        self, budget: LoopTimeBudget, mode: Mode, matrix: Matrix, leaves: datetime
    ) -> list[list[Element]]:
        left_s = budget.left
        try:
            async with budget.limit():
                return await self.provider.fetch(mode, matrix, leaves)
        except TimeoutError as error:
            if left_s < _FAIR_S:
                raise
            raise TooSlow(self.provider.source.value) from error

    def _log_failure(self, error: Exception) -> None:
        source = self.provider.source
        if isinstance(error, AccessDenied):
            metrics.access_denied(source, error.why)
        elif isinstance(error, InvalidQuery):
            metrics.log.error("provider does not understand us", provider=source.value, why=str(error))
        else:
            metrics.log.warning("provider failed", provider=source.value, error=type(error).__name__, why=str(error))
