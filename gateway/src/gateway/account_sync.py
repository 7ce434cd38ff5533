"""Send accounts and settings to booking: walkers can then be booked, customers can book, and plans use the right time zone and currency.

An account is created here in one transaction, and booking is told right after it. When booking is away the account exists all the same:
a loop sends it as soon as booking is back, and the account's own requests are not passed on before booking has it. So no account that
was answered with 201 is lost, and no registration waits for booking.
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
from gateway.store import accounts
from gateway.store.accounts import AccountRow, UnsyncedAccount
from gateway.store.organizations import OrganizationRow

_log = logs.get("account-sync")
_BATCH = 100
_UNCHANGED = "A part of Packwalk is not available at the moment. Nothing was changed; please try again."
_WAIT = "We are still setting up your account. Please try again in a moment."


class AccountSync:
    """Sends accounts to booking, and keeps trying."""

    def __init__(self, db: Database, booking: ServiceClient, issuer: Issuer) -> None:
        self._db = db
        self._booking = booking
        self._issuer = issuer

    async def send(self, account: AccountRow, organization: OrganizationRow) -> None:
        """Send one account that was created or changed; the loop sends it later when booking is away."""
        try:
            await self._send(_unsynced(account, organization.time_zone, organization.currency))
        except Problem as problem:
            _log.warning("account not sent", account_id=account.id, problem=problem.type)

    async def ensure_sent(self, caller: Caller) -> None:
        """Make sure that booking has the caller's account. Raises UpstreamUnavailable when booking cannot take it."""
        async with self._db.begin(caller.organization_id) as tx:
            account = await accounts.get(tx, caller.account_id)
        if account is not None:
            await self._send(_unsynced(account, caller.time_zone, caller.currency))

    async def keep_sending(self, every_s: float) -> None:
        """Send the accounts that booking does not have yet, until cancelled."""
        while True:
            try:
                await self._send_all()
            except Exception as error:  # noqa: BLE001 - the loop outlives whatever is away
                _log.warning("sending put off", error=type(error).__name__)
            await asyncio.sleep(every_s)

    async def send_settings(self, changed: OrganizationRow) -> None:
        """Send an organization's new settings. Raises UpstreamUnavailable, UpstreamTimeout when that fails."""
        gateway = Caller(changed.id, changed.id, "service", GATEWAY, changed.time_zone, changed.currency)
        body = {"time_zone": changed.time_zone, "currency": changed.currency}
        await self._put("/internal/organization", gateway, body, _UNCHANGED)

    async def _send_all(self) -> None:
        async with self._db.connection() as tx:
            waiting = await accounts.unsynced(tx, _BATCH)
        for account in waiting:
            await self._send(account)

    async def _send(self, account: UnsyncedAccount) -> None:
        gateway = Caller(account.id, account.organization_id, "service", GATEWAY, account.time_zone, account.currency)
        body = {"role": account.role, "name": account.name, "active": account.active}
        await self._put(f"/internal/accounts/{account.id}", gateway, body, _WAIT)
        async with self._db.begin(account.organization_id) as tx:
            await accounts.mark_synced(tx, account.id, account.revision)

    async def _put(self, path: str, gateway: Caller, body: Mapping[str, Any], refusal: str) -> None:
        headers = {"authorization": f"Bearer {self._issuer.token('booking', gateway)}"}
        answer = await self._booking.request("PUT", path, headers, body)
        if not answer.is_success:
            _log.error("booking refused", path=path, status=answer.status_code)
            raise UpstreamUnavailable(refusal)


def _unsynced(account: AccountRow, time_zone: str, currency: str) -> UnsyncedAccount:
    return UnsyncedAccount(
        account.organization_id,
        account.id,
        account.role,
        account.name,
        account.active,
        account.revision,
        time_zone,
        currency,
    )
