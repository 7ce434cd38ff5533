"""Who is next at a service, whoever asks for how much; without a server and without a clock."""

import asyncio
from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import UpstreamUnavailable
from chassis.testing import HANG_S
from chassis.tokens import Caller
from gateway.clients.fair_queue import FairQueue


def somebody(organization_id: UUID | None = None) -> Caller:
    return Caller(uuid4(), organization_id or uuid4(), "customer", "Ann", "Europe/London", "GBP")


def colleague(of: Caller) -> Caller:
    return somebody(of.organization_id)


class Service:
    """What stands behind a queue: notes who comes, and keeps everybody until it is told to be done with one."""

    def __init__(self, at_once: int = 16, share: int = 4, at_most: int = 100) -> None:
        self.queue = FairQueue("trial", at_once, share, at_most)
        self.inside: list[Caller] = []
        self.came: list[Caller] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def asked_by(self, *callers: Caller, wait_limit_s: float = HANG_S) -> list[asyncio.Task[None]]:
        """Let requests arrive in this order, and wait until each is inside or waits."""
        new = [asyncio.create_task(self._enter(who, wait_limit_s)) for who in callers]
        self.tasks += new
        await settled()
        return new

    async def _enter(self, who: Caller, wait_limit_s: float) -> None:
        await self.queue.enter(who, wait_limit_s)
        self.inside.append(who)
        self.came.append(who)

    async def done(self, times: int = 1) -> None:
        """Be done with the requests that have been inside longest."""
        for _ in range(times):
            self.queue.leave(self.inside.pop(0))
            await settled()

    async def emptied(self) -> None:
        while self.inside:
            await self.done()


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_an_organization_has_its_share_at_the_service_and_no_more() -> None:
    service, noisy = Service(), somebody()
    await service.asked_by(*[noisy] * 20)
    assert service.came == [noisy] * 4


async def test_a_quiet_organization_comes_at_once_however_many_of_a_noisy_one_wait() -> None:
    service, noisy, quiet = Service(), somebody(), somebody()
    await service.asked_by(*[noisy] * 50, quiet)
    assert service.came == [noisy] * 4 + [quiet]


async def test_organizations_take_turns_when_the_service_has_all_that_it_takes() -> None:
    service = Service(at_once=2, share=2)
    first, second, third = somebody(), somebody(), somebody()
    await service.asked_by(*[first] * 6, *[second] * 3, third)
    await service.emptied()
    assert service.came == [first, first, second, third, first, second, first, second, first, first]


async def test_the_accounts_of_an_organization_take_turns() -> None:
    service, noisy = Service(share=1), somebody()
    quiet = colleague(noisy)
    await service.asked_by(*[noisy] * 4, quiet)
    await service.emptied()
    assert service.came == [noisy, noisy, quiet, noisy, noisy]


async def test_what_waits_too_much_is_refused_and_no_other_organization_is() -> None:
    service, noisy, quiet = Service(at_most=3), somebody(), somebody()
    tasks = await service.asked_by(*[noisy] * 8, quiet)
    refused = [task for task in tasks if task.done() and task.exception()]
    assert refused == tasks[7:8]
    problem = refused[0].exception()
    assert isinstance(problem, UpstreamUnavailable)
    assert (problem.status, problem.retryable, problem.headers["retry-after"]) == (503, True, "1")
    assert service.came[-1] is quiet


async def test_a_request_that_runs_out_of_patience_is_refused_and_takes_nobodys_turn() -> None:
    service, someone = Service(share=1), somebody()
    await service.asked_by(someone)
    [hurried] = await service.asked_by(someone, wait_limit_s=0)
    with pytest.raises(UpstreamUnavailable):
        await hurried
    other = colleague(someone)
    await service.asked_by(other)
    await service.emptied()
    assert service.came == [someone, other]


async def test_a_turn_that_came_to_a_request_which_is_ended_goes_on_to_the_next() -> None:
    service, someone = Service(share=1), somebody()
    await service.asked_by(someone)
    ended, _ = await service.asked_by(someone, colleague(someone))
    service.queue.leave(service.inside.pop())
    ended.cancel()  # before it learned that its turn came
    await settled()
    assert len(service.inside) == 1
    assert service.inside[0] is not someone


CROWD = [somebody() for _ in range(3)]
CROWD += [colleague(one) for one in CROWD]
MOVES = st.lists(st.sampled_from([*range(len(CROWD)), "leaves", "is ended"]), max_size=60)


@given(MOVES, st.integers(1, 4), st.integers(1, 3))
def test_whatever_happens_no_place_is_lost_and_none_is_given_twice(moves: list, at_once: int, share: int) -> None:
    asyncio.run(_no_place_is_lost(moves, at_once, share))


async def _no_place_is_lost(moves: list, at_once: int, share: int) -> None:
    service = Service(at_once, share)
    for move in moves:
        if move == "leaves" and service.inside:
            service.queue.leave(service.inside.pop(0))
        elif move == "is ended" and service.tasks:
            service.tasks.pop().cancel()
        elif isinstance(move, int):
            await service.asked_by(CROWD[move])
        await settled()
        of_each = [sum(who.organization_id == one.organization_id for who in service.inside) for one in CROWD]
        assert len(service.inside) <= at_once
        assert max(of_each) <= share
    await service.emptied()
    for task in service.tasks:
        with suppress(asyncio.CancelledError):
            await task
    await service.asked_by(*CROWD[:3])
    assert len(service.inside) == min(3, at_once), "every place is free again"
    assert not [one for one in service.queue._organizations.values() if not one.at_service and not one.waiting]
    await service.emptied()
    assert not service.queue._organizations
