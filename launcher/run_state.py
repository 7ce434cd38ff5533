"""The state of the system that runs, in `.packwalk/run.json`: processes, ports, restarts."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from launcher import processes
from launcher.machine import STATE, UserError

_FILE = STATE / "run.json"


def write(state: Mapping[str, Any]) -> None:
    """Replace the file, whole."""
    draft = _FILE.with_suffix(".new")
    draft.write_text(json.dumps(state))
    draft.rename(_FILE)


def read(file: Path = _FILE) -> dict[str, Any] | None:
    """Return the state, None when there is none. file: another installation's."""
    try:
        return dict(json.loads(file.read_text()))
    except (FileNotFoundError, ValueError):
        return None


def remove() -> None:
    """Note that nothing runs."""
    _FILE.unlink(missing_ok=True)


def running() -> dict[str, Any] | None:
    """Return the state of the system that runs or is being started, None when none does."""
    state = read()
    return state if state and processes.alive(state["processes"]["supervisor"]) else None


def ready() -> dict[str, Any] | None:
    """Return the state of the system that runs and is ready, None when none is."""
    state = running()
    return state if state and state["ready"] else None


def require() -> dict[str, Any]:
    """Return the state of the system that is ready. Raises UserError when none is."""
    if state := ready():
        return state
    if running():
        raise UserError("Packwalk is being started; ./packwalk status says how far it is.")
    raise UserError("Packwalk is not running; ./packwalk up starts it.")
