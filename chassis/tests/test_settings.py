"""Settings come from the environment or from files, and a service that cannot use them says which and why, without showing them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chassis.settings import ServiceSettings

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
    command = [sys.executable, "-m", "booking", "serve"]
    ended = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert says in ended.stderr
    assert "Traceback" not in ended.stderr
    assert CANARY not in ended.stderr + ended.stdout
