"""A step of `up` starts when all that it needs is there: never before, and not much later."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from chassis.testing import HANG_S
from launcher import startup, steps
from launcher.commands import Stopped
from launcher.machine import UserError
from launcher.starter import Starter
from launcher.steps import Step

# What has to be there before what, said once more by hand: each was a start that failed, or would have been.
BEFORE = {
    "topics": ("kafka", "python", "jars", "broker_data"),
    "cluster": ("passwords", "programs"),
    "database_booking": ("postgres",),
    "migrate_booking": ("database_booking", "python"),
    "key_booking": ("python",),
    "serve_travel": ("migrate_travel", "topics"),
    "serve_booking": ("key_booking", "migrate_booking", "topics"),
    "serve_gateway": ("key_gateway", "migrate_gateway", "topics", "pages"),
    "demo": ("ready_travel", "ready_booking", "ready_gateway"),
}


class Watch:
    """Steps that do nothing but say when they began, and what had ended by then."""

    def __init__(self) -> None:
        self.ended_before: dict[str, set[str]] = {}
        self._ended: set[str] = set()
        self._lock = threading.Lock()

    def over(self, needs: Mapping[str, Sequence[str]]) -> dict[str, Step]:
        return {name: Step(name, tuple(some), self._work(name), quiet=True) for name, some in needs.items()}

    def _work(self, name: str) -> Callable[..., str]:
        def work(*_: Any) -> str:
            with self._lock:
                self.ended_before[name] = set(self._ended)
            threading.Event().wait(0)  # let the others
            with self._lock:
                self._ended.add(name)
            return name

        return work

    def began_too_early(self, needs: Mapping[str, Sequence[str]]) -> list[str]:
        return [f"{name} before {need}" for name, some in needs.items() for need in set(some) - self.ended_before[name]]


@pytest.fixture(autouse=True)
def short_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "_LONGEST_DELAY_S", 0.02)


@pytest.fixture
def real() -> dict[str, Step]:
    return startup.steps(Starter(8080, threading.Event()))


def run(some: Mapping[str, Step], seed: str | None = None) -> dict[str, Any]:
    return steps.run(some, stopping=threading.Event(), delays=seed)


@st.composite
def orders(draw: st.DrawFn) -> dict[str, list[str]]:
    """Any steps whose needs come from those before them."""
    names = [f"step {number}" for number in range(draw(st.integers(1, 8)))]
    return {
        name: draw(st.lists(st.sampled_from(names[:at]), unique=True)) if at else [] for at, name in enumerate(names)
    }


@examples(max_examples=40)
@given(orders(), st.integers(0, 1000))
def test_no_step_starts_before_its_needs_ended(order: dict[str, list[str]], seed: int) -> None:
    watch = Watch()
    results = run(watch.over(order), str(seed))
    assert watch.began_too_early(order) == []
    assert results == {name: name for name in order}


@pytest.mark.parametrize("seed", ["1", "2", "3", "4", "5"])
def test_up_keeps_its_order_whatever_is_slow(real: dict[str, Step], seed: str) -> None:
    watch = Watch()
    run(watch.over({name: step.needs for name, step in real.items()}), seed)
    assert watch.began_too_early(BEFORE) == []


def test_the_watch_sees_an_order_that_holds_by_luck(real: dict[str, Step]) -> None:
    order = {name: step.needs for name, step in real.items()}
    order["topics"] = ("python",)  # as if nobody waited for the broker
    assert any(_early(order, str(seed)) for seed in range(20))


def _early(order: Mapping[str, Sequence[str]], seed: str) -> list[str]:
    watch = Watch()
    run(watch.over(order), seed)
    return watch.began_too_early(BEFORE)


def test_every_step_of_up_names_all_that_it_takes(real: dict[str, Step]) -> None:
    steps.check(real)
    for name, step in real.items():
        for need in step.needs:
            without = replace(step, needs=[one for one in step.needs if one != need])
            with pytest.raises(ValueError, match=f"{name} needs"):
                steps.check({**real, name: without})


def test_steps_that_cannot_run_are_refused_before_any_starts() -> None:
    began: list[str] = []
    first = Step("First", (), lambda: began.append("first"))
    for wrong, says in (
        ({"b": Step("B", ("nobody",), lambda _: None)}, "b needs nobody, which no step brings"),
        ({"b": Step("B", ("c",), lambda _: None), "c": Step("C", ("b",), lambda _: None)}, "cycle"),
        ({"b": Step("B", ("first",), lambda: None)}, "b needs first, but its work"),
    ):
        with pytest.raises(ValueError, match=says):
            run({"first": first, **wrong})
    assert began == []


def test_what_needs_nothing_of_each_other_runs_side_by_side() -> None:
    both = threading.Barrier(2, timeout=HANG_S)
    run({name: Step(name, (), lambda: both.wait() and None) for name in ("one", "other")})


def test_a_step_is_given_what_its_needs_brought() -> None:
    made = {
        "port": Step("P", (), lambda: 5432),
        "name": Step("N", (), lambda: "booking"),
        "url": Step("U", ("name", "port"), lambda name, port: f"{name}:{port}"),
    }
    assert run(made)["url"] == "booking:5432"


def test_a_step_that_fails_is_named_with_its_last_words_and_its_log(tmp_path: Path) -> None:
    log = tmp_path / "kafka.log"
    log.write_text("".join(f"line {number}\n" for number in range(100)))

    def fail(_: None) -> None:
        raise UserError("the broker does not answer")

    began: list[str] = []
    made = {
        "kafka": Step("Waiting for the broker", (), lambda: None),
        "topics": Step("Making the topics", ("kafka",), fail, log),
        "booking": Step("Starting booking", ("topics",), began.append),
    }
    with pytest.raises(UserError) as caught:
        run(made)
    said = str(caught.value)
    assert said.startswith("Making the topics failed. What had been started is stopped again.\nthe broker does not")
    assert f"The last lines of {log}:\n" in said
    assert said.endswith("line 99")
    assert "line 80" not in said
    assert began == []


def test_when_one_fails_the_others_are_interrupted_and_waited_for() -> None:
    interrupted, waits, ended = threading.Event(), threading.Event(), threading.Event()

    def long() -> None:
        waits.set()
        assert interrupted.wait(HANG_S)
        ended.set()

    def fail() -> None:
        assert waits.wait(HANG_S)
        raise UserError("no")

    made = {"long": Step("Long", (), long), "failing": Step("Failing", (), fail)}
    with pytest.raises(UserError, match="Failing failed"):
        steps.run(made, stopping=threading.Event(), interrupt=interrupted.set)
    assert ended.is_set()


def test_nothing_starts_any_more_once_somebody_asked_to_stop() -> None:
    stopping = threading.Event()
    began: list[None] = []
    made = {"first": Step("First", (), stopping.set), "second": Step("Second", ("first",), began.append)}
    with pytest.raises(Stopped):
        steps.run(made, stopping=stopping)
    assert began == []


def test_a_seed_delays_the_same_steps_by_the_same_time() -> None:
    names = [f"step {number}" for number in range(100)]
    some, again, others = ([steps.delay_s(seed, name) for name in names] for seed in ("1", "1", "2"))
    assert some == again != others
    assert 20 < some.count(0.0) < 80
