"""Time as the event loop saw it: a process that got no processor blames nobody."""

import asyncio
import socket
import threading

import pytest

from chassis import deadline
from chassis.breaker import Breaker, DeadlinePassed, TooSlow, time_limit
from chassis.loop_time import LoopTimeBudget, loop_timeout


def stand_still(seconds: float) -> None:
    """Keep the event loop from running, as a machine does that gives the processor to others."""
    threading.Event().wait(seconds)


async def test_a_loop_timeout_ends_when_nothing_comes() -> None:
    with pytest.raises(TimeoutError):
        async with loop_timeout(0.05):
            await asyncio.Event().wait()


async def test_what_lay_in_the_socket_while_the_loop_stood_still_is_read() -> None:
    here, there = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=here)
    async with loop_timeout(0.05):
        asyncio.get_running_loop().call_soon(lambda: (there.sendall(b"half "), stand_still(0.2)))
        assert await reader.readexactly(5) == b"half "
        asyncio.get_running_loop().call_soon(lambda: (there.sendall(b"whole"), stand_still(0.2)))
        assert await reader.readexactly(5) == b"whole"
    writer.close()
    there.close()


async def test_tasks_share_one_budget_and_whoever_comes_late_finds_it_over() -> None:
    async def wait(budget: LoopTimeBudget) -> None:
        async with budget.limit():
            await asyncio.Event().wait()

    async with LoopTimeBudget(0.05) as budget:
        ended = await asyncio.gather(*(wait(budget) for _ in range(3)), return_exceptions=True)
        assert [type(error) for error in ended] == [TimeoutError] * 3
        assert budget.left == 0
        with pytest.raises(TimeoutError):
            await wait(budget)


async def hang(breaker: Breaker, limit_s: float) -> None:
    with breaker.guard():
        async with time_limit(breaker.upstream, limit_s):
            await asyncio.Event().wait()


async def test_an_upstream_that_does_not_answer_in_time_is_slow() -> None:
    breaker = Breaker("slow", at_most=1)

    async def opened() -> None:
        while breaker.current == "closed":  # the machine may be the one that is slow
            with pytest.raises((TooSlow, DeadlinePassed)):
                await hang(breaker, 0.2)

    await opened()
    assert breaker.current == "open"


async def test_an_upstream_is_not_blamed_for_what_we_did_not_read() -> None:
    breaker = Breaker("unread", at_most=1)
    asyncio.get_running_loop().call_soon(stand_still, 0.2)
    with pytest.raises(DeadlinePassed):
        await hang(breaker, 0.1)
    assert breaker.current == "closed"


async def test_an_upstream_is_not_blamed_for_a_caller_in_a_hurry() -> None:
    async def hurried() -> Breaker:
        deadline.begin(10, "50")
        breaker = Breaker("hurried", at_most=1)
        with pytest.raises(DeadlinePassed):
            await hang(breaker, 10)
        return breaker

    assert (await asyncio.create_task(hurried())).current == "closed"
