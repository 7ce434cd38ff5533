"""All that has to know the services knows those of `launcher/services.py`, and no others."""

import importlib
import subprocess
import tomllib
from typing import Any

import pytest
import yaml

from launcher import services
from launcher.machine import ROOT
from launcher.services import GATEWAY, Service

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACTS = {contract["name"]: contract for contract in PYPROJECT["tool"]["importlinter"]["contracts"]}
every = pytest.mark.parametrize("service", services.ALL, ids=services.NAMES)


def test_a_service_stands_after_those_that_it_calls() -> None:
    for index, service in enumerate(services.ALL):
        assert set(service.calls) <= set(services.NAMES[:index]), service.name


def test_the_gateway_passes_on_to_every_service() -> None:
    assert set(services.named(GATEWAY).calls) == set(services.NAMES) - {GATEWAY}


@every
def test_the_package_is_where_the_list_says_and_listens_there(service: Service) -> None:
    settings = importlib.import_module(f"{service.name}.settings").Settings
    assert settings.model_fields["port"].default == service.port
    for called in service.calls:
        assert f"{called}_url" in settings.model_fields, f"{service.name} does not read where {called} is"
    assert (service.home / "migrations" / "env.py").exists()
    assert (service.home / "tests").is_dir()


@every
def test_python_knows_the_service(service: Service) -> None:
    tool, distribution = PYPROJECT["tool"], f"packwalk-{service.name}"
    assert distribution in PYPROJECT["project"]["dependencies"]
    assert tool["uv"]["sources"][distribution] == {"workspace": True}
    assert f"{service.folder}/src" in tool["mypy"]["mypy_path"]
    assert f"{service.folder}/tests" in tool["pytest"]["ini_options"]["testpaths"]
    assert service.name in tool["ruff"]["lint"]["isort"]["known-first-party"]


@every
def test_import_rules_know_the_service(service: Service) -> None:
    assert service.name in PYPROJECT["tool"]["importlinter"]["root_packages"]
    assert service.name in CONTRACTS["Services are strangers to one another"]["modules"]
    [strangers, *_] = CONTRACTS["Everybody stands on the chassis, which knows nobody"]["layers"]
    assert service.name in strangers.split(" | ")
    inside = [contract for contract in CONTRACTS.values() if contract.get("containers") == [service.name]]
    assert [contract["exhaustive"] for contract in inside] == [True]


def test_workspace_and_import_rules_know_no_other() -> None:
    assert set(PYPROJECT["tool"]["importlinter"]["root_packages"]) == {"chassis", *services.NAMES}
    members = {
        f.parent.relative_to(ROOT).as_posix() for g in ("*", "services/*") for f in ROOT.glob(f"{g}/pyproject.toml")
    }
    assert members == {"chassis", *(service.folder for service in services.ALL)}


@every
def test_compose_migrates_keys_and_serves_the_service(service: Service) -> None:
    containers, name = COMPOSE["services"], service.name
    build = containers[f"{name}-migrations"]["build"]
    assert build["args"] == {"SERVICE": name, "FOLDER": service.folder}
    for container in (name, f"{name}-migrations"):
        assert containers[container]["image"] == f"packwalk-{name}"
    serving = containers[name]
    assert f"{name}-migrations" in serving["depends_on"]
    role = f"postgresql://{name}:${{{name.upper()}_DB_PASSWORD:-packwalk-development}}@postgres/{name}"
    assert serving["environment"]["DATABASE_URL"] == role
    assert f"postgresql://{name}_owner:" in containers[f"{name}-migrations"]["environment"]["DATABASE_URL"]
    assert (f"{name}-key" in containers) is service.signs
    assert (f"{name}-keys" in COMPOSE["volumes"]) is service.signs


@every
def test_compose_says_where_the_called_services_are(service: Service) -> None:
    environment = COMPOSE["services"][service.name]["environment"]
    for called in service.calls:
        assert environment[f"{called.upper()}_URL"] == f"http://{called}:8000"
    callers = [other.name for other in services.ALL if service.name in other.calls and other.name != GATEWAY]
    for caller in callers:
        assert environment[f"{caller.upper()}_JWKS_URL"] == f"http://{caller}:8000/.well-known/jwks.json"


def test_every_database_of_compose_has_a_password_of_its_own() -> None:
    passwords = {f"{name.upper()}_DB_PASSWORD" for name in services.NAMES} | {"OWNERS_DB_PASSWORD"}
    assert set(COMPOSE["x-database-passwords"]) == passwords


def test_compose_makes_a_database_for_each_of_these_passwords() -> None:
    script = ROOT / "deploy" / "compose" / "databases.sh"
    passwords = {f"{name.upper()}_DB_PASSWORD": "x" for name in services.NAMES} | {"OWNERS_DB_PASSWORD": "x"}
    stub = 'psql() { for word in "$@"; do case $word in service=*) echo "${word#service=}";; esac; done; }'
    made = subprocess.run(
        ["bash", "-c", f"{stub}; export -f psql; bash {script}"],
        env={**passwords, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert sorted(made.stdout.split()) == sorted(services.NAMES)


@every
def test_prometheus_scrapes_the_service(service: Service) -> None:
    config = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text())
    targets = {
        one["labels"]["service"]: one["targets"] for job in config["scrape_configs"] for one in job["static_configs"]
    }
    assert set(targets) == set(services.NAMES)
    assert targets[service.name] == [f"{service.name}:{service.metrics_port}"]


def test_every_service_has_a_contract_and_no_other_has() -> None:
    assert {file.stem for file in (ROOT / "contracts" / "openapi").glob("*.yaml")} == set(services.NAMES)
