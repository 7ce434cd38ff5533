"""Import the packages before pytest names test modules after the folders chassis/ and gateway/, which are called like them."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

import chassis
import gateway
from chassis.testing import HANG_S, response_checks
from launcher.broker import Broker
from launcher.cluster import free_port

# Rules are tried on the same hundreds of cases every time, however busy the machine is.
settings.register_profile(
    "rules", max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.load_profile("rules")

# Services that a test starts talk to a broker only where the test says so.
os.environ["KAFKA_BOOTSTRAP_SERVERS"] = ""

# Nor do they give up where a machine is busy: tests that are about a limit set it themselves.
os.environ |= {
    "REQUEST_TIMEOUT_S": str(HANG_S),
    "UPSTREAM_TIMEOUT_S": str(HANG_S),
    "UPSTREAM_WAIT_S": str(HANG_S),
    "DATABASE_POOL_TIMEOUT_S": "30",  # kill tests end databases, and a pool that waits longer notices later
    "DATABASE_STATEMENT_TIMEOUT_MS": str(HANG_S * 1000),
    "DATABASE_LOCK_TIMEOUT_MS": str(HANG_S * 1000),
    "TRAVEL_BUDGET_S": "10",
    "TRAVEL_TIMEOUT_S": "2",
}

__all__ = ["chassis", "gateway"]

response_checks.install()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, Any, Any]:
    """Fail a test that got a response which the OpenAPI documents do not describe."""
    return (yield from _described())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None, Any, Any]:
    """Likewise, for what a fixture asks at its end, and for a test that failed by itself."""
    return (yield from _described())


def _described() -> Generator[None, Any, Any]:
    result = yield
    faults = response_checks.taken()
    assert not faults, "contracts/openapi does not describe these responses:\n" + "\n".join(faults)
    return result


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker of the test's own, which may be killed."""
    made = Broker(tmp_path / "kafka", free_port())
    made.make()
    made.start()
    yield made
    made.kill()
