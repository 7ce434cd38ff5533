"""The breaker: what counts, who may try, and what comes too late."""

import asyncio

import pytest

from chassis.breaker import Breaker, Failed
from chassis.problems import UpstreamUnavailable


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker("a-test", at_most=3, rest_s=5, clock=clock)


def fail(breaker: Breaker, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(Failed), breaker.guard():
            raise Failed("away")


def test_it_opens_after_failures_in_a_row_and_says_when_to_come_back(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 1.5
    with pytest.raises(UpstreamUnavailable) as refused, breaker.guard():
        pytest.fail("nobody gets through")
    assert refused.value.headers["retry-after"] == "4"


def test_a_success_in_between_starts_the_count_anew(breaker: Breaker) -> None:
    fail(breaker, 2)
    with breaker.guard():
        pass
    fail(breaker, 2)
    assert breaker.current == "closed"


def test_defects_and_cancellations_count_for_nothing(breaker: Breaker) -> None:
    for error in (ValueError, asyncio.CancelledError, KeyboardInterrupt) * 3:
        with pytest.raises(error), breaker.guard():
            raise error
    assert breaker.current == "closed"


async def test_half_open_lets_exactly_one_of_twenty_try(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 5
    through, release = 0, asyncio.Event()

    async def call() -> bool:
        nonlocal through
        with breaker.guard():
            through += 1
            await release.wait()
        return True

    calls = [asyncio.create_task(call()) for _ in range(20)]
    done, waiting = await asyncio.wait(calls, return_when=asyncio.FIRST_EXCEPTION)
    while len(done) < 19:
        more, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        done |= more
    assert (through, breaker.current) == (1, "half-open")
    release.set()
    assert await waiting.pop() is True
    assert breaker.current == "closed"
    assert all(isinstance(task.exception(), UpstreamUnavailable) for task in done)


def test_a_trial_that_fails_opens_it_for_another_rest(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 5
    fail(breaker)
    assert breaker.current == "open"
    clock.now += 4
    with pytest.raises(UpstreamUnavailable), breaker.guard():
        pytest.fail("nobody gets through")


def test_a_trial_that_is_cancelled_leaves_its_turn_to_the_next(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 5
    with pytest.raises(asyncio.CancelledError), breaker.guard():
        raise asyncio.CancelledError
    assert breaker.current == "half-open"
    with breaker.guard():
        pass
    assert breaker.current == "closed"


def test_results_that_come_late_never_move_it(breaker: Breaker, clock: Clock) -> None:
    late_success, late_failure = breaker.guard(), breaker.guard()
    late_success.__enter__()
    late_failure.__enter__()
    fail(breaker, 3)
    late_success.__exit__(None, None, None)
    assert breaker.current == "open"
    clock.now += 5
    with breaker.guard():
        pass
    error = Failed("from before")
    assert not late_failure.__exit__(Failed, error, None)
    fail(breaker, 2)
    assert breaker.current == "closed", "the late one was not the third"


class Refused(Failed):
    rest_s = 600


def test_what_will_not_pass_by_itself_opens_it_at_once_for_its_own_rest(breaker: Breaker, clock: Clock) -> None:
    with pytest.raises(Refused), breaker.guard():
        raise Refused("no key")
    clock.now += 599
    assert breaker.resting
    with pytest.raises(UpstreamUnavailable) as refused, breaker.guard():
        pytest.fail("nobody gets through")
    assert refused.value.headers["retry-after"] == "1"
    clock.now += 2
    assert not breaker.resting
    with breaker.guard():
        pass
    assert breaker.current == "closed"


def test_a_trial_that_is_refused_opens_it_for_its_own_rest(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 6
    with pytest.raises(Refused), breaker.guard():
        raise Refused("no key")
    clock.now += 599
    assert breaker.resting


def test_after_that_an_ordinary_failure_opens_it_for_the_ordinary_rest(breaker: Breaker, clock: Clock) -> None:
    with pytest.raises(Refused), breaker.guard():
        raise Refused("no key")
    clock.now += 601
    fail(breaker)
    clock.now += 6
    assert not breaker.resting
