"""Debian packages, where something is missing that the machine has to bring."""

import os
import shutil
import subprocess
from collections.abc import Sequence

from launcher import locks
from launcher.commands import run
from launcher.machine import STARTED_BY, UserError, echo, is_root

# Somebody else's apt may be at work, as on a machine that was just switched on.
_PATIENT = ("-o", "DPkg::Lock::Timeout=300")


def install(packages: Sequence[str], what_for: str) -> None:
    """Install Debian packages, as root or with sudo."""
    if not shutil.which("apt-get"):
        raise UserError(f"{what_for} is missing, and this machine has no apt-get. Please install: {' '.join(packages)}")
    prefix = [] if is_root() else ["sudo", "-n"]
    if prefix and not _may_sudo():
        raise UserError(f"{what_for} is missing. Please run: sudo apt-get install {' '.join(packages)}")
    with locks.exclusive("apt") as lock:
        echo(f"Installing {what_for} ({' '.join(packages)})")
        options = ["-y", "-qq", "--no-install-recommends", *_PATIENT]
        for command, why in (
            # What was interrupted in the middle is put right first: apt refuses to work until then.
            (["dpkg", "--configure", "-a"], "Finishing an interrupted installation"),
            (["apt-get", "update", "-qq", *_PATIENT], "apt-get update (is there a network?)"),
            (["apt-get", "install", *options, *packages], f"Installing {what_for}"),
        ):
            _apt([*prefix, "env", "DEBIAN_FRONTEND=noninteractive", *command], why, lock)


def _apt(command: Sequence[str], why: str, lock: locks.Lock) -> None:
    # Nobody ends it in the middle, not even an `up` that finds it left behind: the next one waits for it at the lock.
    unmarked = {name: value for name, value in os.environ.items() if name != STARTED_BY}
    run(command, env=unmarked, why=why, holding=[lock.fileno()], to_its_end=True)


def _may_sudo() -> bool:
    probe = ["sudo", "-n", "true"]
    return shutil.which("sudo") is not None and subprocess.run(probe, capture_output=True, check=False).returncode == 0
