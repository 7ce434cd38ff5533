"""Tell booking who there is, so that walkers can be booked and customers can book, and what settings it plans by.

Accounts are made here in one transaction and booking is told right after it. When booking is away the account is there all the same:
a loop tells booking as soon as it is back, and nobody's request is passed on before booking knows them. So an account that was
answered with 201 never gets lost, and a registration never waits for booking.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from chassis import logs
from chassis.database import Database
from chassis.http_client import ServiceClient
from chassis.issuer import Issuer
from chassis.problems import Problem, UpstreamUnavailable
from chassis.tokens import GATEWAY, Caller
from gateway.model import Account, Organization
from gateway.store import accounts
from gateway.store.accounts import Untold

_log = logs.get("telling")
_AT_ONCE = 100
_UNCHANGED = "A part of Packwalk is not available at the moment. Nothing was changed; please try again."
_WAIT = "We are still setting up your account. Please try again in a moment."


class Telling:
    """Tells booking of accounts, and keeps trying."""

    def __init__(self, db: Database, booking: ServiceClient, issuer: Issuer) -> None:
        self._db = db
        self._booking = booking
        self._issuer = issuer

    async def of(self, account: Account, organization: Organization) -> None:
        """Tell of one account that was made or changed; leaves it to the loop when booking cannot be told now."""
        try:
            await self._tell(_untold(account, organization.time_zone, organization.currency))
        except Problem as problem:
            _log.warning("booking not told", account_id=account.id, problem=problem.type)

    async def now(self, who: Caller) -> None:
        """Make sure that booking knows somebody. Raises UpstreamUnavailable when that cannot be done."""
        async with self._db.begin(who.organization_id) as tx:
            account = await accounts.current(tx, who.account_id)
        if account is not None:
            await self._tell(_untold(account, who.time_zone, who.currency))

    async def keep_telling(self, every_s: float) -> None:
        """Tell what booking does not know yet, until cancelled."""
        while True:
            try:
                await self._tell_all()
            except Exception as error:  # noqa: BLE001 - the loop outlives whatever is away
                _log.warning("telling put off", error=type(error).__name__)
            await asyncio.sleep(every_s)

    async def _tell_all(self) -> None:
        async with self._db.connection() as tx:
            waiting = await accounts.untold(tx, _AT_ONCE)
        for one in waiting:
            await self._tell(one)

    async def settings(self, changed: Organization) -> None:
        """Tell booking what an organization's settings are from now on. Raises UpstreamUnavailable, UpstreamTimeout when that fails."""
        gateway = Caller(changed.id, changed.id, "service", GATEWAY, changed.time_zone, changed.currency)
        body = {"time_zone": changed.time_zone, "currency": changed.currency}
        await self._put("/internal/organization", gateway, body, _UNCHANGED)

    async def _tell(self, one: Untold) -> None:
        gateway = Caller(one.id, one.organization_id, "service", GATEWAY, one.time_zone, one.currency)
        body = {"role": one.role, "name": one.name, "active": one.active}
        await self._put(f"/internal/accounts/{one.id}", gateway, body, _WAIT)
        async with self._db.begin(one.organization_id) as tx:
            await accounts.booking_knows(tx, one.id, one.revision)

    async def _put(self, path: str, gateway: Caller, body: Mapping[str, Any], refusal: str) -> None:
        headers = {"authorization": f"Bearer {self._issuer.token('booking', gateway)}"}
        answer = await self._booking.request("PUT", path, headers, body)
        if not answer.is_success:
            _log.error("booking would not be told", path=path, status=answer.status_code)
            raise UpstreamUnavailable(refusal)


def _untold(account: Account, time_zone: str, currency: str) -> Untold:
    return Untold(
        account.organization_id,
        account.id,
        account.role,
        account.name,
        account.active,
        account.revision,
        time_zone,
        currency,
    )
