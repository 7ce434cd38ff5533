"""The steps of `up`: what each needs."""

import inspect
from collections.abc import Callable, Sequence
from functools import partial

from launcher import cluster, environment, services, system
from launcher.services import Service
from launcher.starter import Starter
from launcher.steps import Step
from launcher.system import BROKER, LOGS, SERVICES

_KAFKA_LOG = LOGS / f"{BROKER}.log"


def steps(starter: Starter) -> dict[str, Step]:
    """Return all steps by name."""
    ready = [f"ready_{service}" for service in SERVICES]
    return {
        "python": Step("Installing Python packages", (), environment.ready, quiet=True),
        "pages": Step("Building the frontend", ("python",), starter.build_pages, quiet=True),
        "ports": Step("Choosing ports", ("python",), starter.choose_ports, quiet=True),
        "passwords": Step("Making passwords", (), system.passwords, quiet=True),
        "programs": Step("Installing PostgreSQL", (), cluster.programs, quiet=True),
        "cluster": Step("Making the database cluster", ("programs", "passwords"), starter.make_cluster, quiet=True),
        "server": Step("Starting the database", ("cluster",), starter.launch_postgres),
        "postgres": Step("Waiting for the database", ("server",), starter.await_postgres, quiet=True),
        **(_external_broker(starter) if starter.kafka else _own_broker(starter)),
        "topics": Step("Making the topics", ("python", "kafka"), starter.make_topics, _KAFKA_LOG),
        **{name: step for service in services.ALL for name, step in _service(starter, service).items()},
        "services": Step("Waiting for all services", ready, _by_name(SERVICES), quiet=True),
        "demo": Step(
            "Making the demo business", ("python", "services"), starter.make_demo, LOGS / "gateway.log", quiet=True
        ),
    }


def _by_name(names: Sequence[str]) -> Callable[..., dict[str, str]]:
    """Return a step's work that takes one result for each name, and brings them by their names."""

    def by_name(*results: str) -> dict[str, str]:
        return dict(zip(names, results, strict=True))

    parameters = [inspect.Parameter(name, inspect.Parameter.POSITIONAL_ONLY) for name in names]
    by_name.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return by_name


def _own_broker(starter: Starter) -> dict[str, Step]:
    return {
        "jars": Step("Installing Kafka", ("python",), starter.install_kafka, quiet=True),
        "broker_data": Step("Making the broker's data", ("jars",), starter.make_broker, quiet=True),
        "broker": Step("Starting the broker", ("broker_data",), starter.launch_broker),
        "kafka": Step("Waiting for the broker", ("broker",), starter.await_broker, quiet=True),
    }


def _external_broker(starter: Starter) -> dict[str, Step]:
    return {"kafka": Step("Taking the broker that KAFKA_BOOTSTRAP_SERVERS names", (), lambda: starter.kafka)}


def _service(starter: Starter, service: Service) -> dict[str, Step]:
    name = service.name
    key = (f"key_{name}",) if service.signs else ()
    pages = ("pages",) if service.serves_pages else ()
    needs = ("ports", f"migrate_{name}", "topics", *key, *pages)
    serve = starter.serve_pages if pages else starter.serve_signing if key else starter.serve
    return {
        **_database(starter, name),
        **(_key(starter, name) if key else {}),
        f"serve_{name}": Step(f"Starting {name}", needs, partial(serve, name)),
        **_ready(starter, name),
    }


def _database(starter: Starter, service: str) -> dict[str, Step]:
    made = f"database_{service}"
    make = partial(system.make_database, service)
    migrate = partial(starter.migrate, service)
    return {
        made: Step(f"Preparing {service}'s database", ("passwords", "postgres"), make, quiet=True),
        f"migrate_{service}": Step(f"Migrating {service}'s database", ("python", made), migrate),
    }


def _key(starter: Starter, service: str) -> dict[str, Step]:
    make = partial(starter.make_key, service)
    return {f"key_{service}": Step(f"Making {service}'s key", ("python",), make, quiet=True)}


def _ready(starter: Starter, service: str) -> dict[str, Step]:
    needs, wait = ("ports", f"serve_{service}"), partial(starter.await_service, service)
    log = LOGS / f"{service}.log"
    return {f"ready_{service}": Step(f"Waiting for {service}", needs, wait, log, quiet=True)}
