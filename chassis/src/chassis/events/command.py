"""What operators do with events: `python -m <service> events VERB`, or `./packwalk events VERB SERVICE` where that runs it."""

import argparse
import asyncio
import sys
from collections.abc import Sequence

import psycopg
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from chassis.database import Tx
from chassis.database_errors import cause_of
from chassis.events import broker, inbox, outbox, topics
from chassis.events.inbox import Letter
from chassis.events.processor import LETTER, REPLAY
from chassis.events.running import Events

_WAIT_S = 10


class UsageError(Exception):
    """The verb cannot be done as it was asked for; the message says why."""


def run(events: Events, arguments: Sequence[str]) -> int:
    """Run a verb. Returns the process's exit status."""
    try:
        parsed = _parser(events.name).parse_args(_without_service(events.name, arguments))
        asyncio.run(_VERBS[parsed.verb](events, parsed))
    except UsageError as error:
        print(f"{events.name}: {error}", file=sys.stderr)  # noqa: T201 - talks to the terminal
        return 1
    except psycopg.Error as error:
        print(f"{events.name}: {cause_of(error)}", file=sys.stderr)  # noqa: T201
        return 1
    except broker.AWAY as error:
        where = ", ".join(broker.address(events.settings)) or "(KAFKA_BOOTSTRAP_SERVERS is empty)"
        print(f"{events.name}: the broker at {where} does not answer ({type(error).__name__})", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"{name} events")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="verb")
    verbs.add_parser("topics", help="make the topics that the contracts declare")
    verbs.add_parser("lag", help="how far this service is behind, by topic")
    verbs.add_parser("outbox", help="what waits for the broker")
    verbs.add_parser("dead-letters", help="what could not be applied")
    for verb, does in (
        ("show", "one dead letter, whole"),
        ("replay", "send dead letters once more, in their order"),
        ("discard", "give one dead letter up for good"),
    ):
        some = verbs.add_parser(verb, help=does)
        some.add_argument("number", type=int, nargs="?" if verb == "replay" else None)
    again = verbs.add_parser("rebuild", help="read a topic from its start, as if nothing had been read before")
    again.add_argument("topic", nargs="?")
    return parser


def _without_service(name: str, arguments: Sequence[str]) -> list[str]:
    """Leave out the service's name, which `./packwalk events show gateway 3` needs and this does not. Raises UsageError for another's."""
    verb, service = [*arguments, "", ""][:2]
    if service == name:
        return [verb, *arguments[2:]]
    if service.isalpha() and verb not in ("topics", "rebuild"):
        raise UsageError(f"this is {name}; ask {service} itself: python -m {service} events {' '.join(arguments)}")
    return list(arguments)


def _echo(words: str) -> None:
    print(words)  # noqa: T201


async def _connected(events: Events) -> Tx:
    url = events.settings.database_url.get_secret_value()
    return await Tx.connect(url, autocommit=True, connect_timeout=3)


async def _topics(events: Events, _: argparse.Namespace) -> None:
    for line in await topics.make(events.settings):
        _echo(line)


async def _lag(events: Events, _: argparse.Namespace) -> None:
    if events.listeners is None:
        _echo(f"{events.name} listens to nothing")
        return
    group = broker.on_the_wire(events.settings, events.name)
    async with broker.administering(events.settings) as admin, broker.looking(events.settings) as reader:
        read = await admin.list_consumer_group_offsets(group)
        for topic in events.listeners.topics:
            name = broker.on_the_wire(events.settings, topic)
            partitions = await _partitions(reader, name)
            ends = await reader.end_offsets(partitions)
            begins = await reader.beginning_offsets(partitions)
            behind = {at: ends[at] - max(begins[at], read[at].offset if at in read else 0) for at in partitions}
            worst = max(behind.values(), default=0)
            _echo(f"{events.name:<10} {topic:<24} behind {sum(behind.values())} events, at most {worst} in a partition")


async def _outbox(events: Events, _: argparse.Namespace) -> None:
    if events.relay is None:
        _echo(f"{events.name} tells nothing")
        return
    async with await _connected(events) as tx:
        waiting, oldest_s = await outbox.state(tx)
    _echo(f"{events.name:<10} {waiting} events wait for the broker, the oldest for {oldest_s:.1f} s")


async def _dead_letters(events: Events, _: argparse.Namespace) -> None:
    found = await _letters(events)
    for one in found:
        _echo(
            f"{events.name:<10} {one.number:>5}  {one.buried_at:%Y-%m-%d %H:%M:%S}  {one.type:<24} {one.key}  {one.error}"
        )
    if not found:
        _echo(f"{events.name:<10} no dead letters")


async def _show(events: Events, parsed: argparse.Namespace) -> None:
    letter = await _numbered(events, parsed.number)
    async with broker.looking(events.settings) as reader:
        record = await _fetch(events, reader, letter)
    for name, value in record.headers:
        _echo(f"{name}: {value.decode('utf-8', 'replace')}")
    _echo(f"key: {letter.key}\ntries: {letter.tries}\n\n{(record.value or b'').decode('utf-8', 'replace')}")


async def _replay(events: Events, parsed: argparse.Namespace) -> None:
    letters = await _letters(events)
    if parsed.number is not None:
        chosen = await _numbered(events, parsed.number)
        # An earlier one of its key would only let it wait again, and the later ones wait for it.
        letters = [one for one in letters if (one.topic, one.key) == (chosen.topic, chosen.key)]
    async with broker.looking(events.settings) as reader, broker.producing(events.settings) as producer:
        for letter in letters:
            record = await _fetch(events, reader, letter)
            name = broker.on_the_wire(events.settings, letter.topic)
            headers = [(REPLAY, events.name.encode()), (LETTER, str(letter.event_id).encode())]
            await producer.send_and_wait(name, record.value, key=record.key, headers=headers)
    left = await _until_handled(events, letters)
    _echo(f"{events.name:<10} {len(letters) - len(left)} of {len(letters)} dead letters were applied")
    if left:
        raise UsageError("still dead: " + ", ".join(f"{one.number} ({one.error})" for one in left))


async def _until_handled(events: Events, sent: Sequence[Letter]) -> list[Letter]:
    """Wait until the service has met what was sent. Returns what is dead still."""
    tries = {one.number: one.tries for one in sent}
    for _ in range(_WAIT_S * 10):
        left = [one for one in await _letters(events) if one.number in tries]
        if all(one.tries > tries[one.number] for one in left):
            return left
        await asyncio.sleep(0.1)
    raise UsageError(f"{events.name} has not read all of them within {_WAIT_S} s: does it run?")


async def _discard(events: Events, parsed: argparse.Namespace) -> None:
    letter = await _numbered(events, parsed.number)
    async with await _connected(events) as tx:
        await inbox.unbury(tx, letter.event_id)
    _echo(f"{events.name:<10} {letter.number} is given up; what waited for it can be replayed")


async def _rebuild(events: Events, parsed: argparse.Namespace) -> None:
    listened = events.listeners.topics if events.listeners else []
    if parsed.topic and parsed.topic not in listened:
        raise UsageError(f"listens to {', '.join(listened) or 'nothing'}, not to '{parsed.topic}'")
    chosen = [parsed.topic] if parsed.topic else listened
    async with broker.looking(events.settings) as reader:
        partitions = [
            (topic, at.partition)
            for topic in chosen
            for at in await _partitions(reader, broker.on_the_wire(events.settings, topic))
        ]
    async with await _connected(events) as tx, tx.transaction():
        await inbox.ask_to_reread(tx, partitions)
    _echo(f"{events.name:<10} reads {', '.join(chosen) or 'nothing'} from the start; `lag` says how far it is")


async def _partitions(reader: AIOKafkaConsumer, topic: str) -> list[TopicPartition]:
    # Metadata of a topic that nobody subscribed to are fetched when somebody asks for its offsets.
    await reader._client._wait_on_metadata(topic)  # noqa: SLF001 - the public call answers from memory alone
    return [TopicPartition(topic, number) for number in sorted(reader.partitions_for_topic(topic) or ())]


async def _letters(events: Events) -> list[Letter]:
    if events.listeners is None:
        return []
    async with await _connected(events) as tx:
        return await inbox.letters(tx)


async def _numbered(events: Events, number: int) -> Letter:
    for letter in await _letters(events):
        if letter.number == number:
            return letter
    raise UsageError(f"there is no dead letter {number}")


async def _fetch(events: Events, reader: AIOKafkaConsumer, letter: Letter) -> ConsumerRecord:
    at = TopicPartition(broker.on_the_wire(events.settings, broker.dead_letter_topic(letter.topic)), letter.partition)
    reader.assign([at])
    reader.seek(at, letter.offset)
    try:
        async with asyncio.timeout(_WAIT_S):
            return await reader.getone(at)
    except TimeoutError as error:
        raise UsageError(f"letter {letter.number} is not in {at.topic} any more") from error


_VERBS = {
    "topics": _topics,
    "lag": _lag,
    "outbox": _outbox,
    "dead-letters": _dead_letters,
    "show": _show,
    "replay": _replay,
    "discard": _discard,
    "rebuild": _rebuild,
}
