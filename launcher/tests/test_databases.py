"""Each service has a database of its own, which no other service's role may enter."""

from collections.abc import Iterator

import psycopg
import pytest

from launcher import cluster, system

PASSWORDS = {
    name: f"{name}-secret" for name in ("postgres", *(f"{s}{o}" for s in system.SERVICES for o in ("", "_owner")))
}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with cluster.for_tests(**cluster.NOT_DURABLE) as url:
        port = int(url.rpartition(":")[2].split("/")[0])
        for _ in range(2):  # again is harmless
            for service in system.SERVICES:
                system.make_database(service, PASSWORDS, port)
        yield port


def enters(role: str, database: str, port: int) -> bool:
    try:
        psycopg.connect(f"postgresql://{role}@127.0.0.1:{port}/{database}").close()
    except psycopg.OperationalError as error:
        if "permission denied for database" not in str(error):
            raise
        return False
    return True


@pytest.mark.parametrize("service", system.SERVICES)
def test_a_database_is_open_to_its_two_roles_alone(port: int, service: str) -> None:
    for role in (name for name in PASSWORDS if name != "postgres"):
        assert enters(role, service, port) is (role in (service, f"{service}_owner"))
