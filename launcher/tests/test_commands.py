"""Commands end when we are asked to stop, with whatever they started."""

import subprocess
import sys
from pathlib import Path

import pytest

from chassis.testing import HANG_S
from launcher import commands, processes
from launcher.machine import ROOT, UserError

_STOPPED = """
import sys, threading
from pathlib import Path
from launcher import commands

started, outcome = Path(sys.argv[1]), []

def work():
    try:
        commands.run(["sh", "-c", "sleep 600 & echo $! > $0; wait", started])
    except commands.Stopped:
        outcome.append("stopped")

thread = threading.Thread(target=work)
thread.start()
while not (started.exists() and started.read_text()):
    threading.Event().wait(0.01)
commands.stop_all()
thread.join()
try:
    commands.run(["true"])
except commands.Stopped:
    outcome.append("starts nothing")
print(*outcome, sep=", ")
"""


def test_a_command_that_fails_says_its_last_words() -> None:
    with pytest.raises(UserError, match=r"Making tea: failed \(3\)\.\nno water"):
        commands.run(["sh", "-c", "echo no water >&2; exit 3"], why="Making tea")


def test_a_command_is_given_nothing_to_wait_for() -> None:
    assert commands.run(["cat"]) == ""


def test_stopping_ends_what_runs_and_starts_nothing_more(tmp_path: Path) -> None:
    # In a process of its own, for it stops for good.
    command = [sys.executable, "-c", _STOPPED, str(tmp_path / "started")]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=HANG_S)
    assert said.stdout.strip() == "stopped, starts nothing"
    assert not processes.alive(processes.identity(int((tmp_path / "started").read_text())))
