"""What is on record of the system that runs: `.packwalk/run.json`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from launcher import processes
from launcher.machine import STATE, Trouble

_FILE = STATE / "run.json"


def write(record: Mapping[str, Any]) -> None:
    """Replace the record, whole."""
    draft = _FILE.with_suffix(".new")
    draft.write_text(json.dumps(record))
    draft.rename(_FILE)


def read(file: Path = _FILE) -> dict[str, Any] | None:
    """Return the record, None when there is none. file: another installation's."""
    try:
        return dict(json.loads(file.read_text()))
    except (FileNotFoundError, ValueError):
        return None


def remove() -> None:
    """Nothing runs."""
    _FILE.unlink(missing_ok=True)


def running() -> dict[str, Any] | None:
    """Return the record of the system that runs or is being started, None when none does."""
    record = read()
    return record if record and processes.alive(record["processes"]["supervisor"]) else None


def ready() -> dict[str, Any] | None:
    """Return the record of the system that runs and is ready, None when none is."""
    record = running()
    return record if record and record["ready"] else None


def need() -> dict[str, Any]:
    """Return the record of the system that is ready. Raises Trouble when none is."""
    if record := ready():
        return record
    if running():
        raise Trouble("Packwalk is being started; ./packwalk status says how far it is.")
    raise Trouble("Packwalk is not running; ./packwalk up starts it.")
