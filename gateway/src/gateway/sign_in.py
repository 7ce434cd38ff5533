"""Sign in: find whose e-mail and password it is, in one business or in all of them, and slow down whoever guesses.

However many accounts have an e-mail, and whether any has, one slow hash is made and accounts are found by it. Failures are counted by
business, e-mail and address; a browser that signed in to an account before has a count of its own for it. So nobody can keep another
one out.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.database import Database
from chassis.problems import Problem
from gateway.device_cookies import Device
from gateway.errors import AccountClosed, WhichBusiness, WrongCredentials
from gateway.failure_delays import FailureDelays, Key
from gateway.limiting import Limits, too_many_failures
from gateway.password_spelling import kept
from gateway.passwords import Passwords
from gateway.sessions import Sessions
from gateway.store import accounts
from gateway.store.accounts import Candidate

# Of those that were made before e-mails had one salt each. Others come first the next time.
_BEGINNINGS_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody signs in with. organization: a slug, needed where e-mail and password fit several."""

    email: str
    password: str
    organization: str | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try, and whose failures it is slowed down by.

    who: a known browser, or an address. known: the accounts with this e-mail that signed in with this browser before.
    """

    who: str
    delays: FailureDelays
    place: Key
    device: Key
    known: frozenset[UUID]

    def refuse_early(self) -> None:
        """Raise TooManyRequests when whoever it is has to wait."""
        wait_s = min(map(self._wait_s, self._keys()))
        if wait_s:
            raise too_many_failures(wait_s)

    def may_enter(self, account_id: UUID) -> bool:
        """Say whether the right password opens an account now."""
        return not self._wait_s(self.place) or (account_id in self.known and not self._wait_s(self.device))

    def failed(self) -> Problem:
        """Count the failure and return the refusal. Raises TooManyRequests, and counts nothing, when others at once were too many."""
        self.refuse_early()
        place_s = self._wait_s(self.place)
        for key in self._keys():
            if not self._wait_s(key):
                self.delays.failed(key, time.monotonic())
        return too_many_failures(place_s) if place_s else WrongCredentials()

    def _keys(self) -> Sequence[Key]:
        return (self.place, self.device) if self.known else (self.place,)

    def _wait_s(self, key: Key) -> float:
        return self.delays.wait_s(key, time.monotonic())


class Authenticator:
    """Begins sessions of whoever has the password."""

    def __init__(self, db: Database, passwords: Passwords, limits: Limits, sessions: Sessions) -> None:
        self._db = db
        self._passwords = passwords
        self._limits = limits
        self._sessions = sessions

    async def begin(self, given: Credentials, address: str, device: Device) -> tuple[str, Candidate]:
        """Begin a session, always with a token of its own. Returns the token and whose it is.

        Raises WrongCredentials, AccountClosed, WhichBusiness, TooManyRequests.
        """
        attempt = await self._attempt(given, address, device)
        attempt.refuse_early()
        async with self._db.connection() as tx:
            salt = await accounts.password_salt(tx, given.email)
            beginnings = await accounts.hash_beginnings(tx, given.email, given.organization)
        passwords = self._passwords.asked_by(attempt.who)
        tries = await passwords.tries(given.password, salt, _some(beginnings))
        async with self._db.connection() as tx:
            hashes = [one.hash for one in tries]
            fitting = await accounts.with_password(tx, given.email, given.organization, hashes)
        # Asked again after the slow part: a hundred guesses at once learn no more than a few in turn.
        found = _the_one(attempt, [one for one in fitting if attempt.may_enter(one.account.id)])
        outdated = any(one.outdated for one in tries if one.hash == found.password_hash)
        renewed = await passwords.hash(kept(given.password), salt) if outdated else None
        return await self._sessions.begin(found, renewed), found

    async def _attempt(self, given: Credentials, address: str, device: Device) -> Attempt:
        known: frozenset[UUID] = frozenset()
        if device.accounts:
            async with self._db.connection() as tx:
                known = await accounts.among(tx, device.accounts, given.email, given.organization)
        who = f"browser {device.name}" if known else address
        await self._limits.sign_in(who)
        place = self._limits.place(given.organization, given.email, address)
        return Attempt(who, self._limits.failures, place, ("browser", device.name, given.email), known)


def _some(beginnings: Sequence[str]) -> Sequence[str]:
    return random.sample(beginnings, min(len(beginnings), _BEGINNINGS_AT_MOST))


def _the_one(attempt: Attempt, fitting: Sequence[Candidate]) -> Candidate:
    if not fitting:
        raise attempt.failed()
    active = [one for one in fitting if one.account.active]
    if not active:
        raise AccountClosed(fitting[0].business)
    if len(active) > 1:
        raise WhichBusiness([(one.slug, one.business) for one in active])
    return active[0]
