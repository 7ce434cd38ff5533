"""The events' contracts are whole: every schema is one, has its place, and says what its place says of it."""

from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest
import yaml

from chassis.events import broker
from chassis.events.contracts import ENVELOPE, Contracts

CONTRACTS = Path(__file__).parents[2] / "contracts"
SCHEMAS = sorted((CONTRACTS / "events").rglob("*.json"))
DOCUMENT = yaml.safe_load((CONTRACTS / "asyncapi.yaml").read_text())


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.stem)
def test_a_schema_is_one_and_is_named_by_its_file(file: Path) -> None:
    schema = orjson.loads(file.read_bytes())
    jsonschema_rs.meta.validate(schema)
    assert schema["title"] == ("Envelope" if file.name == ENVELOPE else file.stem)
    assert schema["description"]
    # A schema that forbids what it does not name could never grow.
    assert b"additionalProperties" not in file.read_bytes()


def test_every_schema_has_its_place_and_every_place_its_schema() -> None:
    placed = {file.resolve() for file in Contracts(CONTRACTS).types().values()}
    assert placed == {file for file in SCHEMAS if file.name != ENVELOPE}


@pytest.mark.parametrize("channel", DOCUMENT["channels"].values(), ids=DOCUMENT["channels"].keys())
def test_a_channel_says_of_its_messages_what_they_are(channel: dict[str, Any]) -> None:
    for kind, message in channel.get("messages", {}).items():
        assert message["payload"]["properties"]["type"] == {"const": kind}
        assert message["payload"]["allOf"] == [{"$ref": f"./events/{ENVELOPE}"}]
        assert message["summary"]


def test_every_topic_has_a_topic_for_its_dead_letters() -> None:
    names = {topic.name for topic in Contracts(CONTRACTS).topics()}
    living = {name for name in names if not name.endswith(".dlq")}
    assert names == living | {broker.dead_letter_topic(name) for name in living}
