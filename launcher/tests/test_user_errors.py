"""What goes wrong on a machine is said in one clear sentence, with what to do."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from chassis.testing import HANG_S
from launcher import cluster, demo_choice, log_files, operations, supervisor, system, verbs
from launcher.machine import ROOT, UserError


def test_a_taken_port_says_so_and_how_to_choose_another() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=rf"Port {port} is taken .* PACKWALK_PORT={port + 1}"):
            supervisor._refuse_a_taken_port(port)


@pytest.mark.parametrize("text", ["", "http", "0", "65536", "-1", "8080 "])
def test_a_port_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PACKWALK_PORT", text)
    with pytest.raises(UserError, match="PACKWALK_PORT must be a port"):
        system.port()


def test_an_unknown_service_has_no_log() -> None:
    with pytest.raises(UserError, match="There is no service 'bookings'"):
        operations.logs("bookings", follow=False)


def test_trouble_is_one_line_on_the_error_stream_and_never_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PACKWALK_PORT", "x")
    assert verbs.main(["up"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("packwalk: PACKWALK_PORT must be a port")
    assert "Traceback" not in said


def test_a_cluster_starts_again_where_it_was_and_is_gone_afterwards(tmp_path: Path) -> None:
    with cluster.for_tests(**cluster.NOT_DURABLE) as url:
        port = int(url.rpartition(":")[2].split("/")[0])
        with socket.create_connection(("127.0.0.1", port), timeout=HANG_S):
            pass
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=HANG_S)


def test_a_broken_cluster_says_its_last_words(tmp_path: Path) -> None:
    home = Path("/tmp") / f"packwalk-broken-{tmp_path.name}"
    broken = cluster.Cluster(home)
    try:
        broken.make()
        (broken.data / "postgresql.conf").write_text("port = nonsense\n")
        with pytest.raises(UserError, match=r"does not start\. Its last words"):
            broken.start(cluster.free_port())
    finally:
        subprocess.run(["rm", "-rf", str(home)], check=True)


def test_the_script_knows_its_verbs() -> None:
    helped = subprocess.run([sys.executable, ROOT / "packwalk", "--help"], capture_output=True, text=True, check=True)
    for verb in ("up", "down", "status", "logs", "reset", "demo", "test", "check", "bench", "openapi", "lock"):
        assert f"    {verb} " in helped.stdout


@pytest.mark.parametrize(
    ("host", "open_to_others"),
    [
        *[(host, False) for host in ("127.0.0.1", "127.8.8.8", "::1", "localhost")],
        *[(host, True) for host in ("0.0.0.0", "192.168.1.5", "::", "packwalk.example")],
    ],
)
def test_the_demo_is_made_where_nobody_else_can_reach_it(
    monkeypatch: pytest.MonkeyPatch, host: str, open_to_others: bool
) -> None:
    monkeypatch.setenv("PACKWALK_HOST", host)
    assert demo_choice.wanted() is not open_to_others
    for choice in ("yes", "no"):
        monkeypatch.setenv("PACKWALK_DEMO", choice)
        assert demo_choice.wanted() is (choice == "yes")


@pytest.mark.parametrize("marker", ["demo-begun", "demo-made"])
def test_a_demo_that_was_made_before_is_not_opened_to_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, marker: str
) -> None:
    monkeypatch.setattr(system, "home_of_postgres", lambda: tmp_path)
    monkeypatch.setenv("PACKWALK_HOST", "0.0.0.0")
    demo_choice.refuse_known_passwords()
    (tmp_path / marker).touch()
    with pytest.raises(UserError, match=r"PACKWALK_HOST=0\.0\.0\.0 lets others in.*PACKWALK_DEMO=yes"):
        demo_choice.refuse_known_passwords()
    monkeypatch.setenv("PACKWALK_DEMO", "yes")
    demo_choice.refuse_known_passwords()


def test_a_log_that_grew_large_moves_aside_while_somebody_writes_to_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(log_files, "LOGS", tmp_path)
    log_files.rotate()
    log = tmp_path / "booking.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"a" * 100)
        log_files.rotate_large(100)
        assert log.stat().st_size == 100
        writer.write(b"b")
        log_files.rotate_large(100)
        writer.write(b"c")
    assert log.read_bytes() == b"c"
    assert (tmp_path / "booking.log.1").read_bytes() == b"a" * 100 + b"b"
