"""Why there is no database: said by readiness, once in the log, and never with the password."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from chassis import migrations
from chassis.database_errors import CannotConnect
from chassis.testing import HANG_S, Served, ServiceDatabase, eventually, free_port
from chassis.testing.tcp_proxy import TcpProxy
from launcher.cluster import Cluster

CANARY = "canary-of-a-password"
REFUSED = "the database refuses the role or its password"
Serving = Callable[..., Served]


@pytest.fixture(scope="module")
def guarded() -> Iterator[str]:
    """The address of a cluster that asks for passwords, without one."""
    home, port = Path(tempfile.mkdtemp(prefix="packwalk-")), free_port()
    home.chmod(0o755)
    cluster = Cluster(home, "the-right-one")
    try:
        cluster.make()
        cluster.start(port)
        yield f"postgres:{{}}@127.0.0.1:{port}/postgres"
    finally:
        cluster.stop()
        shutil.rmtree(home, ignore_errors=True)


def lines(said: str, event: str) -> list[dict[str, Any]]:
    return [one for one in map(json.loads, said.splitlines()) if one["event"] == event]


def database_of(served: Served) -> str:
    answer = httpx.get(f"{served.url}/readyz", timeout=HANG_S)
    assert answer.status_code == 503
    return str(answer.json()["checks"]["database"])


def test_a_wrong_password_is_no_busy_pool(serving: Serving, guarded: str, capsys: pytest.CaptureFixture[str]) -> None:
    served = serving(
        database_url=SecretStr(f"postgresql://{guarded.format(CANARY)}"),
        database_pool_timeout_s=1,
        database_pool_max_waiting=1,
    )

    async def ask_at_once() -> list[httpx.Response]:
        async with httpx.AsyncClient(base_url=served.url, timeout=HANG_S) as client:
            return await asyncio.gather(*(client.get("/sql", params={"statement": "SELECT 1"}) for _ in range(8)))

    eventually(lambda: database_of(served) == REFUSED, "it says why")
    answers = asyncio.run(ask_at_once())
    assert {one.status_code for one in answers} == {503}
    assert {one.json()["detail"].partition(".")[0] for one in answers} == {
        "Our database cannot be reached at the moment"
    }
    said = capsys.readouterr().out
    [line] = lines(said, "database cannot be reached")
    assert (line["cause"], line["role"], line["host"]) == (REFUSED, "postgres", "127.0.0.1")
    assert {one["cause"] for one in lines(said, "database refused")} == {REFUSED}
    assert CANARY not in said + "".join(one.text for one in answers)


def test_other_causes_have_their_names(serving: Serving, database: ServiceDatabase) -> None:
    nowhere = serving(database_url=SecretStr(f"postgresql://a:b@127.0.0.1:{free_port()}/c"))
    eventually(lambda: database_of(nowhere) == "nobody listens at the database's address", "it says why")
    unknown = serving(database_url=SecretStr(f"{database.admin_url}-that-is-not-there"))
    eventually(lambda: database_of(unknown) == "the database does not exist, or its role does not", "it says why")


def test_a_database_that_goes_and_comes_is_two_lines(
    serving: Serving, relay: TcpProxy, capsys: pytest.CaptureFixture[str]
) -> None:
    served = serving(database_pool_timeout_s=1)

    def ready() -> bool:
        return httpx.get(f"{served.url}/readyz", timeout=HANG_S).is_success

    eventually(ready, "it is ready")
    relay.cut()
    eventually(lambda: not ready() and relay.refused > 5, "it tried again and again")
    relay.mend()
    eventually(ready, "it is ready again")
    said = capsys.readouterr().out
    assert len(lines(said, "database cannot be reached")) == 1
    assert len(lines(said, "database reached again")) == 1


def test_migrations_say_why_they_cannot_begin(guarded: str) -> None:
    home = Path(__file__).parents[2] / "services" / "booking"
    with pytest.raises(CannotConnect, match=f"^{REFUSED}$"):
        migrations.upgrade_url(home, f"postgresql://{guarded.format(CANARY)}")
