"""Run steps in the order that their needs give: what has all that it needs runs at once, side by side.

A step is called with the results of its needs and has no other way to them: what it does not name it cannot use.
"""

import inspect
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from launcher.commands import Stopped
from launcher.machine import UserError, echo, last_lines

_LOOKS_EVERY_S = 0.1
_SAYS_WHAT_TAKES_LONG_AFTER_S = 20
_LONGEST_DELAY_S = 3.0


@dataclass(frozen=True)
class Step:
    """words: what it does, for people. needs: names of steps; `work` is called with their results, in this order.

    log: the file that says more when the step fails. quiet: too quick to be announced.
    """

    words: str
    needs: Sequence[str]
    work: Callable[..., Any]
    log: Path | None = None
    quiet: bool = False


def check(steps: Mapping[str, Step]) -> None:
    """Raise ValueError when a step could never run: it needs what nobody brings, or not exactly what its work takes."""
    for name, step in steps.items():
        if missing := set(step.needs) - set(steps):
            raise ValueError(f"{name} needs {', '.join(sorted(missing))}, which no step brings")
        try:
            inspect.signature(step.work).bind(*step.needs)
        except TypeError as error:
            raise ValueError(f"{name} needs {', '.join(step.needs) or 'nothing'}, but its work: {error}") from error
    TopologicalSorter({name: step.needs for name, step in steps.items()}).prepare()


def run(
    steps: Mapping[str, Step],
    *,
    stopping: threading.Event,
    changed: Callable[[Sequence[str]], None] = lambda _: None,
    interrupt: Callable[[], None] = lambda: None,
    delays: str | None = None,
) -> dict[str, Any]:
    """Run every step. Returns their results. changed: is told the steps under way. interrupt: ends what steps wait for, after
    `stopping` was set. delays: a seed; see `delay_s`.

    Raises UserError when a step fails, Stopped when `stopping` is set. No step is under way any more then.
    """
    check(steps)
    return _Run(steps, stopping, changed, interrupt, delays).to_the_end()


def delay_s(seed: str, step: str) -> float:
    """How long a step is held back before it starts: none at all for half of them, so that orders differ a lot."""
    chance = random.Random(f"{seed} {step}")  # noqa: S311 - no secret
    return chance.uniform(0, _LONGEST_DELAY_S) if chance.random() < 0.5 else 0.0


class _Run:
    def __init__(
        self,
        steps: Mapping[str, Step],
        stopping: threading.Event,
        changed: Callable[[Sequence[str]], None],
        interrupt: Callable[[], None],
        delays: str | None,
    ) -> None:
        self.steps = steps
        self.stopping = stopping
        self.changed = changed
        self.interrupt = interrupt
        self.delays = delays
        self.order = TopologicalSorter({name: step.needs for name, step in steps.items()})
        self.under_way: list[str] = []
        self.results: dict[str, Any] = {}
        self.ended: SimpleQueue[tuple[str, Future[Any]]] = SimpleQueue()

    def to_the_end(self) -> dict[str, Any]:
        self.order.prepare()
        with ThreadPoolExecutor(len(self.steps)) as threads:
            try:
                while self.order.is_active():
                    self._start_what_is_ready(threads)
                    self._take_what_ended()
            except BaseException:
                self.stopping.set()
                self.interrupt()
                raise
        return self.results

    def _start_what_is_ready(self, threads: ThreadPoolExecutor) -> None:
        ready = self.order.get_ready()
        self.under_way += ready
        if ready:
            self.changed(self.under_way)
        for name in ready:
            needs = [self.results[need] for need in self.steps[name].needs]
            future = threads.submit(self._work, name, needs)
            future.add_done_callback(lambda future, name=name: self.ended.put((name, future)))  # type: ignore[misc]

    def _work(self, name: str, needs: Sequence[Any]) -> Any:
        step = self.steps[name]
        if self.delays is not None:
            self.stopping.wait(delay_s(self.delays, name))
        if self.stopping.is_set():
            raise Stopped
        if not step.quiet:
            echo(step.words)
        return step.work(*needs)

    def _take_what_ended(self) -> None:
        name, future = self._next_to_end()
        self.under_way.remove(name)
        try:
            self.results[name] = future.result()
        except UserError as trouble:
            raise _failed(self.steps[name], trouble) from trouble
        except Exception as error:
            error.add_note(f"That was while: {self.steps[name].words}")
            raise
        self.changed(self.under_way)
        self.order.done(name)

    def _next_to_end(self) -> tuple[str, "Future[Any]"]:
        waited_s = 0.0
        while not self.stopping.is_set():
            try:
                return self.ended.get(timeout=_LOOKS_EVERY_S)
            except Empty:
                waited_s += _LOOKS_EVERY_S
            if waited_s >= _SAYS_WHAT_TAKES_LONG_AFTER_S:
                waited_s = 0.0
                echo(f"Still at it: {'; '.join(self.steps[name].words for name in self.under_way)}")
        raise Stopped


def _failed(step: Step, trouble: UserError) -> UserError:
    said = f"{step.words} failed. What had been started is stopped again.\n{trouble}"
    if step.log and (lines := last_lines(step.log)):
        said += f"\nThe last lines of {step.log}:\n{lines}"
    return UserError(said)
