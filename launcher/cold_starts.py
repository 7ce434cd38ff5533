"""`.ci/cold-starts`: start the product as somebody does who has just cloned it, several times, and preview a series.

Works in a clone of its own, of what is committed. Prints a line for each start, and a summary.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from launcher.cluster import free_port
from launcher.demo import Api
from launcher.machine import ROOT, UserError, echo

_HANGS_S = 1200
# While this is made a first start is killed; `up` makes it anew. The second half says when the making is in full swing.
_INTERRUPTED: dict[str, Callable[[Path], bool]] = {
    "Installing Python packages": lambda clone: _has(clone, ".venv/lib/python3*/site-packages/*.dist-info", 10),
    "Installing Kafka": lambda clone: _has(clone, ".packwalk/kafka-jars/downloads/**/*.jar", 1),
    "Installing the frontend's packages": lambda clone: _has(clone, "frontend/node_modules/*", 10),
    "Building the frontend": lambda clone: _has(clone, "frontend/dist/assets/*", 1),
}


class Failed(Exception):  # noqa: N818 - the message is what is shown
    """A start was not as it has to be."""


def main() -> int:
    """Run all starts. Returns 0 when all passed."""
    seed = str(random.randrange(10**6))  # noqa: S311 - no secret
    with _clone() as clone:
        starts: dict[str, Callable[[], None]] = {
            "a fresh clone": lambda: _start(clone),
            "after .packwalk was removed": lambda: _start(clone),
            f"every step delayed at random (PACKWALK_DELAY_STEPS={seed})": lambda: _start(
                clone, PACKWALK_DELAY_STEPS=seed
            ),
            "after starts that were killed while installing": lambda: _start_after_kills(clone),
        }
        passed = [_passes(name, start, clone) for name, start in starts.items()]
    echo(f"cold starts: {passed.count(True)} passed, {passed.count(False)} failed")
    return 0 if all(passed) else 1


def _has(clone: Path, pattern: str, at_least: int) -> bool:
    return len(list(clone.glob(pattern))) >= at_least


@contextmanager
def _clone() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="packwalk-cold-"))
    clone = folder / "packwalk"
    subprocess.run(["git", "clone", "-q", ROOT, clone], check=True)
    try:
        yield clone
    finally:
        try:
            _packwalk(clone, "reset", "--yes")
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _passes(name: str, start: Callable[[], None], clone: Path) -> bool:
    began = time.monotonic()
    shutil.rmtree(clone / ".packwalk", ignore_errors=True)
    try:
        start()
    except (Failed, UserError) as failed:
        echo(f"cold start, {name}: failed\n{failed}")
        _packwalk(clone, "down")
        return False
    echo(f"cold start, {name}: passed ({time.monotonic() - began:.0f} s)")
    return True


def _start(clone: Path, **environment: str) -> None:
    port = free_port()
    _packwalk(clone, "up", "--detach", env=_environment(PACKWALK_PORT=str(port), **environment))
    _preview(port)
    _packwalk(clone, "down")
    if _packwalk(clone, "status", good=1).strip() != "Packwalk is not running; ./packwalk up starts it":
        raise Failed("down left something running")


def _packwalk(clone: Path, *verb: str, good: int = 0, env: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(
        [sys.executable, str(clone / "packwalk"), *verb],
        env=env or _environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != good:
        raise Failed(f"./packwalk {' '.join(verb)} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def _environment(**more: str) -> dict[str, str]:
    # As somebody's who has nothing of ours yet.
    ours = ("PACKWALK_", "KAFKA_", "VIRTUAL_ENV")
    return {**{name: value for name, value in os.environ.items() if not name.startswith(ours)}, **more}


def _preview(port: int) -> None:
    """Sign ann in, and look at a series as the booking page does."""
    ann = Api(f"http://127.0.0.1:{port}").sign_in("ann")
    if ann is None:
        raise Failed("ann cannot sign in")
    first: dict[str, Any] = {
        path: ann.need("GET", f"/{path}")["items"][0]["id"] for path in ("services", "walkers", "locations", "dogs")
    }
    wish = {
        "service_id": first["services"],
        "walker_id": first["walkers"],
        "location_id": first["locations"],
        "dog_ids": [first["dogs"]],
        "starts_on": time.strftime("%Y-%m-%d", time.gmtime(time.time() + 7 * 86400)),
        "start_time": "11:00",
        "weekdays": ["MO", "TU", "WE"],
        "count": 12,
    }
    occurrences = ann.need("POST", "/series/preview", wish)["occurrences"]
    if len(occurrences) != wish["count"]:
        raise Failed(f"the preview has {len(occurrences)} dates instead of {wish['count']}")


def _start_after_kills(clone: Path) -> None:
    for made in (".venv", "frontend/node_modules", "frontend/dist"):
        shutil.rmtree(clone / made, ignore_errors=True)
    for words, in_full_swing in _INTERRUPTED.items():
        _kill_while(clone, words, lambda seen=in_full_swing: seen(clone))  # type: ignore[misc]
    _start(clone)


def _kill_while(clone: Path, words: str, in_full_swing: Callable[[], bool]) -> None:
    """Kill the supervisor, and leave what it had started to the next one."""
    said = clone / ".packwalk" / "said"
    said.parent.mkdir(exist_ok=True)
    with said.open("wb") as log:
        command = [sys.executable, str(clone / "packwalk"), "up"]
        env = _environment(PACKWALK_PORT=str(free_port()))
        up = subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)
    ends_at = time.monotonic() + _HANGS_S
    while not (words in said.read_text() and in_full_swing()):
        if up.poll() is not None or time.monotonic() > ends_at:
            up.kill()
            raise Failed(f"up ended before it came to '{words}':\n{said.read_text()}")
        threading.Event().wait(0.01)
    os.kill(up.pid, signal.SIGKILL)
    up.wait()


if __name__ == "__main__":
    sys.exit(main())
