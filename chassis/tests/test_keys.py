"""Who signs needs a key; verbs that sign nothing do not ask for one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chassis.testing import ServiceDatabase, create_database, drop_database
from chassis.testing.topics import broker_address

REPOSITORY = Path(__file__).parents[2]


def _ended(service: str, *verb: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", service, *verb]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("service", ["booking", "gateway"])
def test_topics_are_made_before_there_is_a_key(tmp_path: Path, service: str) -> None:
    broker = {"KAFKA_BOOTSTRAP_SERVERS": broker_address(), "KAFKA_PREFIX": f"{tmp_path.name}-{service}-{os.getpid()}."}
    ended = _ended(service, "events", "topics", TOKEN_KEY_FILE=str(tmp_path / "missing.key"), **broker)
    assert ended.returncode == 0, ended.stderr
    assert f"{broker['KAFKA_PREFIX']}packwalk.booking.v1: made with" in ended.stdout


def test_production_makes_topics_and_describes_itself_without_a_key(tmp_path: Path) -> None:
    production = {"ENVIRONMENT": "production", "DATABASE_URL": "postgresql://booking:x@nowhere/booking"}
    broker = {"KAFKA_BOOTSTRAP_SERVERS": broker_address(), "KAFKA_PREFIX": f"{tmp_path.name}-{os.getpid()}."}
    for verb in (("events", "topics"), ("openapi",)):
        ended = _ended("booking", *verb, **production, **broker)
        assert ended.returncode == 0, ended.stderr


def test_a_database_is_migrated_before_there_is_a_key(tmp_path: Path) -> None:
    database: ServiceDatabase = create_database("booking", REPOSITORY / "services" / "booking", migrated=False)
    try:
        ended = _ended(
            "booking", "migrate", DATABASE_URL=database.owner_url, TOKEN_KEY_FILE=str(tmp_path / "missing.key")
        )
        assert ended.returncode == 0, ended.stderr
    finally:
        drop_database(database)


def test_serving_without_the_key_says_how_to_make_it(tmp_path: Path) -> None:
    ended = _ended("booking", "serve", TOKEN_KEY_FILE=str(tmp_path / "missing.key"))
    assert ended.returncode == 1
    assert "booking: TOKEN_KEY_FILE cannot be used" in ended.stderr
    assert "python -m booking key FILE" in ended.stderr
    assert "Traceback" not in ended.stderr
