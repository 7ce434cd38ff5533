"""A business in which walks can be booked, what its people are told, and the stream on which they hear of it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import orjson

from chassis.testing import HANG_S, Served, eventually
from people import Business, Person


class Town(Business):
    """A business in which walks can be booked."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.sam, self.ann = self.walker("Sam"), self.customer("Ann")
        self.service = self._made(
            self.admin, "/services", kind="walk", name="Long walk", duration_minutes=60, price_cents=1
        )
        hours = [{"weekday": day, "opens": "06:00", "closes": "22:00"} for day in ("MO", "TU", "WE", "TH", "FR")]
        wish = {"travel_mode": "driving", "working_hours": hours, "active": True}
        assert self.admin.client.put(f"/walkers/{self.sam.account['id']}", json=wish).status_code == 200
        self.dog = self._made(self.ann, "/dogs", name="Biscuit")
        self.home = self._made(self.ann, "/locations", label="Home", address="12 Elm Row", lat=51.5, lng=-0.1)

    def _made(self, who: Person, path: str, **body: Any) -> str:
        answer = who.client.post(path, json=body)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        return str(made.get("id") or next(iter(made.values()))["id"])

    def book(self, weeks: int = 10, start_time: str = "09:00", leave_out: int = 0) -> dict[str, Any]:
        """Book Ann a series with Sam. leave_out: how many of its dates, from the first on."""
        monday = datetime.now(UTC).date() + timedelta(days=14 - datetime.now(UTC).weekday())
        wish = {
            "service_id": self.service,
            "walker_id": self.sam.account["id"],
            "location_id": self.home,
            "dog_ids": [self.dog],
            "starts_on": monday.isoformat(),
            "start_time": start_time,
            "weekdays": ["MO"],
            "interval_weeks": 1,
            "count": weeks,
        }
        if leave_out:
            wish["accepted_dates"] = [str(monday + timedelta(days=7 * n)) for n in range(leave_out, weeks)]
        answer = self.ann.client.post("/series", json=wish, headers={"x-idempotency-key": str(uuid4())})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


def told(person: Person, at_least: int = 1) -> list[dict[str, Any]]:
    """Wait until somebody has been told some things. Returns them, the oldest first."""

    def enough() -> list[dict[str, Any]] | None:
        found = person.client.get("/notifications").json()["items"]
        return found if len(found) >= at_least else None

    return list(reversed(eventually(enough, f"told of {at_least} things")))


class Stream:
    """An open event stream; lines are read by a thread, as a browser does."""

    def __init__(self, url: str, token: str, last: str | None = None) -> None:
        headers = {"authorization": f"Bearer {token}"} | ({"last-event-id": last} if last else {})
        self._client = httpx.Client(timeout=HANG_S)
        self._context = self._client.stream("GET", f"{url}/api/v1/notifications/stream", headers=headers)
        self.answer = self._context.__enter__()
        self.lines: list[str] = []
        self._closing = False
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            for line in self.answer.iter_lines():
                self.lines.append(line)
                if self._closing:
                    break
        except httpx.HTTPError as error:
            self.lines.append(f"! {type(error).__name__}")
        self.ended.set()

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the ids and notifications that came so far."""
        blocks = "\n".join(self.lines).split("\n\n")
        whole = [
            dict(line.split(": ", 1) for line in b.splitlines() if ": " in line[1:]) for b in blocks if "id: " in b
        ]
        return [(one["id"], orjson.loads(one["data"])) for one in whole if {"id", "data"} <= one.keys()]

    def until(self, true: Callable[["Stream"], bool]) -> "Stream":
        """Wait until something is true of the stream."""
        eventually(lambda: true(self) or self.ended.is_set(), "the stream says so")
        assert true(self), f"it ended with {self.lines[-10:]}"
        return self

    def close(self) -> None:
        """Hang up, as a page that is closed."""
        self._closing = True  # noticed with the next heartbeat
        self._thread.join(HANG_S)
        self._context.__exit__(None, None, None)
        self._client.close()


@contextmanager
def stream(served: Served, person: Person, last: str | None = None) -> Iterator[Stream]:
    """Open a stream that is established."""
    made = Stream(served.url, person.token, last)
    try:
        yield made.until(lambda one: len(one.lines) > 1)
    finally:
        made.close()
