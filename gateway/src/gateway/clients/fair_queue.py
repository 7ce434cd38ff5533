"""A fair queue before a service: organizations take turns, and so do the accounts of each.

A service works on few requests at a time; more of them would wait inside the service, in the order of their arrival. There an organization
with a thousand requests makes all others wait for them. Here the organization waits behind its own requests.
"""

import asyncio
from collections import deque
from uuid import UUID

from chassis.problems import UpstreamUnavailable
from chassis.tokens import Caller
from gateway import metrics

_BUSY = "We are very busy at the moment. Nothing was changed; please try again."


class _Organization:
    """The requests of one organization: how many are at the service, and those that wait, by account."""

    def __init__(self) -> None:
        self.at_service = 0
        self.waiting = 0
        self._accounts: dict[UUID, deque[asyncio.Future[None]]] = {}

    def add(self, account_id: UUID, turn: asyncio.Future[None]) -> None:
        self._accounts.setdefault(account_id, deque()).append(turn)
        self.waiting += 1

    def next(self) -> asyncio.Future[None]:
        """Take the first request of the account whose turn it is. That account's next turn comes after all others'."""
        account_id = next(iter(self._accounts))
        turns = self._accounts.pop(account_id)
        turn = turns.popleft()
        if turns:
            self._accounts[account_id] = turns
        self.waiting -= 1
        return turn

    def remove(self, account_id: UUID, turn: asyncio.Future[None]) -> None:
        """Forget a request that waits no longer."""
        turns = self._accounts.get(account_id)
        if turns is None or turn not in turns:  # the request was passed over when its turn came
            return
        turns.remove(turn)
        if not turns:
            del self._accounts[account_id]
        self.waiting -= 1


class FairQueue:
    """The queue of one service. at_once: requests that the service gets at a time, `share` of them of one organization at most.

    at_most: how many of one organization may wait.
    """

    def __init__(self, upstream: str, at_once: int, share: int, at_most: int) -> None:
        self._free = at_once
        self._share = share
        self._at_most = at_most
        self._organizations: dict[UUID, _Organization] = {}
        # Those with a request that waits and less than their share at the service, in the order of their turns.
        self._in_turn: dict[UUID, _Organization] = {}
        self._waiting = metrics.requests_waiting.labels(upstream)

    async def enter(self, caller: Caller, wait_limit_s: float) -> None:
        """Wait for a turn; `leave` gives it back. Raises UpstreamUnavailable when too many wait already, or it takes too long."""
        organization = self._organizations.get(caller.organization_id)
        if organization is None:
            organization = self._organizations[caller.organization_id] = _Organization()
        # With a place free, nobody else who may take it waits for it.
        if self._free and organization.at_service < self._share:
            self._free -= 1
            organization.at_service += 1
            return
        if organization.waiting >= self._at_most:
            raise UpstreamUnavailable(_BUSY)
        await self._wait(caller, organization, wait_limit_s)

    def leave(self, caller: Caller) -> None:
        """Give the place at the service to the next request."""
        organization = self._organizations[caller.organization_id]
        organization.at_service -= 1
        self._free += 1
        self._line_up(caller.organization_id, organization)
        self._admit()
        if not organization.at_service and not organization.waiting:
            del self._organizations[caller.organization_id]

    async def _wait(self, caller: Caller, organization: _Organization, wait_limit_s: float) -> None:
        turn = asyncio.get_running_loop().create_future()
        organization.add(caller.account_id, turn)
        self._line_up(caller.organization_id, organization)
        self._waiting.inc()
        try:
            async with asyncio.timeout(wait_limit_s):
                await turn
        except TimeoutError as error:
            self._give_up(caller, organization, turn)
            raise UpstreamUnavailable(_BUSY) from error
        except BaseException:
            self._give_up(caller, organization, turn)
            raise
        finally:
            self._waiting.dec()

    def _line_up(self, organization_id: UUID, organization: _Organization) -> None:
        if organization.waiting and organization.at_service < self._share:
            self._in_turn.setdefault(organization_id, organization)

    def _admit(self) -> None:
        while self._free and self._in_turn:
            organization_id = next(iter(self._in_turn))
            organization = self._in_turn.pop(organization_id)
            turn = organization.next()
            if not turn.cancelled():
                turn.set_result(None)
                organization.at_service += 1
                self._free -= 1
            self._line_up(organization_id, organization)

    def _give_up(self, caller: Caller, organization: _Organization, turn: asyncio.Future[None]) -> None:
        if turn.done() and not turn.cancelled():  # the turn came in the same moment
            self.leave(caller)
            return
        organization.remove(caller.account_id, turn)
        if not organization.waiting:
            self._in_turn.pop(caller.organization_id, None)
            if not organization.at_service:
                self._organizations.pop(caller.organization_id, None)
