"""A part that dies is started again: with longer pauses while it dies again and again, soon after a time of health."""

import signal
from collections.abc import Iterator
from contextlib import suppress
from urllib.error import URLError

import pytest

from launcher import processes
from launcher.installation import Installation, installed, wait_for
from launcher.restarts import Restarts
from launcher.starter import answers
from launcher.tests.test_starts import ann_signs_in


def test_the_pause_grows_with_each_death_in_a_row() -> None:
    restarts, now, pauses = Restarts(), 0.0, []
    for _ in range(7):
        pauses.append(restarts.died(now))
        assert restarts.due_at == now + pauses[-1]
        now += pauses[-1]
        restarts.started(now)
    assert pauses == [0.5, 1, 2, 5, 10, 10, 10]
    assert restarts.deaths == 7


def test_the_pause_is_short_again_after_a_minute_of_health() -> None:
    restarts, now = Restarts(), 0.0
    for _ in range(5):
        now += restarts.died(now)
        restarts.started(now)
    assert restarts.died(now + 59) == 10
    restarts.started(now + 69)
    assert restarts.died(now + 129) == 0.5
    assert restarts.deaths == 7


@pytest.fixture(scope="module")
def running() -> Iterator[Installation]:
    with installed() as made:
        up = made.verb("up", "--detach")
        assert up.returncode == 0, up.stdout
        yield made


@pytest.mark.kill
@pytest.mark.parametrize("part", ["postgres", "kafka", "booking"])
def test_a_part_that_was_killed_is_started_again_and_everything_is_ready(running: Installation, part: str) -> None:
    killed = running.run_state()["processes"][part]
    processes.send_signal(killed, signal.SIGKILL)

    def is_back() -> bool:
        there = running.run_state()
        return there["processes"][part] != killed and processes.alive(there["processes"][part])

    def is_ready() -> bool:
        with suppress(URLError):
            return is_back() and answers(f"http://127.0.0.1:{running.port}/readyz") and ann_signs_in(running.port)
        return False

    wait_for(is_ready)
    wait_for(lambda: running.verb("status").returncode == 0)
    assert running.run_state()["restarts"][part] >= 1
