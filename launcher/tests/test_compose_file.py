"""What docker-compose.yml promises of every container, and of none in particular."""

from typing import Any

import pytest
import yaml

from launcher.machine import ROOT

CONTAINERS: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_container_is_confined_and_its_log_bounded(name: str) -> None:
    container = CONTAINERS[name]
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert set(container["logging"]["options"]) == {"max-size", "max-file"}
    assert all(
        port.startswith(("127.0.0.1:", "${PACKWALK_ADDRESS:-127.0.0.1}:")) for port in container.get("ports", [])
    )


def test_a_file_with_secrets_for_compose_is_not_committed() -> None:
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()
