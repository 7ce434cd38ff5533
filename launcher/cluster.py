"""A Postgres cluster of our own: a folder, a free port, never root's, stopped when we are done."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from launcher.commands import run
from launcher.debian import install
from launcher.machine import Trouble, as_user, last_lines, say, somebody_else


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
        self.log = home / "log"
        self.aside = home.with_name(f"{home.name}.old")
        self._stamp = home / "of"
        self._password = password
        self._user = somebody_else()

    def make(self) -> None:
        """Make the cluster unless it is there. The superuser is `postgres`; without a password loopback is trusted."""
        self._put_aside_what_is_not_ours()
        self.home.mkdir(parents=True, exist_ok=True)
        if self._user:
            shutil.chown(self.home, self._user)
        if (self.data / "PG_VERSION").exists():
            self._sign()
            return
        # Made elsewhere and moved: an interruption leaves nothing that looks like a cluster.
        draft = self.home / "data.new"
        for rest in (draft, self.data):
            shutil.rmtree(rest, ignore_errors=True)
        self._init(draft)
        self._sign()
        draft.rename(self.data)

    def _init(self, data: Path) -> None:
        command: list[str | Path] = [programs() / "initdb", "-D", data, "-U", "postgres"]
        command += ["-E", "UTF8", "--no-locale", "--no-sync"]
        secret = self.home / "password"
        if self._password:
            secret.unlink(missing_ok=True)
            secret.touch(mode=0o600)
            secret.write_text(self._password)
            if self._user:
                shutil.chown(secret, self._user)
            command += ["-A", "scram-sha-256", f"--pwfile={secret}"]
        else:
            command += ["-A", "trust"]
        try:
            run(as_user(self._user, command), cwd=Path("/"), why="Making a database cluster")
        finally:
            secret.unlink(missing_ok=True)

    def _sign(self) -> None:
        if self._password:
            self._stamp.write_text(_digest(self._password))

    def _put_aside_what_is_not_ours(self) -> None:
        # Where .packwalk was removed and the data are not in it, nobody knows their password any more.
        if not self._password or not self._stamp.exists() or self._stamp.read_text() == _digest(self._password):
            return
        say(f"The database in {self.home} is of a .packwalk that is gone: it is put aside as {self.aside}")
        shutil.rmtree(self.aside, ignore_errors=True)
        self.home.rename(self.aside)

    def start(self, port: int, **settings: str) -> None:
        """Start the cluster on a port of loopback. Raises Trouble with the server's last words."""
        options = {
            "port": str(port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self.home),
            **settings,
        }
        text = " ".join(f"-c {name}={value}" for name, value in options.items())
        waiting: list[str | Path] = ["-w", "-t", "180", "-l", self.log, "-o", text]
        command = [programs() / "pg_ctl", "-D", self.data, *waiting, "start"]
        try:
            run(as_user(self._user, command), cwd=Path("/"))
        except Trouble as error:
            words = last_lines(self.log)
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


def _digest(password: str) -> str:
    return sha256(password.encode()).hexdigest()


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
