"""Sign in: find the account of an e-mail and password, in one business or in all, and delay clients that guess.

However many accounts have an e-mail, and whether any has, one slow hash is made and accounts are found by it. Failures are counted by
business, e-mail and address; a browser that signed in to an account before has a count of its own for that account. So nobody can lock
another person out.
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
from gateway.passwords import Passwords
from gateway.rate_limits import RateLimits, too_many_failures
from gateway.rules.failure_delays import FailureDelays, Key
from gateway.rules.password_spelling import normalized
from gateway.sessions import Sessions
from gateway.store import accounts
from gateway.store.accounts import Candidate

# Hashes from the time before e-mails had one salt each. The others are tried the next time.
_PREFIXES_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class Credentials:
    """E-mail and password. organization: a slug, needed where e-mail and password fit several businesses."""

    email: str
    password: str
    organization: str | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt, and the failures that delay it.

    client: a known browser, or an address. known: the accounts with this e-mail that signed in with this browser before.
    """

    client: str
    delays: FailureDelays
    guess: Key
    browser: Key
    known: frozenset[UUID]

    def refuse_early(self) -> None:
        """Raise TooManyRequests when the client has to wait."""
        wait_s = min(map(self._wait_s, self._keys()))
        if wait_s:
            raise too_many_failures(wait_s)

    def may_open(self, account_id: UUID) -> bool:
        """Say whether the right password opens an account now."""
        return not self._wait_s(self.guess) or (account_id in self.known and not self._wait_s(self.browser))

    def failed(self) -> Problem:
        """Count the failure and return the refusal. Raises TooManyRequests, and counts nothing, when others at once were too many."""
        self.refuse_early()
        guess_wait_s = self._wait_s(self.guess)
        for key in self._keys():
            if not self._wait_s(key):
                self.delays.failed(key, time.monotonic())
        return too_many_failures(guess_wait_s) if guess_wait_s else WrongCredentials()

    def _keys(self) -> Sequence[Key]:
        return (self.guess, self.browser) if self.known else (self.guess,)

    def _wait_s(self, key: Key) -> float:
        return self.delays.wait_s(key, time.monotonic())


class PasswordAuthenticator:
    """Begins sessions for people who have the password."""

    def __init__(self, db: Database, passwords: Passwords, limits: RateLimits, sessions: Sessions) -> None:
        self._db = db
        self._passwords = passwords
        self._limits = limits
        self._sessions = sessions

    async def sign_in(self, credentials: Credentials, address: str, device: Device) -> tuple[str, Candidate]:
        """Begin a session, always with a token of its own. Returns the token and the account.

        Raises WrongCredentials, AccountClosed, WhichBusiness, TooManyRequests.
        """
        attempt = await self._attempt(credentials, address, device)
        attempt.refuse_early()
        email, slug = credentials.email, credentials.organization
        async with self._db.connection() as tx:
            salt = await accounts.password_salt(tx, email)
            prefixes = await accounts.hash_prefixes(tx, email, slug)
        passwords = self._passwords.for_client(attempt.client)
        possible = await passwords.possible_hashes(credentials.password, salt, _sample(prefixes))
        async with self._db.connection() as tx:
            fitting = await accounts.with_password_hash(tx, email, slug, [one.hash for one in possible])
        # Asked again after the slow part: a hundred guesses at once learn no more than a few in turn.
        candidate = _only_one(attempt, [one for one in fitting if attempt.may_open(one.account.id)])
        outdated = any(one.outdated for one in possible if one.hash == candidate.password_hash)
        renewed = await passwords.hash(normalized(credentials.password), salt) if outdated else None
        return await self._sessions.begin(candidate, renewed), candidate

    async def _attempt(self, credentials: Credentials, address: str, device: Device) -> Attempt:
        known: frozenset[UUID] = frozenset()
        if device.accounts:
            async with self._db.connection() as tx:
                known = await accounts.with_email(tx, device.accounts, credentials.email, credentials.organization)
        client = f"browser {device.name}" if known else address
        await self._limits.count_sign_in(client)
        guess = self._limits.guess_key(credentials.organization, credentials.email, address)
        return Attempt(client, self._limits.failures, guess, ("browser", device.name, credentials.email), known)


def _sample(prefixes: Sequence[str]) -> Sequence[str]:
    return random.sample(prefixes, min(len(prefixes), _PREFIXES_AT_MOST))


def _only_one(attempt: Attempt, fitting: Sequence[Candidate]) -> Candidate:
    if not fitting:
        raise attempt.failed()
    active = [one for one in fitting if one.account.active]
    if not active:
        raise AccountClosed(fitting[0].organization_name)
    if len(active) > 1:
        raise WhichBusiness([(one.slug, one.organization_name) for one in active])
    return active[0]
