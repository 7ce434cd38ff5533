"""Customers who book, cancel and change their mind, and write down what they were answered."""

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from chaos.business import Business, Customer, monday

_WEEKS = 4  # of a series
_FIRST_WEEKS = 60


@dataclass
class Ledger:
    """What one customer was told. statuses: booking -> `scheduled` or `cancelled`; series -> its bookings; keys -> what they made."""

    customer_id: UUID
    statuses: dict[UUID, str] = field(default_factory=dict)
    series: dict[UUID, set[UUID]] = field(default_factory=dict)
    keys: dict[UUID, UUID] = field(default_factory=dict)
    skipped: dict[UUID, set[str]] = field(default_factory=dict)
    actions: int = 0
    refused: int = 0


class Client:
    """One customer, who does one thing after the other until asked to stop."""

    def __init__(self, business: Business, customer: Customer, chance: random.Random) -> None:
        self.customer = customer
        self.ledger = Ledger(UUID(customer.account_id))
        self._business = business
        self._chance = chance

    def until(self, stop: threading.Event) -> Ledger:
        """Do one thing after the other. Returns what was answered."""
        while not stop.is_set():
            self._next()()
            self.ledger.actions += 1
        return self.ledger

    def _next(self) -> Callable[[], None]:
        book = [self._book_series, self._book_series, self._book_one]
        if not self.ledger.statuses:
            return self._chance.choice(book)
        return self._chance.choice([*book, self._book_skipped, self._cancel_one, self._cancel_series, self._restore])

    def _book_series(self) -> None:
        key, wish = uuid4(), {**self._somewhere(), "count": _WEEKS}
        answer = self.customer.person.ask("POST", "/series", wish, str(key))
        if answer.status_code == 409:
            self._book_what_is_free(wish, answer.json())
        else:
            assert answer.status_code == 201, answer.text
            self._note_series(key, answer.json())

    def _book_what_is_free(self, wish: dict[str, Any], refusal: dict[str, Any]) -> None:
        self.ledger.refused += 1
        free = [one["date"] for one in refusal.get("occurrences", ()) if one["outcome"] != "conflict"]
        if not free:
            return
        key = uuid4()
        answer = self.customer.person.ask("POST", "/series", {**wish, "accepted_dates": free}, str(key))
        if answer.status_code == 201:
            self._note_series(key, answer.json())
        else:  # somebody was quicker
            assert answer.status_code == 409, answer.text

    def _book_one(self) -> None:
        key, somewhere = uuid4(), self._somewhere()
        wish = {name: value for name, value in somewhere.items() if name not in ("starts_on", "weekdays")}
        answer = self.customer.person.ask("POST", "/bookings", {**wish, "date": somewhere["starts_on"]}, str(key))
        self._note_booking(key, answer)

    def _book_skipped(self) -> None:
        chosen = self._one_of([(series, day) for series, days in self.ledger.skipped.items() for day in sorted(days)])
        if chosen is None:
            return
        series, day = chosen
        key = uuid4()
        answer = self.customer.person.ask("POST", f"/series/{series}/skipped/{day}/book", {}, str(key))
        if made := self._note_booking(key, answer):
            self.ledger.series[series].add(made)
            self.ledger.skipped[series].remove(day)

    def _cancel_one(self) -> None:
        booking = self._one_of([one for one, status in self.ledger.statuses.items() if status == "scheduled"])
        if booking:
            self.customer.person.need("POST", f"/bookings/{booking}/cancel", {"reason": "Holiday"})
            self.ledger.statuses[booking] = "cancelled"

    def _cancel_series(self) -> None:
        series = self._one_of(list(self.ledger.series))
        if series:
            self.customer.person.need("POST", f"/series/{series}/cancel", {"scope": "all"})
            self.ledger.statuses |= dict.fromkeys(self.ledger.series[series], "cancelled")

    def _restore(self) -> None:
        booking = self._one_of([one for one, status in self.ledger.statuses.items() if status == "cancelled"])
        if not booking:
            return
        answer = self.customer.person.ask("POST", f"/bookings/{booking}/restore")
        if answer.status_code == 200:
            self.ledger.statuses[booking] = "scheduled"
        else:  # the time was taken meanwhile, or the minutes for that are over
            assert answer.status_code == 409, answer.text
            self.ledger.refused += 1

    def _somewhere(self) -> dict[str, Any]:
        # Few hours and walkers: customers shall meet.
        day = monday(self._chance.randrange(_FIRST_WEEKS)) + timedelta(days=self._chance.randrange(5))
        return {
            **self.customer.of,
            "walker_id": self._chance.choice(self._business.walkers),
            "starts_on": str(day),
            "start_time": f"{self._chance.randrange(8, 18):02}:00",
            "weekdays": [("MO", "TU", "WE", "TH", "FR")[day.weekday()]],
        }

    def _one_of(self, some: Sequence[Any]) -> Any:
        return self._chance.choice(some) if some else None

    def _note_booking(self, key: UUID, answer: httpx.Response) -> UUID | None:
        if answer.status_code == 409:
            self.ledger.refused += 1
            return None
        assert answer.status_code == 201, answer.text
        made = UUID(answer.json()["booking"]["id"])
        self.ledger.keys[key] = made
        self.ledger.statuses[made] = "scheduled"
        return made

    def _note_series(self, key: UUID, body: dict[str, Any]) -> None:
        series = UUID(body["series"]["id"])
        bookings = {UUID(one["id"]) for one in body["bookings"]}
        self.ledger.keys[key] = series
        self.ledger.series[series] = bookings
        self.ledger.statuses |= dict.fromkeys(bookings, "scheduled")
        self.ledger.skipped[series] = {one["date"] for one in body["skipped"]}
