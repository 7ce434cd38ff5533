"""The frontend: Node from the machine or from PyPI, packages by their lock, and the built pages."""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

from launcher import environment, locks
from launcher.commands import run
from launcher.machine import ROOT, STATE, echo

HOME = ROOT / "frontend"
DIST = HOME / "dist"
NODE_LOCK = ROOT / "launcher" / "node.txt"
_STAMP = ".packwalk"  # the last file that is written: what was interrupted has none
_OLDEST = (20, 19)


def node_environment() -> dict[str, str]:
    """Return an environment that has a Node new enough; takes it from PyPI where the machine's is missing or too old."""
    plain = environment.environment()
    if _new_enough(shutil.which("node")) and shutil.which("npm"):
        return plain
    venv = STATE / "node"
    with locks.exclusive("node"):
        _install_node(venv, plain)
    return {**plain, "PATH": f"{venv / 'bin'}:{plain['PATH']}"}


def _install_node(venv: Path, plain: dict[str, str]) -> None:
    stamp, wanted = venv / "packwalk.stamp", hashlib.sha256(NODE_LOCK.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    echo("Installing Node")
    uv = environment.BIN / "uv"
    run([uv, "venv", "-q", "--clear", venv], env=plain, why="Making a place for Node")
    target = {**plain, "VIRTUAL_ENV": str(venv)}
    run([uv, "pip", "install", "-q", "--require-hashes", "-r", NODE_LOCK], env=target, why="Installing Node")
    stamp.write_text(wanted)


def _new_enough(node: str | None) -> bool:
    if node is None or not Path(node).exists():
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    return found is not None and (int(found[1]), int(found[2])) >= _OLDEST


def packages() -> dict[str, str]:
    """Install the frontend's packages as locked. Returns the environment to run npm in."""
    env = node_environment()
    # npm begins by removing the folder, and the stamp with it.
    stamp = HOME / "node_modules" / ".packwalk"
    wanted = hashlib.sha256((HOME / "package-lock.json").read_bytes()).hexdigest()
    with locks.exclusive("node_modules"):
        if not stamp.exists() or stamp.read_text() != wanted:
            echo("Installing the frontend's packages")
            run(["npm", "ci", "--no-audit", "--no-fund"], env=env, cwd=HOME, why="npm ci")
            stamp.write_text(wanted)
    return env


def build() -> Path:
    """Build the pages unless they are up to date. Returns their folder."""
    if not _built(_sources()):
        with locks.exclusive("frontend"):
            wanted = _sources()
            if not _built(wanted):
                _build(wanted)
    return DIST


def _built(wanted: str) -> bool:
    stamp = DIST / _STAMP
    return stamp.exists() and stamp.read_text() == wanted


def _build(wanted: str) -> None:
    env = packages()
    echo("Building the frontend")
    (DIST / _STAMP).unlink(missing_ok=True)
    run(["npm", "run", "build"], env=env, cwd=HOME, why="npm run build")
    (DIST / _STAMP).write_text(wanted)


def _sources() -> str:
    digest = hashlib.sha256()
    for file in sorted(HOME.rglob("*")):
        inside = file.relative_to(HOME).parts[0]
        if file.is_file() and inside not in ("node_modules", "dist"):
            digest.update(str(file.relative_to(HOME)).encode() + file.read_bytes())
    return digest.hexdigest()
