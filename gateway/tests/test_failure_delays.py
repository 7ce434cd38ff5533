"""How long whoever failed has to wait."""

from gateway.rate_limits import in_words
from gateway.rules import failure_delays
from gateway.rules.failure_delays import FailureDelays

KEY, OTHER = ("river", "ann@a.example", "192.0.2.1"), ("river", "ann@a.example", "192.0.2.2")


def test_the_first_failures_are_free_then_each_wait_is_twice_as_long_up_to_the_longest() -> None:
    delays, now, waits = FailureDelays(free=3, first_s=1.0, longest_s=10.0), 0.0, []
    for _ in range(8):
        delays.failed(KEY, now)
        waits.append(delays.wait_s(KEY, now))
        now += waits[-1]
        assert delays.wait_s(KEY, now) == 0, "when the time is over the next try may be made"
    assert waits == [0, 0, 1, 2, 4, 8, 10, 10]


def test_what_is_left_of_a_wait_is_said_and_asking_does_not_prolong_it() -> None:
    delays = FailureDelays(free=1, first_s=60.0, longest_s=900.0)
    delays.failed(KEY, 100.0)
    assert [delays.wait_s(KEY, at) for at in (100.0, 130.0, 159.5, 160.0, 500.0)] == [60.0, 30.0, 0.5, 0, 0]


def test_nobody_waits_for_what_others_did() -> None:
    delays = FailureDelays(free=1, first_s=60.0, longest_s=900.0)
    delays.failed(KEY, 0.0)
    assert delays.wait_s(OTHER, 0.0) == 0


def test_failures_are_forgotten_after_a_day() -> None:
    delays = FailureDelays(free=1, first_s=60.0, longest_s=900.0)
    for _ in range(10):
        delays.failed(KEY, 0.0)
    delays.failed(KEY, 25 * 3600.0)
    assert delays.wait_s(KEY, 25 * 3600.0) == 60.0


def test_very_many_failures_take_no_more_memory(monkeypatch) -> None:
    monkeypatch.setattr(failure_delays, "_REMEMBERED_AT_MOST", 2)
    delays = FailureDelays(free=1, first_s=60.0, longest_s=900.0)
    for number in range(3):
        delays.failed((str(number),), 0.0)
    assert [delays.wait_s((str(number),), 0.0) for number in range(3)] == [0, 60.0, 60.0]


def test_a_wait_is_said_in_words() -> None:
    assert [in_words(s) for s in (1, 2, 90, 91, 900)] == [
        "1 second",
        "2 seconds",
        "90 seconds",
        "2 minutes",
        "15 minutes",
    ]
