"""The virtual environment: exactly what `requirements.lock` says, and the workspace's own packages."""

import hashlib
import os
import shutil
from pathlib import Path

from launcher import locks, services
from launcher.commands import run
from launcher.debian import install
from launcher.machine import ROOT, UserError, echo, python

# Without bytecode every start of a service takes twice as long; what we run is our own environment's to compile.
_NOT_OURS = ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")
VENV = ROOT / ".venv"
BIN = VENV / "bin"
_STAMP = VENV / "packwalk.stamp"
LOCK = ROOT / "requirements.lock"
UV_LOCK = ROOT / "launcher" / "uv.txt"
PACKAGES = ("chassis", *(service.folder for service in services.ALL))


def ready() -> Path:
    """Make the environment, or bring it up to date; quick when nothing changed. Returns its interpreter."""
    if not _up_to_date():
        with locks.exclusive("environment"):
            if not _up_to_date():
                _bring_up_to_date()
    return BIN / "python"


def _up_to_date() -> bool:
    # A link to an interpreter that was removed does not exist.
    return _STAMP.exists() and _STAMP.read_text() == _fingerprint() and (BIN / "python").exists()


def _bring_up_to_date() -> None:
    wanted = _fingerprint()
    _virtual_environment()
    # The stamp comes back last: what was interrupted has none, and is made anew.
    _STAMP.unlink(missing_ok=True)
    uv = BIN / "uv"
    if not uv.exists():
        echo("Installing uv")
        pip: list[str | Path] = [BIN / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        run([*pip, "--require-hashes", "-r", UV_LOCK], why="Installing uv (is there a network?)")
    echo("Installing Python packages")
    run([uv, "pip", "sync", "-q", "--require-hashes", LOCK, UV_LOCK], env=environment(), why="Installing packages")
    editables = [part for package in PACKAGES for part in ("-e", package)]
    ours: list[str | Path] = [uv, "pip", "install", "-q", "--no-deps", "--no-build-isolation", *editables]
    run(ours, env=environment(), why="Installing Packwalk's own packages")
    _STAMP.write_text(wanted)


def environment(**more: str) -> dict[str, str]:
    """Return the environment that our programs run in: this one's, with our own interpreter first and no other's leftovers."""
    left = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
    path = f"{BIN}{os.pathsep}{left.get('PATH', '')}"
    return {**left, "VIRTUAL_ENV": str(VENV), "PATH": path, "PYTHONUNBUFFERED": "1", **more}


def _virtual_environment() -> None:
    if _STAMP.exists() and (BIN / "python").exists():
        return
    shutil.rmtree(VENV, ignore_errors=True)
    echo("Making a virtual environment")
    try:
        run([python(), "-m", "venv", VENV], why="python3 -m venv")
    except UserError:
        # Debian keeps venv's other half in a package of its own.
        shutil.rmtree(VENV, ignore_errors=True)
        install(["python3-venv"], "Python's venv")
        run([python(), "-m", "venv", VENV], why="python3 -m venv")


def _fingerprint() -> str:
    digest = hashlib.sha256(str(VENV).encode())
    for file in (LOCK, UV_LOCK, *(ROOT / package / "pyproject.toml" for package in PACKAGES)):
        digest.update(Path(file).read_bytes())
    return digest.hexdigest()
