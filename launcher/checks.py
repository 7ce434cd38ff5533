"""`./packwalk check`: everything that can be found wrong without running it. All findings are shown, not only the first."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from launcher import environment, event_contracts, frontend, openapi, services
from launcher.machine import ROOT, echo

PYTHON = ("chassis", "services", "gateway", "launcher", "bench", "chaos", "tests", "packwalk")
TYPED = (
    "chassis/src",
    *(f"{service.folder}/src" for service in services.ALL),
    "launcher",
    "bench",
    "chaos",
    "tests",
)


def check() -> int:
    """Run every check. Returns 0 when all are clean."""
    environment.ready()
    node = frontend.packages()
    plain = environment.environment()
    failed = [
        name
        for name, command, folder, env in (
            ("lint", ["ruff", "check", *PYTHON], ROOT, plain),
            ("format", ["ruff", "format", "--check", *PYTHON], ROOT, plain),
            ("types", ["mypy", *TYPED], ROOT, plain),
            ("import rules", ["lint-imports"], ROOT, plain),
            ("frontend", ["npm", "run", "--silent", "check"], frontend.HOME, node),
        )
        if not _clean(name, command, folder, env)
    ]
    if not openapi.current():
        failed.append("contracts")
    if not event_contracts.current():
        failed.append("event schemas")
    echo(f"check: {'failed: ' + ', '.join(failed) if failed else 'all clean'}")
    return 1 if failed else 0


def _clean(name: str, command: Sequence[str], folder: Path, env: dict[str, str]) -> bool:
    echo(f"-- {name}")
    return subprocess.run(command, cwd=folder, env=env, check=False).returncode == 0
