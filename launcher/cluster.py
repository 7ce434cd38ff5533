"""A Postgres cluster of our own: a folder, a free port, never root's, stopped when we are done."""

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from launcher import processes
from launcher.commands import Stopped, run
from launcher.debian import install
from launcher.machine import HANG_S, UserError, as_user, echo, last_lines, process_user, server_user

_LOOKS_EVERY_S = 0.05


def programs() -> Path:
    """Return the folder of Postgres' programs; installs Postgres and PostGIS where they are missing."""
    found = _found()
    if found is None:
        install(["postgresql", "postgresql-15-postgis-3"], "PostgreSQL with PostGIS")
        found = _found()
    if found is None:
        raise UserError("PostgreSQL 15 or newer with PostGIS was not found, not even after installing it.")
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

    def __init__(self, home: Path, password: str | None = None, log: Path | None = None) -> None:
        self.home = home
        self.data = home / "data"
        self.lock_file = self.data / "postmaster.pid"
        self.log = log or home / "log"
        self.process: subprocess.Popen[bytes] | None = None
        self._port = 0
        self._settings: dict[str, str] = {}
        self.aside = home.with_name(f"{home.name}.old")
        self._stamp = home / "of"
        self._password = password
        self._user = server_user()

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
        echo(f"The database in {self.home} is of a .packwalk that is gone: it is put aside as {self.aside}")
        shutil.rmtree(self.aside, ignore_errors=True)
        self.home.rename(self.aside)

    def start(self, port: int, **settings: str) -> None:
        """Start the server on a port of loopback and wait until it answers. Raises UserError with its last words."""
        self.launch(port, **settings)
        self.wait_until_ready()

    def launch(self, port: int, **settings: str) -> "subprocess.Popen[bytes]":
        """Start the server without waiting: the process that is returned is the postmaster."""
        self._port, self._settings = port, settings
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": str(self.home), **settings}
        command: list[str | Path] = [programs() / "postgres", "-D", self.data, "-p", str(port)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C is for us: it ends after those who write to it.
                start_new_session=True,
                **process_user(self._user),
            )
        return self.process

    def wait_until_ready(self, stopping: Callable[[], bool] = lambda: False) -> None:
        """Wait until the server answers. Raises UserError with its last words, Stopped when `stopping` says so.

        `process` is another one afterwards where a former server was in the way of the first.
        """
        ends_at = time.monotonic() + HANG_S
        while not self.answers():
            assert self.process
            if stopping():
                raise Stopped
            ended = self.process.poll() is not None
            if time.monotonic() > ends_at or (ended and not self.kill_orphans()):
                raise UserError(f"The database in {self.home} does not start. Its last words:\n{last_lines(self.log)}")
            if ended:
                self.launch(self._port, **self._settings)
            time.sleep(_LOOKS_EVERY_S)

    def answers(self) -> bool:
        """Whether the server takes sessions; while it recovers it does not."""
        question: list[str | Path] = [programs() / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self._port)]
        return subprocess.run(question, cwd="/", check=False).returncode == 0

    def postmaster(self) -> list[int] | None:
        """Return the server's first process, None when it is not there."""
        try:
            pid = int(self.lock_file.read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None
        # A file that outlived a power cut may name somebody else by now.
        return next((one for one in processes.with_working_directory(self.data) if one[0] == pid), None)

    def kill_orphans(self) -> bool:
        """End the processes of a former server that still hold the data. Returns whether there were any.

        A supervisor may be killed between the fork of the server and the server's first step. Such a server comes up later, and no other
        one starts while its memory is in use.
        """
        found = processes.kill_all(self.server_processes)
        if found:
            self.lock_file.unlink(missing_ok=True)
        return found

    def server_processes(self) -> list[list[int]]:
        """List the server's processes, and those of a former server on the same data."""
        return [one for one in processes.with_working_directory(self.data) if processes.name(one) == "postgres"]

    def kill(self) -> None:
        """End the server as a power cut would; its children follow when they notice."""
        if postmaster := self.postmaster():
            processes.send_signal(postmaster, signal.SIGKILL)
        self._bury()

    def stop(self) -> None:
        """Stop the server, with whoever is still connected."""
        if self.postmaster():
            fast = ["-w", "-t", str(HANG_S), "-m", "fast", "stop"]
            command = as_user(self._user, [programs() / "pg_ctl", "-D", self.data, *fast])
            if subprocess.run(command, cwd="/", capture_output=True, check=False).returncode:
                self.kill()
        self._bury()

    def _bury(self) -> None:
        if self.process:
            self.process.wait()


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
    user = server_user()
    probe = as_user(user, ["test", "-x", folder])
    return user is None or subprocess.run(probe, cwd="/", capture_output=True, check=False).returncode == 0
