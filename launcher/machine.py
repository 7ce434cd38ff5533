"""What the machine has, and what Debian's packages add where it is missing."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / ".packwalk"


class Trouble(Exception):  # noqa: N818 - what it is called where it is shown
    """Something that a person has to put right; the message says what and how."""


def say(words: str) -> None:
    """Tell the person at the terminal."""
    print(words, flush=True)


def run(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    why: str = "",
    quiet: bool = True,
) -> str:
    """Run a command to its end. Returns what it printed. Raises Trouble with its last words."""
    result = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=None if env is None else dict(env),
        text=True,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        check=False,
    )
    if result.returncode:
        tail = "\n".join((result.stdout or "").strip().splitlines()[-15:])
        raise Trouble(f"{why or command[0]}: failed ({result.returncode}).\n{tail}".rstrip())
    return result.stdout or ""


def is_root() -> bool:
    """Whether we may do everything."""
    return os.geteuid() == 0


def install(packages: Sequence[str], what_for: str) -> None:
    """Install Debian packages, as root or with sudo."""
    if not shutil.which("apt-get"):
        raise Trouble(f"{what_for} is missing, and this machine has no apt-get. Please install: {' '.join(packages)}")
    say(f"Installing {what_for} ({' '.join(packages)})")
    prefix = [] if is_root() else ["sudo", "-n"]
    if prefix and not _may_sudo():
        raise Trouble(f"{what_for} is missing. Please run: sudo apt-get install {' '.join(packages)}")
    quietly = ["env", "DEBIAN_FRONTEND=noninteractive"]
    run([*prefix, *quietly, "apt-get", "update", "-qq"], why="apt-get update (is there a network?)")
    options = ["-y", "-qq", "--no-install-recommends"]
    run([*prefix, *quietly, "apt-get", "install", *options, *packages], why=f"Installing {what_for}")


def _may_sudo() -> bool:
    probe = ["sudo", "-n", "true"]
    return shutil.which("sudo") is not None and subprocess.run(probe, capture_output=True, check=False).returncode == 0


def somebody_else() -> str | None:
    """Return the user that servers run as: Postgres refuses to run as root. None: as ourselves."""
    if not is_root():
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise Trouble("This machine has neither the user postgres nor nobody to run a database as.")


def as_user(user: str | None, command: Sequence[str | Path]) -> list[str]:
    """Write a command so that it runs as a user."""
    plain = [str(part) for part in command]
    return plain if user is None else ["runuser", "-u", user, "--", *plain]


def python() -> str:
    """Return the Python that runs this."""
    return sys.executable
