"""Whoever comes at the same time: one wins, nobody is double-booked, nobody waits for each other crosswise."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr

from booking.app import create_app
from booking.settings import Settings
from booking.store import locks
from business import Business, book, next_monday, overlapping
from chassis.testing import Identity, create_database, drop_database, serve

HOME = Path(__file__).parents[2]
ROUNDS = 25
RIVALS = 16


def test_of_rivals_for_the_same_times_one_wins_each_round(business: Business) -> None:
    rivals = [business.customer(f"Rival {n}", 51.5) for n in range(RIVALS)]
    with ThreadPoolExecutor(RIVALS) as crowd:
        for number in range(ROUNDS):
            start = str(next_monday(2 + 3 * number))
            wishes = [business.wish(rival, starts_on=start, count=3) for rival in rivals]
            answers = list(crowd.map(book, rivals, wishes))
            assert sorted(answer.status_code for answer in answers) == [201] + [409] * (RIVALS - 1)
            lost = [answer.json() for answer in answers if answer.status_code == 409]
            assert all(len(problem["occurrences"]) == 3 for problem in lost)
    assert overlapping(business) == []
    assert business.count()["bookings"] == 3 * ROUNDS


def test_partly_overlapping_series_of_many_never_overlap_and_never_deadlock(business: Business) -> None:
    rivals = [business.customer(f"Rival {n}", 51.5) for n in range(RIVALS)]
    with ThreadPoolExecutor(RIVALS) as crowd:
        for number in range(ROUNDS // 5):
            start = str(next_monday(2 + 4 * number))
            wishes = [
                business.wish(
                    rival,
                    starts_on=start,
                    count=8,
                    weekdays=["MO", "TU"] if n % 2 else ["TU", "WE"],
                    start_time=f"{9 + n % 3}:{15 * (n % 4):02}".zfill(5),
                    walker_id=str(business.sam if n % 4 else business.priya),
                )
                for n, rival in enumerate(rivals)
            ]
            answers = list(crowd.map(book, rivals, wishes))
            assert {answer.status_code for answer in answers} <= {201, 409}
            assert any(answer.status_code == 201 for answer in answers)
    assert overlapping(business) == []


def test_one_dog_is_not_booked_with_two_walkers_at_once(business: Business) -> None:
    ann = business.ann
    with ThreadPoolExecutor(2) as crowd:
        for number in range(ROUNDS):
            start = str(next_monday(2 + number))
            wishes = [
                business.wish(ann, starts_on=start, count=1, walker_id=str(walker))
                for walker in (business.sam, business.priya)
            ]
            answers = list(crowd.map(book, (ann, ann), wishes))
            assert sorted(answer.status_code for answer in answers) == [201, 409]


@pytest.mark.filterwarnings("ignore")
def test_without_lock_and_constraint_the_same_rivals_do_double_book(
    identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Show that the tests above would notice: the mechanisms are taken away."""
    database = create_database("booking", HOME)
    with psycopg.connect(database.admin_url, autocommit=True) as admin:
        admin.execute("ALTER TABLE calendar_blocks DROP CONSTRAINT calendar_blocks_never_overlap")
    monkeypatch.setattr(locks, "send_moves", _nobody_moves)
    monkeypatch.setattr("booking.commit._as_planned", lambda *_: True)
    settings = Settings(database_url=SecretStr(database.url), jwks_url=identity.jwks_url)
    with serve(create_app(settings)) as served:
        business = Business(database, identity, served.url)
        assert any(_double_booked(business, number) for number in range(100))
        business.close()
    drop_database(database)


def _double_booked(business: Business, number: int) -> bool:
    rivals = [business.ann, business.bob]
    wishes = [business.wish(rival, starts_on=str(next_monday(2 + number)), count=1) for rival in rivals]
    with ThreadPoolExecutor(2) as crowd:
        list(crowd.map(book, rivals, wishes))
    return overlapping(business) != []


async def _nobody_moves(*_: Any, customers: Any, walkers: Any, **__: Any) -> Any:
    class Still:
        async def versions(self) -> Any:
            return locks.Versions(0, dict.fromkeys(customers, 0), dict.fromkeys(walkers, 0))

    return Still()
