"""Topics are as the contracts declare them, however often they are made."""

import asyncio
from pathlib import Path
from typing import Any

import yaml
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from chassis.events import topics
from chassis.settings import ServiceSettings
from chassis.testing import make_topics
from trial.app import HOME, TOPIC


async def _described(servers: str, name: str) -> tuple[int, dict[str, str]]:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        [topic] = await admin.describe_topics([name])
        [answer] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)])
        return len(topic["partitions"]), {entry[0]: entry[1] for entry in answer.resources[0][4]}
    finally:
        await admin.close()


def _declared(tmp_path: Path, **kafka: Any) -> Path:
    document = yaml.safe_load((HOME / "contracts" / "asyncapi.yaml").read_text())
    document["channels"]["trial"]["bindings"]["kafka"].update(kafka)
    (tmp_path / "asyncapi.yaml").write_text(yaml.safe_dump(document))
    return tmp_path


def test_topics_are_made_as_declared_and_brought_to_what_is_declared_later(tmp_path: Path) -> None:
    named = make_topics(HOME / "contracts")
    servers, name = named["KAFKA_BOOTSTRAP_SERVERS"], f"{named['KAFKA_PREFIX']}{TOPIC}"
    partitions, configuration = asyncio.run(_described(servers, name))
    assert (partitions, configuration["cleanup.policy"], configuration["retention.ms"]) == (4, "delete", "86400000")
    later = {"cleanup.policy": ["compact", "delete"], "retention.ms": 172800000}
    folder = _declared(tmp_path, partitions=6, topicConfiguration=later)
    settings = ServiceSettings(
        kafka_bootstrap_servers=servers, kafka_prefix=named["KAFKA_PREFIX"], contracts_dir=folder
    )
    for _ in range(2):
        asyncio.run(topics.make(settings))
        partitions, configuration = asyncio.run(_described(servers, name))
        assert partitions == 6
        assert configuration["cleanup.policy"] == "compact,delete"
        assert configuration["retention.ms"] == "172800000"
