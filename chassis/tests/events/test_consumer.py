"""What arrives is applied once, in order per key; what cannot be applied is put aside with its reason and holds nobody up."""

import json
from uuid import UUID, uuid4

import psycopg
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bystander import Bystander
from chassis.events import command
from chassis.testing import TcpProxy, eventually, recorded_spans, tcp_proxy
from trial.app import create_app


def operate(bystander: Bystander, *arguments: str) -> int:
    """Do what an operator does at the terminal."""
    return command.run(create_app(bystander.settings()).state.events, arguments)


def letters(bystander: Bystander) -> list[tuple]:
    """Return the dead letters: number, why, whether they only wait, tries."""
    return bystander.rows("SELECT number, error, waits, tries FROM dead_letters ORDER BY number")


def test_an_event_that_arrives_again_is_applied_once(bystander: Bystander) -> None:
    key = uuid4()
    events = [bystander.mark(key, number) for number in range(1, 21)]
    for event in [*events, *events[3:9], *events]:
        bystander.publish(str(key), event.text.encode())
    bystander.publish(str(key), bystander.mark(key, 21).text.encode())
    with bystander.replica():
        eventually(lambda: 21 in bystander.effects(), "the last one is applied")
    assert bystander.effects() == list(range(1, 22))


def test_an_effect_and_its_memory_are_one_transaction(bystander: Bystander) -> None:
    # Applied at the second try: the first one's row must be gone with its memory.
    bystander.tell(bystander.mark(uuid4(), 1, fails=1), bystander.mark(uuid4(), 2))
    with bystander.replica():
        eventually(lambda: sorted(bystander.effects()) == [1, 2], "both are applied")
    assert bystander.rows("SELECT count(*) FROM inbox") == [(2,)]
    assert letters(bystander) == []


def test_an_effect_goes_when_its_memory_cannot_be_kept(bystander: Bystander) -> None:
    bystander.rows(
        """CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'forgotten'; END $$;
           CREATE CONSTRAINT TRIGGER forget AFTER INSERT ON inbox DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION forget();
           SELECT 1"""
    )
    try:
        bystander.tell(bystander.mark(uuid4(), 1))
        with bystander.replica():
            eventually(lambda: letters(bystander), "it is put aside after its last try")
        assert bystander.effects() == []
    finally:
        bystander.rows("DROP TRIGGER forget ON inbox; DROP FUNCTION forget(); SELECT 1")


def test_a_poison_event_is_put_aside_and_a_thousand_others_go_on(bystander: Bystander) -> None:
    keys = [uuid4() for _ in range(10)]
    events = [bystander.mark(keys[n % 10], n + 1, fails=99 if n == 205 else 0) for n in range(1000)]
    bystander.tell(*events)
    with bystander.replica():
        eventually(lambda: len(bystander.effects()) == 1000 - 80, "all but the poison and what stands behind it")
        eventually(lambda: len(letters(bystander)) == 80, "these are put aside")
    [poison, *behind] = letters(bystander)
    assert poison[1:] == ("ArithmeticError in mark.made", False, 1)
    assert {one[1:] for one in behind} == {(f"waits for {events[205].id}", True, 1)}
    of_the_key = [number for number in bystander.effects() if number % 10 == 6]
    assert of_the_key == list(range(6, 206, 10))


def test_a_dead_letter_says_where_it_came_from_and_why(bystander: Bystander) -> None:
    bystander.tell(bystander.mark(uuid4(), 1, fails=99))
    with bystander.replica():
        [letter] = bystander.on_the_topic(1, f"{bystander.topic}.dlq")
    said = {name: value.decode() for name, value in letter.headers}
    assert said["dead-letter-group"] == "trial"
    assert said["dead-letter-topic"] == "packwalk.trial.v1"
    assert said["dead-letter-error"] == "ArithmeticError in mark.made"
    assert (int(said["dead-letter-partition"]), said["dead-letter-offset"]) in ((n, "0") for n in range(4))
    assert json.loads(letter.value)["traceparent"].split("-")[1] == said["dead-letter-trace"]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (b"{", "is no JSON"),
        (b"[]", "is no JSON object"),
        (b"{}", "has no id"),
        (
            b'{"id": 1, "type": "x", "organizationid": "x", "time": "x"}',
            "has an id, organizationid or time that cannot be read",
        ),
    ],
)
def test_what_is_no_event_is_put_aside(bystander: Bystander, value: bytes, why: str) -> None:
    bystander.publish("somebody", value)
    bystander.tell(bystander.mark(uuid4(), 1))
    with bystander.replica():
        eventually(
            lambda: bystander.effects() == [1] and letters(bystander), "the good one is applied, the other put aside"
        )
    assert [one[1:] for one in letters(bystander)] == [(why, False, 1)]


def test_what_cannot_be_read_stays_one_letter_however_often_it_is_replayed(
    bystander: Bystander, capsys: pytest.CaptureFixture[str]
) -> None:
    bystander.publish("somebody", b"{")
    with bystander.replica():
        [(number, *_)] = eventually(lambda: letters(bystander), "it is put aside")
        for turn in (2, 3):
            assert operate(bystander, "replay") == 1
            said = capsys.readouterr()
            assert "0 of 1 dead letters were applied" in said.out
            assert said.err == f"trial: still dead: {number} (is no JSON)\n"
            assert letters(bystander) == [(number, "is no JSON", False, turn)]
        assert operate(bystander, "show", str(number)) == 0
        assert "dead-letter-error: is no JSON" in capsys.readouterr().out


def test_the_services_name_may_be_given_as_the_guide_writes_it(
    bystander: Bystander, capsys: pytest.CaptureFixture[str]
) -> None:
    bystander.publish("somebody", b"{")
    with bystander.replica():
        [(number, *_)] = eventually(lambda: letters(bystander), "it is put aside")
    assert operate(bystander, "show", "trial", str(number)) == 0
    assert operate(bystander, "dead-letters", "trial") == 0
    assert "is no JSON" in capsys.readouterr().out
    assert operate(bystander, "show", "booking", str(number)) == 1
    another = f"this is trial; ask booking itself: python -m booking events show booking {number}"
    assert another in capsys.readouterr().err
    assert operate(bystander, "discard", "trial", str(number)) == 0
    assert letters(bystander) == []


def test_a_key_and_headers_that_nobody_would_write_stop_nothing(bystander: Bystander) -> None:
    key = "\x00\udcff" + "".join(uuid4().hex for _ in range(200))
    for value in (b"\x00\xff", b"{}"):
        bystander.publish(key, value, **{command.REPLAY: "\udcff\udcfe"})
        bystander.publish(key, value)
    bystander.tell(*(bystander.mark(uuid4(), number) for number in range(1, 9)))
    with bystander.replica():
        eventually(lambda: sorted(bystander.effects()) == list(range(1, 9)), "the good ones are applied")
        eventually(lambda: len(letters(bystander)) == 2, "what has no marked reader is put aside")


def test_a_dead_letter_that_arrives_again_keeps_its_reason(bystander: Bystander) -> None:
    key = uuid4()
    poison = bystander.mark(key, 1, fails=99)
    for _ in range(3):
        bystander.publish(str(key), poison.text.encode())
    bystander.publish(str(key), bystander.mark(key, 2).text.encode())
    with bystander.replica():
        eventually(lambda: len(letters(bystander)) == 2, "both are put aside")
    assert letters(bystander)[0][1:] == ("ArithmeticError in mark.made", False, 1)
    assert bystander.effects() == []


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"number": 0}, "mark.made: it does not fit 'required' of its contract"),
        ({"number": 0, "key": str(uuid4())}, "mark.made: number does not fit 'minimum' of its contract"),
        ({"number": 1, "key": "Canary Row 12"}, "mark.made: key does not fit 'format' of its contract"),
        ({"number": "one", "key": str(uuid4())}, "mark.made: number does not fit 'type' of its contract"),
    ],
)
def test_an_event_that_does_not_fit_its_contract_is_put_aside(bystander: Bystander, data: dict, why: str) -> None:
    whole = json.loads(bystander.mark(uuid4(), 1).text)
    bystander.publish(whole["subject"], json.dumps({**whole, "data": data}).encode())
    with bystander.replica():
        eventually(lambda: letters(bystander), "it is put aside")
    assert [one[1:] for one in letters(bystander)] == [(why, False, 1)]
    assert bystander.effects() == []


def test_a_type_that_nobody_listens_to_is_passed_over(bystander: Bystander) -> None:
    whole = json.loads(bystander.mark(uuid4(), 1).text)
    bystander.publish(whole["subject"], json.dumps({**whole, "type": "mark.praised", "data": {}}).encode())
    bystander.tell(bystander.mark(uuid4(), 2))
    with bystander.replica():
        eventually(lambda: bystander.effects() == [2], "the other one is applied")
    assert letters(bystander) == []


def test_replayed_dead_letters_are_applied_in_their_order(
    bystander: Bystander, capsys: pytest.CaptureFixture[str]
) -> None:
    key = uuid4()
    bystander.tell(*(bystander.mark(key, number, fails=3 if number == 2 else 0) for number in range(1, 6)))
    with bystander.replica():
        eventually(lambda: len(letters(bystander)) == 4, "the second and all behind it are put aside")
        assert operate(bystander, "dead-letters") == 0
        assert "ArithmeticError in mark.made" in capsys.readouterr().out
        assert operate(bystander, "show", str(letters(bystander)[0][0])) == 0
        assert '"number":2' in capsys.readouterr().out
        assert operate(bystander, "replay") == 0
        assert "4 of 4 dead letters were applied" in capsys.readouterr().out
        assert bystander.effects() == [1, 2, 3, 4, 5]
        assert letters(bystander) == []
        bystander.tell(bystander.mark(key, 6))
        eventually(lambda: bystander.effects()[-1] == 6, "the key goes on")


def test_what_fails_again_when_replayed_stays_dead_and_what_is_given_up_stands_in_nobodys_way(
    bystander: Bystander, capsys: pytest.CaptureFixture[str]
) -> None:
    key = uuid4()
    bystander.tell(bystander.mark(key, 1, fails=99), bystander.mark(key, 2))
    with bystander.replica():
        [(first, _, _, _), (second, _, _, _)] = eventually(
            lambda: len(letters(bystander)) == 2 and letters(bystander), "dead"
        )
        assert operate(bystander, "replay", str(first)) == 1
        still = f"still dead: {first} (ArithmeticError in mark.made), {second} (waits for "
        assert still in capsys.readouterr().err
        assert [tries for *_, tries in letters(bystander)] == [2, 2]
        assert operate(bystander, "discard", str(first)) == 0
        assert operate(bystander, "replay", str(second)) == 0
        assert (bystander.effects(), letters(bystander)) == ([2], [])
        assert operate(bystander, "show", "999999") == 1
        assert "there is no dead letter 999999" in capsys.readouterr().err


def test_a_database_that_goes_away_loses_and_buries_nothing(bystander: Bystander) -> None:
    cut: TcpProxy
    with tcp_proxy(bystander.database.url) as cut:
        bystander.tell(*(bystander.mark(uuid4(), number) for number in range(1, 200)))
        with (
            bystander.replica(database_url=cut.url, publishes=False, database_pool_timeout_s=0.1),
            bystander.replica(listens=False),
        ):
            eventually(lambda: len(bystander.effects()) > 20, "it has begun")
            cut.cut()
            before = len(bystander.effects())
            bystander.tell(*(bystander.mark(uuid4(), number) for number in range(200, 300)))
            # Far more often than an event may fail.
            eventually(lambda: cut.refused > 30, "it tried again and again")
            cut.mend()
            eventually(lambda: len(bystander.effects()) == 299, "it went on")
    assert before < 299
    assert sorted(bystander.effects()) == list(range(1, 300))
    assert letters(bystander) == []


def test_an_operator_lets_a_topic_be_read_anew(bystander: Bystander, capsys: pytest.CaptureFixture[str]) -> None:
    bystander.tell(*(bystander.mark(uuid4(), number) for number in range(1, 31)))
    with bystander.replica():
        eventually(lambda: len(bystander.effects()) == 30, "all are applied")
        eventually(lambda: operate(bystander, "lag") == 0 and "behind 0 events" in capsys.readouterr().out, "no lag")
        bystander.rows("DELETE FROM effects RETURNING 1")
        assert operate(bystander, "rebuild", "packwalk.trial.v1") == 0
        eventually(lambda: sorted(bystander.effects()) == list(range(1, 31)), "all are applied anew")
        assert operate(bystander, "rebuild", "packwalk.nothing.v1") == 1
        assert operate(bystander, "outbox") == 0
        assert "0 events wait for the broker" in capsys.readouterr().out


def test_another_topics_events_are_not_forgotten_with_it(bystander: Bystander) -> None:
    bystander.rows(
        "INSERT INTO inbox (organization_id, id, topic) SELECT gen_random_uuid(), gen_random_uuid(), topic"
        " FROM unnest(%s::text[]) AS topic RETURNING 1",
        ["packwalk.trial.v1", "packwalk.other.v1"],
    )
    assert operate(bystander, "rebuild", "packwalk.trial.v1") == 0
    assert bystander.rows("SELECT topic FROM inbox") == [("packwalk.other.v1",)]
    assert {topic for (topic,) in bystander.rows("SELECT topic FROM rereads")} == {"packwalk.trial.v1"}


def test_a_replica_that_restarts_goes_on_where_it_was(bystander: Bystander) -> None:
    key = uuid4()
    for turn in range(3):
        bystander.tell(*(bystander.mark(key, turn * 10 + number) for number in range(1, 11)))
        with bystander.replica(kafka_instance="the-same"):
            eventually(lambda: len(bystander.effects()) == turn * 10 + 10, "all are applied")  # noqa: B023
    assert bystander.effects() == list(range(1, 31))


@pytest.fixture
def spans() -> InMemorySpanExporter:
    """Every span of this process, whoever makes it."""
    return recorded_spans()


def test_the_trace_goes_on_through_the_broker(bystander: Bystander, spans: InMemorySpanExporter) -> None:
    with trace.get_tracer("test").start_as_current_span("booking something"):
        event = bystander.mark(uuid4(), 1)
    bystander.tell(event)
    with bystander.replica():
        eventually(lambda: bystander.effects() == [1], "it is applied")
    found: dict[str, ReadableSpan] = {span.name: span for span in spans.get_finished_spans()}
    asked, written, applied = found["booking something"], found["create mark.made"], found["process mark.made"]
    assert asked.context.trace_id == written.context.trace_id == applied.context.trace_id
    assert [link.context.span_id for link in applied.links] == [written.context.span_id]
    assert applied.kind is trace.SpanKind.CONSUMER


def test_a_role_sees_no_other_organizations_memory(bystander: Bystander) -> None:
    bystander.tell(bystander.mark(uuid4(), 1))
    with bystander.replica():
        eventually(lambda: bystander.effects() == [1], "it is applied")
    with psycopg.connect(bystander.database.url, autocommit=True) as role, role.transaction():
        role.execute("SELECT set_config('app.organization', %s, true)", (str(UUID(int=1)),))
        assert role.execute("SELECT count(*) FROM inbox").fetchone() == (0,)
        assert role.execute("SELECT count(*) FROM outbox").fetchone() == (0,)


def test_asking_for_what_is_away_is_one_clear_sentence(
    bystander: Bystander, capsys: pytest.CaptureFixture[str]
) -> None:
    away = create_app(bystander.settings(kafka_bootstrap_servers="127.0.0.1:1")).state.events
    assert command.run(away, ["lag"]) == 1
    assert "the broker at 127.0.0.1:1 does not answer" in capsys.readouterr().err
