"""What a killed `up` left is no obstacle for the next."""

import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import orphans
from launcher.cluster import Cluster, free_port
from launcher.installation import wait_for
from launcher.machine import process_user, server_user
from launcher.starter import Starter


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    home = Path(tempfile.mkdtemp(prefix="packwalk-left-"))
    home.chmod(0o755)
    monkeypatch.setattr(orphans, "STATE", home)
    made = Cluster(home / "postgres")
    made.make()
    yield made
    made.stop()
    shutil.rmtree(home, ignore_errors=True)


def test_a_server_that_is_dead_and_not_buried_does_not_keep_the_next_from_starting(cluster: Cluster) -> None:
    # Its pid is that of a process which has ended, and whose parent did not ask how: this test.
    dead = subprocess.Popen(["true"], **process_user(server_user()))
    wait_for(lambda: Path(f"/proc/{dead.pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z")
    try:
        cluster.lock_file.write_text(f"{dead.pid}\n{cluster.data}\n0\n1\n\n127.0.0.1\n")
        orphans.kill(cluster)
        cluster.start(free_port())
    finally:
        dead.wait()


def test_a_server_that_runs_is_ended_in_order(cluster: Cluster) -> None:
    cluster.start(free_port())
    orphans.kill(cluster)
    assert cluster.postmaster() is None
    assert "database system is shut down" in cluster.log.read_text()


def test_a_server_that_came_up_after_its_supervisor_was_killed_does_not_keep_the_next_from_starting(
    cluster: Cluster,
) -> None:
    late = _unseen(cluster)
    cluster.start(free_port())
    assert late.wait() is not None
    assert cluster.answers()


def test_the_server_that_is_watched_is_the_one_that_runs_after_another_was_in_the_way(cluster: Cluster) -> None:
    late = _unseen(cluster)
    starter = Starter(free_port(), threading.Event())
    starter.await_postgres(starter.launch_postgres(cluster))
    assert late.wait() is not None
    assert starter.running["postgres"].poll() is None


def _unseen(cluster: Cluster) -> "subprocess.Popen[bytes]":
    """Start a server that the next one does not find."""
    late = Cluster(cluster.home)
    late.start(free_port())
    cluster.lock_file.unlink()
    assert late.process
    return late.process
