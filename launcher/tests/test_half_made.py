"""What was half made when somebody pulled the plug is made anew."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import environment, frontend
from launcher.broker import Broker
from launcher.cluster import Cluster, free_port, programs


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="packwalk-half-"))
    folder.chmod(0o755)
    yield folder / "home"
    shutil.rmtree(folder, ignore_errors=True)


def _signs_in(cluster: Cluster, password: str) -> bool:
    port = free_port()
    cluster.start(port)
    try:
        url = f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"
        return (
            subprocess.run([programs() / "psql", url, "-c", "SELECT 1"], capture_output=True, check=False).returncode
            == 0
        )
    finally:
        cluster.stop()


@pytest.mark.parametrize("name", ["data", "data.new"])
def test_a_cluster_that_is_half_made_is_made_anew(home: Path, name: str) -> None:
    (home / name).mkdir(parents=True)
    (home / name / "postgresql.conf").write_text("half a file")
    cluster = Cluster(home, "secret")
    cluster.make()
    assert _signs_in(cluster, "secret")


def test_a_cluster_whose_password_is_gone_is_put_aside(home: Path) -> None:
    Cluster(home, "former").make()
    (home / "demo-made").touch()
    cluster = Cluster(home, "new")
    cluster.make()
    assert _signs_in(cluster, "new")
    assert not (home / "demo-made").exists()
    assert (cluster.aside / "data" / "PG_VERSION").exists()
    cluster.make()
    assert _signs_in(cluster, "new"), "the same password again leaves it alone"


@pytest.mark.parametrize("name", ["data", "data.new"])
def test_a_broker_whose_data_are_half_made_is_formatted_anew(home: Path, name: str) -> None:
    (home / name).mkdir(parents=True)
    (home / name / "bootstrap.checkpoint").write_text("half a file")
    broker = Broker(home, free_port())
    broker.make()
    try:
        broker.start()
    finally:
        broker.stop()


def test_an_environment_and_pages_without_their_stamp_are_not_taken_for_made(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert environment._up_to_date()
    monkeypatch.setattr(environment, "_STAMP", home / "missing")
    assert not environment._up_to_date()
    (home / "assets").mkdir(parents=True)
    (home / "index.html").touch()
    monkeypatch.setattr(frontend, "DIST", home)
    assert not frontend._built(frontend._sources())
