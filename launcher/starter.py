"""How each step of `up` is done: a method takes what its needs brought, and returns what the step brings."""

import os
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from launcher import broker, demo_choice, environment, frontend, system
from launcher.broker import Broker
from launcher.cluster import Cluster, free_port
from launcher.commands import Stopped, run
from launcher.machine import HANG_S, ROOT, STATE, UserError, echo
from launcher.services import GATEWAY
from launcher.system import BROKER, LOGS, POSTGRES, SERVICES, Database

_LOOKS_EVERY_S = 0.05


class Starter:
    """What runs is in `running`, how to start it again in `again`; addresses are known once their steps ended."""

    def __init__(self, port: int, stopping: threading.Event) -> None:
        self.port = port
        self.stopping = stopping
        self.ports: dict[str, int] = {}
        self.postgres_port = 0
        self.kafka = os.environ.get("KAFKA_BOOTSTRAP_SERVERS", "")
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.again: dict[str, Callable[[], subprocess.Popen[bytes]]] = {}

    def build_pages(self, _python: Path) -> Path:
        return frontend.build()

    def install_kafka(self, _python: Path) -> None:
        broker.install()

    def choose_ports(self, _python: Path) -> dict[str, int]:
        # Late, for a free port stays free for a while only.
        self.ports = {**{service: free_port() for service in SERVICES}, GATEWAY: self.port}
        return self.ports

    def make_cluster(self, _programs: Path, passwords: Mapping[str, str]) -> Cluster:
        made = system.postgres(passwords["postgres"])
        made.make()
        return made

    def launch_postgres(self, made: Cluster) -> Cluster:
        self.postgres_port = free_port()
        settings = {"max_connections": "200", "shared_buffers": "256MB"}
        self._launch(POSTGRES, partial(made.launch, self.postgres_port, **settings))
        return made

    def await_postgres(self, launched: Cluster) -> int:
        launched.wait_until_ready(self.stopping.is_set)
        assert launched.process
        self.running[POSTGRES] = launched.process
        return self.postgres_port

    def make_broker(self, _jars: None) -> Broker:
        made = Broker(STATE / BROKER, free_port(), LOGS / f"{BROKER}.log")
        made.make()
        return made

    def launch_broker(self, made: Broker) -> Broker:
        self._launch(BROKER, made.launch)
        return made

    def await_broker(self, launched: Broker) -> str:
        launched.wait_until_ready(self.stopping.is_set)
        self.kafka = launched.address
        return self.kafka

    def make_topics(self, _python: Path, kafka: str) -> str:
        self._verb("booking", "events", "topics", KAFKA_BOOTSTRAP_SERVERS=kafka)
        return kafka

    def migrate(self, service: str, _python: Path, database: Database) -> Database:
        self._verb(service, "migrate", **database.settings())
        return database

    def make_key(self, service: str, _python: Path) -> Path:
        file = system.key_file(service)
        if not file.exists():
            echo(f"Making {service}'s key")
            self._verb(service, "key", str(file))
        return file

    def _verb(self, service: str, *verb: str, **settings: str) -> None:
        run(system.command(service, *verb), env=environment.environment(**settings), why=f"{service} {' '.join(verb)}")

    def serve_signing(self, service: str, ports: Mapping[str, int], database: Database, kafka: str, key: Path) -> None:
        self.serve(service, ports, database, kafka, TOKEN_KEY_FILE=str(key))

    def serve_pages(
        self, service: str, ports: Mapping[str, int], database: Database, kafka: str, key: Path, pages: Path
    ) -> None:
        own = {"TOKEN_KEY_FILE": str(key), "FRONTEND_DIR": str(pages), "HOST": system.host()}
        self.serve(service, ports, database, kafka, **own)

    def serve(self, service: str, ports: Mapping[str, int], database: Database, kafka: str, **own: str) -> None:
        settings = {**system.addresses(ports), **database.settings(), "KAFKA_BOOTSTRAP_SERVERS": kafka, **own}
        env = environment.environment(PORT=str(ports[service]), **settings)
        self._launch(service, partial(_serving, service, env))

    def _launch(self, name: str, again: Callable[[], "subprocess.Popen[bytes]"]) -> None:
        self.again[name] = again
        self.running[name] = again()

    def await_service(self, service: str, ports: Mapping[str, int], _served: None) -> str:
        address = f"http://127.0.0.1:{ports[service]}"
        ends_at = time.monotonic() + HANG_S
        while not answers(f"{address}/readyz"):
            if (code := self.running[service].poll()) is not None:
                raise UserError(f"{service} ended ({code}).")
            if time.monotonic() > ends_at:
                raise UserError(f"{service} is not ready after {HANG_S} s.")
            if self.stopping.wait(_LOOKS_EVERY_S):
                raise Stopped
        return address

    def make_demo(self, python: Path, addresses: Mapping[str, str]) -> None:
        if demo_choice.wanted() and not demo_choice.made():
            echo("Making the demo business")
            with demo_choice.recorded():
                run([python, "-m", "launcher.demo", addresses[GATEWAY]], env=environment.environment(), why="The demo")


def _serving(service: str, env: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    with (LOGS / f"{service}.log").open("ab") as log:
        return subprocess.Popen(
            system.command(service, "serve"),
            cwd=ROOT,
            env=env,
            stdout=log,
            stderr=subprocess.STDOUT,
            # Ctrl-C is for us: we end the services in order.
            start_new_session=True,
        )


def answers(url: str) -> bool:
    """Whether somebody says 200 at an address."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own address
            return int(answer.status) == 200
    except (urllib.error.URLError, OSError):
        return False
