"""A circuit breaker per upstream: after some failures in a row nobody waits for it any more, until one trial succeeds.

The state machine and its listeners are pybreaker's. The outcomes are recorded here, because its own ways of calling do not fit asyncio:
they let every rival through when half-open, and take a client that went away for a failure.
"""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import pybreaker
from prometheus_client import Counter, Gauge

from chassis import deadline, logs
from chassis.loop_time import LoopTimeBudget
from chassis.problems import UpstreamUnavailable

_log = logs.get("breaker")
_STATES = {pybreaker.STATE_CLOSED: 0, pybreaker.STATE_HALF_OPEN: 1, pybreaker.STATE_OPEN: 2}
state = Gauge("breaker_state", "0 closed, 1 half-open, 2 open.", ["upstream"])
outcomes = Counter("breaker_outcomes_total", "Calls by how they ended.", ["upstream", "outcome"])


class Failed(Exception):  # noqa: N818 - the breaker's word
    """Raise this, or a subclass, in a guarded block for what speaks against the upstream. Nothing else does.

    rest_s: what will not pass by itself opens the breaker at once, for so long.
    """

    rest_s: float | None = None


class Unreachable(Failed):
    """The upstream cannot be reached, or hangs up."""


class TooSlow(Failed):
    """The upstream does not answer in time."""


class DeadlinePassed(Exception):  # noqa: N818 - says nothing against the upstream
    """The time was over, but the upstream had no fair chance: the caller was in a hurry, or this process got no processor."""


@asynccontextmanager
async def time_limit(upstream: str, limit_s: float) -> AsyncIterator[None]:
    """End what runs in the block after `limit_s` seconds of the clock, sooner where the caller's deadline is shorter.

    Raises TooSlow where that speaks against the upstream, DeadlinePassed where it does not.
    """
    left_s = deadline.remaining_s(limit_s)
    async with LoopTimeBudget(left_s) as attention:
        try:
            async with asyncio.timeout(left_s) as limit:
                yield
        except TimeoutError as error:
            if not limit.expired():
                raise
            fair = left_s >= limit_s * 0.99 and attention.left < 0.5
            raise (TooSlow if fair else DeadlinePassed)(upstream) from error


class Breaker(pybreaker.CircuitBreakerListener):
    """Guards the calls to one upstream. at_most: failures in a row before it opens; rest_s: how long it stays open."""

    def __init__(
        self, upstream: str, at_most: int = 5, rest_s: float = 5.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.upstream = upstream
        self._rest_s = rest_s
        self._clock = clock
        self._open_until = 0.0
        self._changes = 0
        self._trial: object | None = None
        # The rest is measured by our own clock: pybreaker's is 0, so that it never stands in the way of recording a trial.
        self._machine = pybreaker.CircuitBreaker(fail_max=at_most, reset_timeout=0, listeners=[self], name=upstream)
        state.labels(upstream).set(0)
        self._outcomes = {outcome: outcomes.labels(upstream, outcome) for outcome in ("success", "failure", "refused")}

    @property
    def current(self) -> str:
        """Return `closed`, `open` or `half-open`."""
        return self._machine.current_state

    @property
    def resting(self) -> bool:
        """Whether a call would be refused right now because the breaker is open."""
        return self.current == pybreaker.STATE_OPEN and self._clock() < self._open_until

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Run one call. Its normal end is a success, `Failed` a failure; any other exception counts for nothing.

        Raises UpstreamUnavailable at once while the breaker is open, or half-open with the one trial under way.
        """
        ticket, began = object(), self._admit()
        if self.current == pybreaker.STATE_HALF_OPEN:
            self._trial = ticket
        try:
            yield
        except Failed as failure:
            self._record(began, failure)
            raise
        else:
            self._record(began, None)
        finally:
            if self._trial is ticket:
                self._trial = None

    def _admit(self) -> int:
        if self.current == pybreaker.STATE_OPEN:
            left = self._open_until - self._clock()
            if left > 0:
                raise self._refusal(left)
            self._machine.half_open()
        if self.current == pybreaker.STATE_HALF_OPEN and self._trial is not None:
            raise self._refusal(1)
        return self._changes

    def _refusal(self, left_s: float) -> UpstreamUnavailable:
        self._outcomes["refused"].inc()
        return UpstreamUnavailable(
            "A part of Packwalk is not available at the moment. Nothing was changed; please try again soon.",
            retry_after_s=max(1, math.ceil(left_s)),
        )

    def _record(self, began: int, failure: Failed | None) -> None:
        self._outcomes["failure" if failure else "success"].inc()
        if began != self._changes:  # it began under another state: too late to tell us anything about this one
            return
        if failure is None and self.current == pybreaker.STATE_CLOSED and self._machine.fail_counter == 0:
            return  # a success after successes is no news to the machine, and telling it costs every request
        with suppress(pybreaker.CircuitBreakerError, Failed):
            self._machine.call(_end, failure)
        if failure is not None and failure.rest_s is not None:
            self._machine.open()
            self._open_until = self._clock() + failure.rest_s

    def state_change(
        self,
        cb: pybreaker.CircuitBreaker,  # noqa: ARG002 - the listener's signature
        old_state: pybreaker.CircuitBreakerState | None,
        new_state: pybreaker.CircuitBreakerState,
    ) -> None:
        """Hear from the state machine that it moved."""
        self._changes += 1
        if new_state.name == pybreaker.STATE_OPEN:
            self._open_until = self._clock() + self._rest_s
        state.labels(self.upstream).set(_STATES[new_state.name])
        before = old_state.name if old_state else None
        _log.warning("breaker moved", upstream=self.upstream, before=before, after=new_state.name)


def _end(failure: Failed | None) -> None:
    if failure is not None:
        raise failure
