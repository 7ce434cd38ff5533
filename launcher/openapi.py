"""`./packwalk openapi`: the services describe themselves; the descriptions are committed and must not drift."""

import subprocess
from pathlib import Path

from launcher import environment
from launcher.machine import ROOT, UserError, echo
from launcher.system import SERVICES, command

CONTRACTS = ROOT / "contracts" / "openapi"


def write() -> int:
    """Write every service's document."""
    environment.ready()
    CONTRACTS.mkdir(parents=True, exist_ok=True)
    for service in SERVICES:
        _file(service).write_text(_described(service))
    echo(f"Written: {', '.join(str(_file(service).relative_to(ROOT)) for service in SERVICES)}")
    return 0


def current() -> bool:
    """Whether the committed documents are what the services say of themselves now."""
    echo("-- contracts")
    good = True
    for service in SERVICES:
        file = _file(service)
        if not file.exists() or file.read_text() != _described(service):
            echo(f"{file.relative_to(ROOT)} is not what the service says of itself: run ./packwalk openapi")
            good = False
    return good


def _file(service: str) -> Path:
    return CONTRACTS / f"{service}.yaml"


def _described(service: str) -> str:
    result = subprocess.run(
        command(service, "openapi"),
        cwd=ROOT,
        env=environment.environment(),
        text=True,
        capture_output=True,
        check=False,
    )
    if result.returncode:
        raise UserError(f"{service} cannot describe itself:\n{result.stderr[-1500:]}")
    return result.stdout
