"""A notification arrives live, whichever replica the page is at, without gap or double."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from chassis.testing import HANG_S, Process, Served, ServiceDatabase, eventually
from conftest import Serving
from town import Stream, Town, stream, told


def test_a_notification_arrives_live_whichever_replica_the_page_is_at(two: tuple[Served, Served], town: Town) -> None:
    with stream(two[0], town.sam) as first, stream(two[1], town.sam) as second, stream(two[1], town.ann) as other:
        town.book()
        for one in (first, second):
            [(_, notification)] = one.until(lambda s: len(s.events()) == 1).events()
            assert notification == told(town.sam)[0]
        assert other.until(lambda s: ": still here" in s.lines).events() == []
    assert first.answer.headers["content-type"].startswith("text/event-stream")


def test_a_stream_resumes_where_it_was_without_gap_or_double(two: tuple[Served, Served], town: Town) -> None:
    with stream(two[0], town.sam) as before:
        town.book(weeks=1, start_time="08:00")
        [(last, _)] = before.until(lambda s: len(s.events()) == 1).events()
    for hour in (10, 12, 14):
        town.book(weeks=1, start_time=f"{hour}:00")
    missed = told(town.sam, 4)[1:]
    with stream(two[1], town.sam, last) as after:
        town.book(weeks=1, start_time="16:00")
        got = after.until(lambda s: len(s.events()) == 4).events()
    assert [one["id"] for _, one in got[:3]] == [one["id"] for one in missed]
    assert [int(sequence) for sequence, _ in got] == sorted(int(sequence) for sequence, _ in got)


@pytest.mark.parametrize("told_before", [0, 1])
def test_a_page_from_another_life_of_the_database_begins_afresh(
    two: tuple[Served, Served], town: Town, told_before: int
) -> None:
    for _ in range(told_before):
        town.book(weeks=1, start_time="08:00")
        told(town.sam, 1)
    with stream(two[1], town.sam, "4711") as ahead:
        town.book(weeks=1, start_time="10:00")
        [(reset, nothing), (first, _)] = ahead.until(lambda s: len(s.events()) == 2).events()
        assert [line for line in ahead.lines if line.startswith("event: ")] == ["event: reset", "event: notification"]
        assert (reset, first, nothing) == (str(told_before), str(told_before + 1), {})
    with stream(two[1], town.sam, "1") as level:
        level.until(lambda s: ": still here" in s.lines or s.events())
        assert "event: reset" not in level.lines


def test_a_last_event_id_that_is_none_is_refused_by_its_name(town: Town) -> None:
    for wrong in ("abc", "-1", "9" * 30, "\u0661"):
        answer = town.sam.client.get("/notifications/stream", headers={"last-event-id": wrong.encode()})
        assert (answer.status_code, answer.json()["fields"][0]["path"]) == (422, "Last-Event-ID")


def test_a_stream_ends_with_its_session(two: tuple[Served, Served], town: Town) -> None:
    with stream(two[1], town.sam) as open_one:
        assert town.sam.client.delete("/session").status_code == 204
        assert open_one.until(lambda s: s.ended.is_set()).lines[-1] != "! ReadError"
    assert town.sam.client.get("/notifications/stream").status_code == 401


def test_an_account_has_five_streams_at_most_and_gets_them_back(two: tuple[Served, Served], town: Town) -> None:
    with ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(stream(two[0], town.sam))
        refused = town.sam.client.get("/notifications/stream")
        assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many-requests")
        with stream(two[0], town.ann):
            pass

    def let_in() -> bool:
        with town.sam.client.stream("GET", "/notifications/stream") as answer:
            return answer.status_code == 200

    eventually(let_in, "closed streams are no longer counted")


def test_a_notification_wakes_a_stream_that_has_no_heartbeat(
    serving: Serving, town: Town, kafka: dict[str, str]
) -> None:
    never = {"stream_heartbeat_s": 100 * HANG_S}
    with serving(never, session_cache_s=0, **kafka, kafka_instance="calm") as calm:
        one = Stream(calm.url, town.sam.token)
        one.until(lambda s: len(s.lines) > 1)
        town.book(weeks=1)
        one.until(lambda s: len(s.events()) == 1)
    one.close()


def test_a_stream_goes_on_when_the_database_hangs_up_on_who_listens(
    two: tuple[Served, Served], town: Town, database: ServiceDatabase
) -> None:
    with stream(two[1], town.sam) as live:
        with psycopg.connect(database.admin_url, autocommit=True) as admin:
            listeners = "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            eventually(
                lambda: admin.execute(f"SELECT pg_terminate_backend(pid) {listeners}").fetchall(), "they are there"
            )
        town.book(weeks=1)
        live.until(lambda s: len(s.events()) == 1)


def test_a_stream_outlives_the_limit_of_requests(serving: Serving, town: Town) -> None:
    with serving(request_timeout_s=2, stream_heartbeat_s=0.2) as impatient, ExitStack() as stack:

        def opened() -> Stream | None:  # which is a request that has to be in time
            one = Stream(impatient.url, town.sam.token)
            stack.callback(one.close)
            return one if one.answer.status_code == 200 else None

        one = eventually(opened, "a stream is opened")
        one.until(lambda s: s.lines.count(": still here") > 10)
        assert not one.ended.is_set()


def test_asked_to_stop_the_gateway_ends_its_streams_and_goes(
    database: ServiceDatabase, town: Town, tmp_path: Path
) -> None:
    settings = {"DATABASE_URL": database.url, "SHUTDOWN_GRACE_S": str(HANG_S), "STREAM_HEARTBEAT_S": "15"}
    gateway = Process("gateway", settings, tmp_path / "log")
    gateway.start()
    gateway.wait_until_ready()
    one = Stream(gateway.url, town.sam.token).until(lambda s: len(s.lines) > 1)
    gateway.stop()
    one.until(lambda s: s.ended.is_set()).close()
    assert not one.lines[-1].startswith("!")
    assert "Cancel" not in gateway.text()


def test_an_account_that_is_told_many_things_at_once_is_told_them_in_an_order(
    two: tuple[Served, Served], town: Town, database: ServiceDatabase
) -> None:
    with stream(two[1], town.sam) as live, ThreadPoolExecutor(8) as crowd:
        hours = [f"{hour:02}:{minute:02}" for hour in range(6, 20) for minute in (0,)]
        list(crowd.map(lambda at: town.book(weeks=1, start_time=at), hours[::2]))
        got = live.until(lambda s: len(s.events()) == len(hours[::2])).events()
    assert [sequence for sequence, _ in got] == sorted((sequence for sequence, _ in got), key=int)
    assert len({one["id"] for _, one in got}) == len(got)
    with psycopg.connect(database.admin_url) as admin:
        text = "SELECT count(*), max(sequence) FROM notifications WHERE account_id = %s"
        assert admin.execute(text, (UUID(town.sam.account["id"]),)).fetchone() == (len(got), len(got))
