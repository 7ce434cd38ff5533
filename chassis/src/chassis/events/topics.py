"""Make the declared topics, or bring them to what is declared. Again is harmless."""

from aiokafka.admin import NewPartitions, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from chassis.events import broker
from chassis.events.contracts import Contracts, Topic
from chassis.settings import ServiceSettings


async def make(settings: ServiceSettings) -> list[str]:
    """Make every topic of the contracts. Partitions only grow: fewer cannot be had. Returns a line a topic."""
    wanted = [_named(settings, topic) for topic in Contracts(settings.contracts_dir).topics()]
    said = []
    async with broker.administering(settings) as admin:
        there = set(await admin.list_topics())
        missing = [topic for topic in wanted if topic.name not in there]
        if missing:
            await admin.create_topics([_new(topic) for topic in missing])
        for topic in wanted:
            if topic in missing:
                said.append(f"{topic.name}: made with {topic.partitions} partitions")
                continue
            resource = ConfigResource(ConfigResourceType.TOPIC, topic.name, configs=dict(topic.configuration))
            await admin.alter_configs([resource])
            [described] = await admin.describe_topics([topic.name])
            has = len(described["partitions"])
            if has < topic.partitions:
                await admin.create_partitions({topic.name: NewPartitions(topic.partitions)})
            said.append(f"{topic.name}: {max(has, topic.partitions)} partitions")
    return said


def _named(settings: ServiceSettings, topic: Topic) -> Topic:
    return Topic(broker.on_the_wire(settings, topic.name), topic.partitions, topic.replicas, topic.configuration)


def _new(topic: Topic) -> NewTopic:
    return NewTopic(topic.name, topic.partitions, topic.replicas, topic_configs=dict(topic.configuration))
