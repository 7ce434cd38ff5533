"""`up` may be ended at any moment: it says how far it was, leaves nothing behind, and the next one begins cleanly."""

import json
import os
import signal
import socket
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from chassis.testing import HANG_S
from launcher import demo, processes
from launcher.installation import Installation, installed, wait_for

pytestmark = pytest.mark.kill


@pytest.fixture
def fresh() -> Iterator[Installation]:
    with installed() as made:
        yield made


def ann_signs_in(port: int) -> bool:
    body = json.dumps({"email": "ann@riverside.example", "password": demo.PASSWORD, "organization": "riverside"})
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/session", body.encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=HANG_S) as answer:
        return bool(json.load(answer)["token"])


@pytest.mark.parametrize(
    ("moment", "all_of_it"),
    [
        ("cluster", False),
        ("cluster", True),
        ("kafka", False),
        ("key_gateway", True),
        ("migrate_booking", False),
        ("ready_gateway", False),
        ("demo", True),
    ],
)
def test_a_start_that_was_killed_is_followed_by_one_that_works(
    fresh: Installation, moment: str, all_of_it: bool
) -> None:
    killed = fresh.start("up")
    wait_for(lambda: fresh.under_way(moment), killed)
    killed.kill()
    if all_of_it:
        fresh.kill_everything()
    assert killed.wait() == -signal.SIGKILL
    assert fresh.under_way(moment)
    left = fresh.started()

    again = fresh.verb("up", "--detach")
    assert again.returncode == 0, again.stdout
    assert not [process for process in left if processes.alive(process)]
    assert ann_signs_in(fresh.port)
    assert fresh.verb("down").returncode == 0
    assert fresh.started() == []


@pytest.mark.parametrize(("ends", "detached"), [(signal.SIGINT, False), (signal.SIGINT, True), (signal.SIGTERM, True)])
def test_a_start_that_is_interrupted_stops_what_it_had_started(
    fresh: Installation, ends: signal.Signals, detached: bool
) -> None:
    starting = fresh.start("up", *["--detach"] * detached)
    wait_for(lambda: fresh.under_way("kafka"), starting)
    supervisor = fresh.run_state()["processes"]["supervisor"][0]
    os.kill(starting.pid if ends == signal.SIGINT else supervisor, ends)
    assert starting.wait(HANG_S) != 0
    wait_for(lambda: fresh.started() == [])
    assert "Traceback" not in fresh.said(starting)
    assert fresh.run_state() == {}


def test_a_step_that_fails_is_named_and_what_was_started_is_stopped(fresh: Installation) -> None:
    # The port is free when `up` looks, and taken when the gateway wants it.
    starting = fresh.start("up", "--detach")
    wait_for(lambda: fresh.under_way("postgres") or fresh.under_way("kafka"), starting)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", fresh.port))
        taken.listen()
        assert starting.wait(HANG_S) == 1
        said = fresh.said(starting)
        assert "Waiting for gateway failed. What had been started is stopped again." in said
        assert "is taken by another program" in said
        assert fresh.started() == []
        refused = fresh.verb("up", "--detach")
        assert f"Port {fresh.port} is taken" in refused.stdout
    again = fresh.verb("up", "--detach")
    assert again.returncode == 0, again.stdout


def test_starts_at_once_make_one_system_even_when_the_first_is_stopped(fresh: Installation) -> None:
    first = fresh.start("up", "--detach")
    wait_for(lambda: fresh.under_way("kafka"), first)
    others = [fresh.start("up", "--detach") for _ in range(2)]
    wait_for(lambda: all("waiting for that" in fresh.said(one) for one in others))
    os.kill(fresh.run_state()["processes"]["supervisor"][0], signal.SIGTERM)
    assert first.wait(HANG_S) == 1
    assert [one.wait(HANG_S) for one in others] == [0, 0]
    shorter, longer = sorted((fresh.said(one) for one in others), key=len)
    assert f"Packwalk is running already: http://localhost:{fresh.port}" in shorter
    assert "Starting the broker" in longer
    assert ann_signs_in(fresh.port)


def test_a_demo_that_was_interrupted_anywhere_is_completed(
    fresh: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fresh.verb("up", "--detach").returncode == 0
    address, calls = f"http://127.0.0.1:{fresh.port}", _counted(monkeypatch)
    monkeypatch.setattr(demo, "_SLUG", "whole")
    demo.make(address)
    made, whole = calls.made, _shape(address)
    # Few, for who has no account yet fails to sign in, which the gateway allows ten times a minute.
    for at in range(2, made, made // 5):
        monkeypatch.setattr(demo, "_SLUG", f"interrupted-{at}")
        calls.left = at
        with pytest.raises(KeyboardInterrupt):
            demo.make(address)
        calls.left = None
        demo.make(address)
        assert _shape(address) == whole


class _Calls:
    made = 0
    left: int | None = None


def _counted(monkeypatch: pytest.MonkeyPatch) -> _Calls:
    """Count the demo's requests; when none is left, it is interrupted instead of making one."""
    calls, call = _Calls(), demo.Api.call

    def counted(api: demo.Api, *request: Any, **more: Any) -> tuple[int, Any]:
        calls.made += 1
        if calls.left is not None:
            calls.left -= 1
            if calls.left < 0:
                raise KeyboardInterrupt
        return call(api, *request, **more)

    monkeypatch.setattr(demo.Api, "call", counted)
    return calls


def _shape(address: str) -> dict[str, Any]:
    """Say what a demo has, without ids."""
    people = {name: demo.Api(address).sign_in(name) for name in ("admin", "ann", "bob")}
    assert all(people.values())
    admin, ann, bob = (person for person in people.values() if person)
    walkers = admin.need("GET", "/walkers")["items"]
    off = {one["name"]: admin.need("GET", f"/walkers/{one['id']}/time-off")["items"] for one in walkers}
    return {
        "services": sorted(admin.named("/services")),
        "hours": {one["name"]: one["working_hours"] for one in walkers},
        "time off": {name: [(one["note"], one["starts_at"]) for one in items] for name, items in off.items()},
        "dogs": [sorted(person.named("/dogs")) for person in (ann, bob)],
        "series": [len(person.need("GET", "/series")["items"]) for person in (ann, bob)],
        "bookings": [len(person.need("GET", "/bookings?limit=200")["items"]) for person in (ann, bob)],
    }
