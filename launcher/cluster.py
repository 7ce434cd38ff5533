"""A Postgres cluster of our own: a folder, a free port, never root's, stopped when we are done."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from launcher.machine import Trouble, as_user, install, run, somebody_else


def programs() -> Path:
    """Return the folder of Postgres' programs; installs Postgres and PostGIS where they are missing."""
    found = _found()
    if found is None:
        install(["postgresql", "postgresql-15-postgis-3"], "PostgreSQL with PostGIS")
        found = _found()
    if found is None:
        raise Trouble("PostgreSQL 15 or newer with PostGIS was not found, not even after installing it.")
    return found


def _found() -> Path | None:
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True
    )
    for folder in folders:
        extensions = Path("/usr/share/postgresql") / folder.parent.name / "extension"
        complete = (folder / "initdb").exists() and (extensions / "postgis.control").exists()
        if int(folder.parent.name) >= 15 and complete and (extensions / "btree_gist.control").exists():
            return folder
    return None


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Cluster:
    """A cluster in `home`. settings: of postgres, name -> value."""

    def __init__(self, home: Path, password: str | None = None) -> None:
        self.home = home
        self.data = home / "data"
        self._password = password
        self._user = somebody_else()

    def make(self) -> None:
        """Make the cluster unless it is there. The superuser is `postgres`; without a password loopback is trusted."""
        self.home.mkdir(parents=True, exist_ok=True)
        if self._user:
            shutil.chown(self.home, self._user)
        if (self.data / "PG_VERSION").exists():
            return
        secret = self.home / "password"
        command: list[str | Path] = [
            programs() / "initdb",
            "-D",
            self.data,
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
        ]
        if self._password:
            secret.write_text(self._password)
            secret.chmod(0o600)
            if self._user:
                shutil.chown(secret, self._user)
            command += ["-A", "scram-sha-256", f"--pwfile={secret}"]
        else:
            command += ["-A", "trust"]
        try:
            run(as_user(self._user, command), cwd=Path("/"), why="Making a database cluster")
        finally:
            secret.unlink(missing_ok=True)

    def start(self, port: int, **settings: str) -> None:
        """Start the cluster on a port of loopback. Raises Trouble with the server's last words."""
        options = {
            "port": str(port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self.home),
            **settings,
        }
        text = " ".join(f"-c {name}={value}" for name, value in options.items())
        log = self.home / "log"
        command: list[str | Path] = [
            programs() / "pg_ctl",
            "-D",
            self.data,
            "-w",
            "-t",
            "60",
            "-l",
            log,
            "-o",
            text,
            "start",
        ]
        try:
            subprocess.run(
                as_user(self._user, command), cwd="/", check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        except subprocess.CalledProcessError as error:
            words = "\n".join(log.read_text(errors="replace").splitlines()[-8:]) if log.exists() else ""
            raise Trouble(f"The database in {self.home} does not start. Its last words:\n{words}") from error

    def running(self) -> bool:
        """Whether the cluster's server is there; one that died without cleaning up is not."""
        if not (self.data / "PG_VERSION").exists():
            return False
        command = as_user(self._user, [programs() / "pg_ctl", "-D", self.data, "status"])
        return subprocess.run(command, cwd="/", capture_output=True, check=False).returncode == 0

    def kill(self) -> None:
        """End the server as a power cut would; its children follow when they notice."""
        with suppress(FileNotFoundError, ProcessLookupError):
            os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    def stop(self) -> None:
        """Stop the cluster, with whoever is still connected."""
        command = as_user(self._user, [programs() / "pg_ctl", "-D", self.data, "-w", "-m", "fast", "stop"])
        subprocess.run(command, cwd="/", capture_output=True, check=False)


@contextmanager
def for_tests(**settings: str) -> Iterator[str]:
    """Run a cluster that is thrown away afterwards. Yields its superuser's address."""
    home = Path(tempfile.mkdtemp(prefix="packwalk-"))
    home.chmod(0o755)
    cluster, port = Cluster(home), free_port()
    try:
        cluster.make()
        cluster.start(port, max_connections="400", shared_buffers="512MB", **settings)
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        cluster.stop()
        shutil.rmtree(home, ignore_errors=True)


NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def reachable(folder: Path) -> bool:
    """Whether the user that runs the database can get to a folder: root's home, for one, lets nobody in."""
    user = somebody_else()
    probe = as_user(user, ["test", "-x", folder])
    return user is None or subprocess.run(probe, cwd="/", capture_output=True, check=False).returncode == 0
