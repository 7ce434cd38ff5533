"""Settings come from the environment or from files, and a service that cannot use them says which and why, without showing them."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from chassis.settings import ServiceSettings
from chassis.testing import free_port

CANARY = "canary-of-a-password"


def test_a_secret_may_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "database_url").write_text(f"postgresql://booking:{CANARY}@db/booking\n")
    settings = ServiceSettings(_secrets_dir=tmp_path)
    assert settings.database_url.get_secret_value() == f"postgresql://booking:{CANARY}@db/booking"
    assert CANARY not in repr(settings)


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"PORT": "eighty"}, "booking: PORT: Input should be a valid integer"),
        (
            {"ENVIRONMENT": "production", "DATABASE_URL": f"postgresql://{CANARY}:packwalk-development@db/booking"},
            "the database's password is the sample one (packwalk-development); set another in production",
        ),
    ],
)
def test_a_service_that_cannot_use_its_settings_says_so_in_a_sentence(environment: dict[str, str], says: str) -> None:
    ended = started("booking", environment)
    assert says in ended.stderr
    assert CANARY not in ended.stderr + ended.stdout


@pytest.mark.parametrize(
    ("service", "setting"), [("booking", "PORT"), ("gateway", "PORT"), ("gateway", "METRICS_PORT")]
)
def test_a_taken_port_is_named(service: str, setting: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        ended = started(service, {"HOST": "127.0.0.1", "PORT": str(free_port()), setting: port})
    assert ended.stderr == f"{service}: {setting}: port {port} on 127.0.0.1 is taken by another program\n"


@pytest.mark.parametrize(
    ("host", "says"),
    [
        ("192.0.2.1", "belongs to an address that this machine does not have"),
        ("no such host", "is no address: the host's name is not known"),
    ],
)
def test_an_address_of_somewhere_else_is_named(host: str, says: str) -> None:
    ended = started("travel", {"HOST": host, "PORT": "8765"})
    assert ended.stderr == f"travel: PORT: port 8765 on {host} {says}\n"


def started(service: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Start what cannot start."""
    command = [sys.executable, "-m", service, "serve"]
    ended = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    return ended
