"""A run: an installation of its own, a business in it, clients, kills, and the comparison at the end."""

import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from uuid import UUID

from chaos import audit, books, killing
from chaos.books import Books
from chaos.business import Business
from chaos.clients import Client, Ledger
from chassis.testing import eventually
from launcher.installation import Installation
from launcher.machine import echo

_CLIENTS = 8
_WALKERS = 3
_BETWEEN_KILLS = 10  # actions: what comes back shall be used before the next one dies


@dataclass
class Outcome:
    """What a run did and found."""

    ledgers: Sequence[Ledger] = ()
    lost: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    longest_away_s: float = 0.0
    findings: list[str] = field(default_factory=list)

    def words(self) -> str:
        """Say it in a line or two."""
        actions, refused = (sum(getattr(one, name) for one in self.ledgers) for name in ("actions", "refused"))
        kills = ", ".join(f"{count} x {part}" for part, count in sorted(self.kills.items()))
        found = "\n".join(f"  {one}" for one in self.findings) or "  Nothing is lost, doubled or halved."
        return (
            f"{actions} actions of {len(self.ledgers)} customers, {self.lost} answers lost on purpose, {refused} refused for conflicts\n"
            f"{sum(self.kills.values())} kills: {kills}; everything was back after {self.longest_away_s:.1f} s at most\n{found}"
        )


class Run:
    """One run. seed: of what clients do and of what is killed; kills at least every part once, until `seconds` are over."""

    def __init__(self, installation: Installation, seed: int, seconds: float) -> None:
        self._installation = installation
        self._chance = random.Random(seed)
        self._ends_at = time.monotonic() + seconds
        self._outcome = Outcome()
        self._clients: list[Client] = []

    def whole(self) -> tuple[Outcome, Books]:
        """Run, and compare. The installation runs on; close the books."""
        with closing(Business(f"http://127.0.0.1:{self._installation.port}", _WALKERS)) as business:
            self._clients = [self._client(business, number) for number in range(_CLIENTS)]
            self._outcome.ledgers = self._under_fire()
        self._outcome.lost = sum(client.customer.person.lost for client in self._clients)
        read = books.opened(self._installation.superuser_url(), UUID(business.id))
        eventually(lambda: audit.settled(read) or self._given_up(read), "all events have arrived")
        self._outcome.findings = audit.findings(read, self._outcome.ledgers)
        return self._outcome, read

    def _client(self, business: Business, number: int) -> Client:
        chance = random.Random(self._chance.random())
        return Client(business, business.customer(f"Customer {number}", chance), chance)

    def _under_fire(self) -> list[Ledger]:
        stop = threading.Event()
        with ThreadPoolExecutor(_CLIENTS) as crowd:
            running = [crowd.submit(client.until, stop) for client in self._clients]
            try:
                self._kill_in_turn(running)
            finally:
                stop.set()
            return [one.result() for one in running]

    def _kill_in_turn(self, running: Sequence["Future[Ledger]"]) -> None:
        for number, part in enumerate(killing.in_turn(self._chance)):
            if number >= len(killing.PARTS) and time.monotonic() > self._ends_at:
                break
            before = self._actions()
            eventually(lambda: self._actions() >= before + _BETWEEN_KILLS or _one_ended(running), "customers book")  # noqa: B023
            if _one_ended(running):
                break
            self._kill(part)

    def _kill(self, part: str) -> None:
        began_at = time.monotonic()
        killing.kill(self._installation, part, self._chance)
        eventually(lambda: killing.is_back(self._installation), f"everything is back after {part} was killed")
        away_s = time.monotonic() - began_at
        echo(f"killed {part}: everything was back after {away_s:.1f} s")
        self._outcome.kills[part] += 1
        self._outcome.longest_away_s = max(self._outcome.longest_away_s, away_s)

    def _actions(self) -> int:
        return sum(client.ledger.actions for client in self._clients)

    def _given_up(self, read: Books) -> bool:
        # What was buried does not arrive by itself; the comparison says so.
        return bool(read.of_gateway("SELECT 1 FROM dead_letters WHERE %(org)s IS NOT NULL"))


def _one_ended(running: Sequence["Future[Ledger]"]) -> bool:
    return any(one.done() for one in running)
