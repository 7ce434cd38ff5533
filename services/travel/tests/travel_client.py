"""Somebody who asks for travel times, at places where nobody else's tests are."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import httpx

from chassis.testing import HANG_S

Body = dict[str, Any]


def next_weekday(weekday: int, hour: int, weeks: int = 1) -> datetime:
    """Return an instant some weeks ahead, in UTC. weekday: 0 is Monday."""
    today = datetime.now(UTC).replace(hour=hour, minute=0, second=0, microsecond=0)
    return today + timedelta(days=7 * weeks + (weekday - today.weekday()) % 7)


def somewhere() -> Body:
    """A place of this test's own, in or about London."""
    chance = random.SystemRandom()
    return {"lat": round(51.3 + chance.random() * 0.4, 5), "lng": round(-0.4 + chance.random() * 0.6, 5)}


def trip(origin: Body | None = None, destination: Body | None = None, at: datetime | None = None, **more: Any) -> Body:
    """Write a trip, between two places of its own unless they are given, next Monday at 13:00 unless said."""
    at = at or next_weekday(0, 13)
    return {
        "origin": origin or somewhere(),
        "destination": destination or somewhere(),
        "depart_at": at.isoformat(),
        "mode": "driving",
        **more,
    }


class TravelClient:
    """A signed-in client of one travel service."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self.http = httpx.Client(base_url=url, headers=headers, timeout=HANG_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def __call__(self, *trips: Body) -> list[Body]:
        """Ask, and expect answers."""
        answer = self.http.post("/travel-times", json={"trips": trips})
        assert answer.status_code == 200, answer.text
        found: list[Body] = answer.json()["trips"]
        assert len(found) == len(trips)
        return found

    def sources(self, *trips: Body) -> list[str]:
        """Ask, and say who answered each."""
        return [one["source"] for one in self(*trips)]

    def metric(self, line: str) -> float:
        """Read one metric, 0 when it is not there."""
        for one in self.http.get("/metrics").text.splitlines():
            if one.startswith(line + " "):
                return float(one.rsplit(" ", 1)[1])
        return 0.0
