"""Every setting is checked before a service starts, described in the operators' guide, and passed on by the compose file."""

import re
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import annotated_types
import pytest
import yaml
from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from booking.settings import Settings as Booking
from chassis.connection_settings import ConnectionSettings
from chassis.settings import KeySettings, ServiceSettings
from gateway.settings import Settings as Gateway
from settings_classes import ALL, SERVICES, is_a
from travel.settings import Settings as Travel

REPOSITORY = Path(__file__).parents[2]
# The guide has a table for each class, under these headings.
TABLES: dict[str, type[BaseSettings]] = {
    "Every service": ServiceSettings,
    "Connections": ConnectionSettings,
    "Booking and the gateway": KeySettings,
    "The gateway": Gateway,
    "Booking": Booking,
    "Travel": Travel,
}
# What an image sets for itself, or a container has no use for.
NOT_COMPOSES = {
    "HOST": "the image's",
    "PORT": "the image's",
    "METRICS_HOST": "the image's",
    "METRICS_PORT": "the image's",
    "FRONTEND_DIR": "the image's",
    "CONTRACTS_DIR": "in the image, beside the code",
    "MIGRATIONS_DATABASE_URL": "migrations run in a container of their own, whose DATABASE_URL is the owner's",
}


def field(service: str, name: str) -> FieldInfo:
    return SERVICES[service].model_fields[name]


def of_kind(kind: type) -> list[tuple[str, str]]:
    return [one for one in ALL if is_a(kind, field(*one).annotation)]


def refused(service: str, name: str, value: Any) -> str:
    with pytest.raises(ValidationError) as error:
        SERVICES[service](**{name: value})
    return str(error.value)


@pytest.mark.parametrize(("service", "name"), of_kind(int) + of_kind(float))
def test_every_number_has_two_ends(service: str, name: str) -> None:
    kinds = {type(one) for one in field(service, name).metadata}
    assert kinds & {annotated_types.Ge, annotated_types.Gt}, "a lower end"
    assert kinds & {annotated_types.Le, annotated_types.Lt}, "an upper end"
    for value in ("nonsense", "nan", "inf", -1, 10**18):
        assert name in refused(service, name, value)


@pytest.mark.parametrize(("service", "name"), [one for one in ALL if one[1].endswith(("_url", "_endpoint"))])
@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "https:///path",
        "http://host:http",
        "http://host:70000",
        "http://ho st:1",
        "postgresql+psycopg://role:word@host/name",
        "postgresql://role:word@host:70000/name",
        "ftp://host",
    ],
)
def test_every_address_is_checked(service: str, name: str, url: str) -> None:
    said = refused(service, name, url)
    assert name in said
    assert url not in said


@pytest.mark.parametrize(("service", "name"), [one for one in ALL if "_per_" in one[1] and one in of_kind(str)])
@pytest.mark.parametrize("rate", ["nonsense", "", "10", "10/fortnight", "0/minute", "-1/minute", "1/minute;2/hour"])
def test_every_rate_is_checked(service: str, name: str, rate: str) -> None:
    assert name in refused(service, name, rate)


@pytest.mark.parametrize(("service", "name"), of_kind(str))
def test_no_text_is_taken_unseen(service: str, name: str) -> None:
    free = {"kafka_instance"}  # any name will do
    one = field(service, name)
    checked = one.metadata or any(get_origin(kind) is Annotated for kind in get_args(one.annotation))
    assert name in free or checked, "give it one of the kinds of `chassis.setting_types`"


@pytest.mark.parametrize("brokers", ["nonsense", "host:", "host:0", "host:9092,other", "ho st:9092", "kafka://host:1"])
def test_brokers_are_checked(brokers: str) -> None:
    assert "kafka_bootstrap_servers" in refused("booking", "kafka_bootstrap_servers", brokers)


@pytest.mark.parametrize("brokers", ["", "host:9092", "a.b:1, [::1]:2"])
def test_good_brokers_are_taken(brokers: str) -> None:
    assert Booking(kafka_bootstrap_servers=brokers).kafka_bootstrap_servers == brokers


@pytest.mark.parametrize("proxies", ["nonsense", "*", "10.0.0.7/16", "10.0.0.256", "10.0.0.7 10.0.0.8"])
def test_proxies_are_checked(proxies: str) -> None:
    assert "forwarded_allow_ips" in refused("gateway", "forwarded_allow_ips", proxies)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://role@host/name",
        "postgres://role:word@host/name",
        "postgresql://role:w%40rd%2F@[::1]:5432/name?sslmode=require",
        "postgresql://role:word@one:5432,two:5432/name?target_session_attrs=primary",
        "postgresql:///name?host=/var/run/postgresql",
    ],
)
def test_good_addresses_of_databases_are_taken(url: str) -> None:
    assert Booking(database_url=SecretStr(url)).database_url.get_secret_value() == url


def shown(default: Any) -> str:
    """Write a default as the guide does."""
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, Path):
        return f"`{default.name}/`"
    return "" if default in (None, "") else f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


def table(heading: str) -> dict[str, str]:
    """Return a table of the guide: setting -> its default as written."""
    guide = (REPOSITORY / "docs" / "operations.md").read_text()
    _, found, rest = guide.partition(f"\n### {heading}\n")
    assert found, f"the guide has no heading '{heading}'"
    rows = re.findall(r"^\| `([A-Z_]+)` \| ([^|]*) \| [^|]+ \|$", re.split(r"\n##+ ", rest)[0], re.MULTILINE)
    assert len(rows) == len(dict(rows)), "a setting has two rows"
    return dict(rows)


@pytest.mark.parametrize("heading", TABLES)
def test_the_guide_has_every_setting_with_its_default(heading: str) -> None:
    of = TABLES[heading]
    own = {name: of.model_fields[name] for name in of.__annotations__ if name in of.model_fields}
    assert table(heading) == {name.upper(): shown(one.default) for name, one in own.items()}


@pytest.mark.parametrize("service", SERVICES)
def test_compose_passes_every_setting(service: str) -> None:
    parts = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())["services"]
    passed = set(parts[service]["environment"])
    wanted = {name.upper() for name in SERVICES[service].model_fields} - set(NOT_COMPOSES)
    assert wanted - passed == set(), "settings that nobody can set in a container"
    assert passed - wanted - {"OTEL_EXPORTER_OTLP_HEADERS", "OTEL_TRACES_SAMPLER"} == set(), "settings of nobody"


@pytest.mark.parametrize("setting", [name for name, why in NOT_COMPOSES.items() if why == "the image's"])
def test_what_compose_does_not_pass_an_image_sets(setting: str) -> None:
    assert re.search(rf"\b{setting}=", (REPOSITORY / "Dockerfile").read_text())
