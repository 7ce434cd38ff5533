"""What `contracts/` says of events: topics with their partitions and retention, and a JSON Schema a type."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import yaml

from chassis.events.cloud_event import InvalidEvent

ENVELOPE = "envelope.json"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it shall be. configuration: the broker's names and values."""

    name: str
    partitions: int
    replicas: int
    configuration: Mapping[str, str]


class Contracts:
    """The events' contracts in a folder that holds `asyncapi.yaml` and `events/`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._validators: dict[tuple[str, str], jsonschema_rs.Validator] = {}

    @cached_property
    def document(self) -> dict[str, Any]:
        """Return the AsyncAPI document."""
        return dict(yaml.safe_load((self._folder / "asyncapi.yaml").read_text("utf-8")))

    def topics(self) -> list[Topic]:
        """Return every declared topic."""
        return [_topic(channel) for channel in self.document["channels"].values()]

    def types(self) -> dict[tuple[str, str], Path]:
        """Return, for every topic and type, the schema of the event's data."""
        return {
            (channel["address"], kind): self._folder / _reference_of(message)
            for channel in self.document["channels"].values()
            for kind, message in channel.get("messages", {}).items()
        }

    def check(self, topic: str, kind: str, whole: Any) -> None:
        """Raise InvalidEvent unless an event is what the contract says. whole: the CloudEvent as JSON's values."""
        for validator, what in ((self._envelope, whole), (self._of(topic, kind), whole.get("data"))):
            for error in validator.iter_errors(what):
                where = ".".join(str(part) for part in error.instance_path) or "it"
                # The schema's own words, without the value: that may be personal.
                raise InvalidEvent(f"{kind}: {where} does not fit '{error.kind.name}' of its contract")

    @cached_property
    def _envelope(self) -> jsonschema_rs.Validator:
        return _validator(self._folder / "events" / ENVELOPE)

    def _of(self, topic: str, kind: str) -> jsonschema_rs.Validator:
        if (topic, kind) not in self._validators:
            file = self.types().get((topic, kind))
            if file is None:
                raise InvalidEvent(f"{kind} is no event of {topic}")
            self._validators[topic, kind] = _validator(file)
        return self._validators[topic, kind]


def _validator(file: Path) -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft202012Validator(orjson.loads(file.read_bytes()), validate_formats=True)


def _reference_of(message: Mapping[str, Any]) -> str:
    return str(message["payload"]["properties"]["data"]["$ref"]).removeprefix("./")


def _topic(channel: Mapping[str, Any]) -> Topic:
    kafka = channel["bindings"]["kafka"]
    configuration = {
        name: ",".join(value) if isinstance(value, list) else str(value)
        for name, value in kafka["topicConfiguration"].items()
    }
    return Topic(channel["address"], kafka["partitions"], kafka["replicas"], configuration)
