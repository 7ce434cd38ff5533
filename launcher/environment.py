"""The virtual environment: exactly what `requirements.lock` says, and the workspace's own packages."""

import hashlib
import os
import shutil
from pathlib import Path

from launcher.machine import ROOT, Trouble, install, python, run, say

# Without bytecode every start of a service takes twice as long; what we run is our own environment's to compile.
_NOT_OURS = ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")
VENV = ROOT / ".venv"
BIN = VENV / "bin"
LOCK = ROOT / "requirements.lock"
UV_LOCK = ROOT / "launcher" / "uv.txt"
PACKAGES = ("chassis", "services/booking", "services/travel", "gateway")


def ready() -> None:
    """Make the environment, or bring it up to date; quick when nothing changed."""
    stamp, wanted = VENV / "packwalk.stamp", _fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    _virtual_environment()
    uv = BIN / "uv"
    if not uv.exists():
        pip: list[str | Path] = [BIN / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        run([*pip, "--require-hashes", "-r", UV_LOCK], why="Installing uv (is there a network?)")
    say("Installing Python packages")
    run([uv, "pip", "sync", "-q", "--require-hashes", LOCK, UV_LOCK], env=environment(), why="Installing packages")
    editables = [part for package in PACKAGES for part in ("-e", package)]
    ours: list[str | Path] = [uv, "pip", "install", "-q", "--no-deps", "--no-build-isolation", *editables]
    run(ours, env=environment(), why="Installing Packwalk's own packages")
    stamp.write_text(wanted)


def environment(**more: str) -> dict[str, str]:
    """Return the environment that our programs run in: this one's, with our own interpreter first and no other's leftovers."""
    left = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
    path = f"{BIN}{os.pathsep}{left.get('PATH', '')}"
    return {**left, "VIRTUAL_ENV": str(VENV), "PATH": path, "PYTHONUNBUFFERED": "1", **more}


def _virtual_environment() -> None:
    if (BIN / "python").exists() and (BIN / "pip").exists():
        return
    shutil.rmtree(VENV, ignore_errors=True)
    say("Making a virtual environment")
    try:
        run([python(), "-m", "venv", VENV], why="python3 -m venv")
    except Trouble:
        # Debian keeps venv's other half in a package of its own.
        shutil.rmtree(VENV, ignore_errors=True)
        install(["python3-venv"], "Python's venv")
        run([python(), "-m", "venv", VENV], why="python3 -m venv")


def _fingerprint() -> str:
    digest = hashlib.sha256(str(VENV).encode())
    for file in (LOCK, UV_LOCK, *(ROOT / package / "pyproject.toml" for package in PACKAGES)):
        digest.update(Path(file).read_bytes())
    return digest.hexdigest()
