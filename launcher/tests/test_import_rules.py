"""Each import rule breaks on a deliberate violation."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import services
from launcher.machine import ROOT

PACKAGES = {"chassis": "chassis/src", **{service.name: f"{service.folder}/src" for service in services.ALL}}


@pytest.mark.parametrize(
    ("file", "line", "rule"),
    [
        ("services/booking/src/booking/series.py", "import gateway", "strangers"),
        ("chassis/src/chassis/logs.py", "import booking.rules.model", "stands on the chassis"),
        ("services/booking/src/booking/rules/conflicts.py", "from chassis import logs", "Rules and model"),
        ("services/booking/src/booking/rules/model.py", "import pydantic", "Rules and model"),
        ("services/booking/src/booking/store/locks.py", "import booking.commit", "Inside booking"),
        ("services/booking/src/booking/helpers.py", "import uuid", "Inside booking"),
        ("gateway/src/gateway/sessions.py", "import gateway.api.sessions", "Inside the gateway"),
        ("gateway/src/gateway/rules/countries.py", "from chassis import logs", "Rules and model"),
    ],
)
def test_a_violation_is_found(tmp_path: Path, file: str, line: str, rule: str) -> None:
    for source in PACKAGES.values():
        shutil.copytree(ROOT / source, tmp_path / source, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    assert _linted(tmp_path).returncode == 0
    broken = tmp_path / file
    broken.touch()
    broken.write_text(broken.read_text() + f"\n{line}\n")
    found = _linted(tmp_path)
    assert found.returncode != 0
    assert any(rule in said and "BROKEN" in said for said in found.stdout.splitlines()), found.stdout


def _linted(folder: Path) -> "subprocess.CompletedProcess[str]":
    path = ":".join(str(folder / source) for source in PACKAGES.values())
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(
        command,
        cwd=folder,
        env={"PYTHONPATH": path, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
