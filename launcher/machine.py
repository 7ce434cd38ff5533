"""The checkout's folders, the user that servers run as, and what is printed at the terminal."""

import os
import pwd
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / ".packwalk"
STARTED_BY = "PACKWALK_STARTED_BY"  # in the environment of all that `up` starts, with STATE as its value
# The bound of every wait, for what starts, stops or answers: also with a load of 20 only a hang takes as long.
HANG_S = 180
_LAST_LINES = 12


class UserError(Exception):
    """An error that a person has to put right; the message says what and how."""


def echo(words: str) -> None:
    """Print for the person at the terminal."""
    print(words, flush=True)


def last_lines(log: Path) -> str:
    """Return the end of a log; nothing where there is none."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-_LAST_LINES:]) if log.exists() else ""


def is_root() -> bool:
    """Whether we may do everything."""
    return os.geteuid() == 0


def server_user() -> str | None:
    """Return the user that servers run as: Postgres refuses to run as root. None: as ourselves."""
    if not is_root():
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise UserError("This machine has neither the user postgres nor nobody to run a database as.")


def as_user(user: str | None, command: Sequence[str | Path]) -> list[str]:
    """Write a command so that it runs as a user."""
    plain = [str(part) for part in command]
    return plain if user is None else ["runuser", "-u", user, "--", *plain]


def process_user(user: str | None) -> dict[str, Any]:
    """Return what makes `subprocess.Popen` run a program as a user, as the very process that it returns."""
    if user is None:
        return {}
    entry = pwd.getpwnam(user)
    groups = os.getgrouplist(user, entry.pw_gid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": groups}


def python() -> str:
    """Return the Python that runs this."""
    return sys.executable
