"""Whatever fits an event's contract, the gateway can read: its readers are declared here and checked against `contracts/`."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings

from chassis.events.contracts import Contracts
from chassis.testing.contracts import fitting
from gateway.listeners import listeners

CONTRACTS = Contracts(Path(__file__).parents[2] / "contracts")
READS = listeners.payloads()


@pytest.mark.parametrize("listened", sorted(READS), ids=lambda listened: listened[1])
def test_whatever_fits_the_contract_can_be_read(listened: tuple[str, str]) -> None:
    schema = orjson.loads(CONTRACTS.types()[listened].read_bytes())

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
    @given(fitting(schema))
    def read(data: Any) -> None:
        READS[listened].model_validate(data)

    read()


def test_every_type_that_is_listened_to_is_told_by_somebody() -> None:
    assert set(READS) <= set(CONTRACTS.types())
