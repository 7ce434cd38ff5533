"""Postgres with PostGIS and Kafka in containers, for tests: `python -m launcher.containers` says where they are, and ends them at EOF."""

import io
import json
import os
import sys
import tarfile

# Its helper would need an image of its own; the containers end with us.
os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
os.environ.setdefault("TESTCONTAINERS_CONNECTION_MODE", "docker_host")

from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import ExecWaitStrategy, LogMessageWaitStrategy

from launcher.machine import HANG_S

_POSTGRES = "postgis/postgis:15-3.3"
_KAFKA = "apache/kafka:4.3.1"
_START = "/tmp/start.sh"  # noqa: S108 - in the container


def postgres() -> DockerContainer:
    """Make a database server that forgets everything with its end."""
    settings = (
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "max_connections=400",
        "shared_buffers=512MB",
    )
    made = DockerContainer(_POSTGRES).with_env("POSTGRES_HOST_AUTH_METHOD", "trust").with_exposed_ports(5432)
    made.with_command(["postgres", *(word for setting in settings for word in ("-c", setting))])
    # Not the socket: that answers during the first initialisation already.
    return made.waiting_for(ExecWaitStrategy(["pg_isready", "-h", "127.0.0.1"]).with_startup_timeout(HANG_S))


def kafka() -> DockerContainer:
    """Make a broker. It must announce the host's port, which is known once it runs: it waits for a script that says it."""
    made = DockerContainer(_KAFKA).with_exposed_ports(9092)
    made.with_envs(
        KAFKA_NODE_ID="1",
        KAFKA_PROCESS_ROLES="broker,controller",
        KAFKA_LISTENERS="PLAINTEXT://:9092,BROKER://:29092,CONTROLLER://:9093",
        KAFKA_INTER_BROKER_LISTENER_NAME="BROKER",
        KAFKA_CONTROLLER_LISTENER_NAMES="CONTROLLER",
        KAFKA_LISTENER_SECURITY_PROTOCOL_MAP="PLAINTEXT:PLAINTEXT,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
        KAFKA_CONTROLLER_QUORUM_VOTERS="1@localhost:9093",
        KAFKA_AUTO_CREATE_TOPICS_ENABLE="false",
        KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR="1",
        KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS="4",
        KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR="1",
        KAFKA_TRANSACTION_STATE_LOG_MIN_ISR="1",
        KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS="0",
        KAFKA_HEAP_OPTS="-Xms256m -Xmx512m",
    )
    return made.with_command(f'sh -c "until [ -f {_START} ]; do sleep 0.1; done; . {_START}"')


def start_kafka(container: DockerContainer) -> str:
    """Start a broker. Returns its address."""
    container.start()
    address = f"{container.get_container_host_ip()}:{container.get_exposed_port(9092)}"
    script = (
        f"export KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://{address},BROKER://localhost:29092\nexec /etc/kafka/docker/run\n"
    ).encode()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        member = tarfile.TarInfo(_START.lstrip("/"))
        member.size, member.mode = len(script), 0o644
        archive.addfile(member, io.BytesIO(script))
    container.get_wrapped_container().put_archive("/", packed.getvalue())
    LogMessageWaitStrategy("Kafka Server started").with_startup_timeout(HANG_S).wait_until_ready(container)
    return address


def main() -> None:
    """Run both, say where, and end them when nobody listens any more."""
    database, broker = postgres(), kafka()
    try:
        database.start()
        where = f"{database.get_container_host_ip()}:{database.get_exposed_port(5432)}"
        said = {"postgres": f"postgresql://postgres@{where}/postgres", "kafka": start_kafka(broker)}
        print(json.dumps(said), flush=True)
        sys.stdin.read()
    finally:
        for container in (broker, database):
            container.stop()


if __name__ == "__main__":
    main()
