"""What callers hear when the database is away, busy or slow; and that it passes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from uuid import uuid4

import httpx
import psycopg
import pytest
from pydantic import SecretStr

from chassis.database import Database
from chassis.settings import ServiceSettings
from chassis.testing import HANG_S, Served, ServiceDatabase, eventually
from chassis.testing.tcp_proxy import TcpProxy

Serving = Callable[..., Served]


def asking(served: Served) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=served.url, timeout=HANG_S)


@pytest.fixture
async def client(serving: Serving) -> AsyncIterator[httpx.AsyncClient]:
    """Who asks a service that waits half a second for one of its four connections."""
    async with asking(serving(database_pool_timeout_s=0.5)) as made:
        yield made


def sql(statement: str) -> dict[str, str]:
    return {"statement": statement}


async def recovers(client: httpx.AsyncClient) -> httpx.Response:
    """Ask until it is well again; the test's own time limit ends this."""
    async with asyncio.timeout(HANG_S):
        while (answer := await client.get("/readyz")).status_code != 200:
            await asyncio.to_thread(lambda: None)
    return answer


async def held(client: httpx.AsyncClient, statement: str) -> httpx.Response:
    """Ask until there is a connection for it: on a busy machine one takes longer to make than the service waits for it."""
    async with asyncio.timeout(HANG_S):
        while (answer := await client.get("/sql", params=sql(statement))).status_code == 503:
            await asyncio.to_thread(lambda: None)
    return answer


async def test_an_exhausted_pool_is_busy_and_healthy_right_after(
    client: httpx.AsyncClient, database: ServiceDatabase
) -> None:
    await recovers(client)
    with psycopg.connect(database.admin_url, autocommit=True) as holder:
        holder.execute("SELECT pg_advisory_lock(4712)")
        four = [asyncio.create_task(held(client, "SELECT pg_advisory_xact_lock(4712)")) for _ in range(4)]
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4712 AND NOT granted"
        await asyncio.to_thread(
            eventually, lambda: holder.execute(waiting).fetchone() == (4,), "all connections are held"
        )
        busy = await client.get("/sql", params=sql("SELECT 1"))
    assert {(await one).status_code for one in four} == {200}
    assert busy.status_code == 503
    assert busy.json()["retryable"] is True
    assert int(busy.headers["retry-after"]) >= 1
    assert (await client.get("/sql", params=sql("SELECT 1"))).status_code == 200


async def test_a_slow_statement_is_stopped(serving: Serving) -> None:
    async with asking(serving(database_statement_timeout_ms=400)) as client:
        answer = await client.get("/sql", params=sql("SELECT pg_sleep(3600)"))
    assert (answer.status_code, answer.json()["type"]) == (504, "/problems/upstream-timeout")


async def test_waiting_for_a_lock_ends(serving: Serving, database: ServiceDatabase) -> None:
    patient = asking(serving(database_lock_timeout_ms=200))
    async with patient as client, await psycopg.AsyncConnection.connect(database.admin_url) as holder:
        await holder.execute("SELECT pg_advisory_xact_lock(4711)")
        answer = await client.get("/sql", params=sql("SELECT pg_advisory_lock(4711)"))
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/upstream-unavailable")
    assert "retry-after" in answer.headers


async def test_the_database_away_is_said_and_the_service_recovers_by_itself(
    client: httpx.AsyncClient, relay: TcpProxy
) -> None:
    await recovers(client)
    relay.cut()
    answer = await client.get("/sql", params=sql("SELECT 1"))
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/upstream-unavailable")
    assert "retry-after" in answer.headers
    assert (await client.get("/readyz")).status_code == 503
    assert (await client.get("/healthz")).status_code == 200
    relay.mend()
    await recovers(client)
    assert (await client.get("/sql", params=sql("SELECT 1"))).status_code == 200


async def test_a_read_only_database_never_says_done(client: httpx.AsyncClient) -> None:
    statement = "BEGIN READ ONLY; CREATE TABLE never (id int)"
    answer = await client.get("/sql", params=sql(statement))
    assert answer.status_code == 503


async def test_statements_that_a_failure_kept_from_being_prepared_work_afterwards(
    database: ServiceDatabase,
) -> None:
    one = ServiceSettings(database_url=SecretStr(database.admin_url), jwks_url="http://127.0.0.1", database_pool_size=1)
    db = Database(one)
    await db.open()

    async def work(statement: str, *, fails: bool) -> None:
        async with db.begin(uuid4()) as tx:
            if fails:
                await tx.execute("SELECT 1 / 0")
            await tx.execute(statement, ("x",))

    async def fail(statement: str) -> None:
        with pytest.raises(psycopg.errors.DivisionByZero):
            await work(statement, fails=True)

    # psycopg prepares a statement when it meets it the second time; here that is in a pipeline that is aborted already.
    await fail("SELECT 'the connection is new' || %s")
    for n in range(4):
        statement = f"SELECT 'statement {n}' || %s"
        await work(statement, fails=False)
        await fail(statement)
        await work(statement, fails=False)
    await db.close()


@pytest.fixture
async def one_connection(database: ServiceDatabase) -> AsyncIterator[Database]:
    """A pool of one connection of the service's own role."""
    one = ServiceSettings(database_url=SecretStr(database.url), jwks_url="http://127.0.0.1", database_pool_size=1)
    db = Database(one)
    await db.open()
    yield db
    await db.close()


async def test_reading_is_for_one_organization_and_forgets_it(one_connection: Database) -> None:
    organization_id = uuid4()
    async with one_connection.reading(organization_id) as tx:
        first = await tx.execute("SELECT current_setting('app.organization')")
        second = await tx.execute("SELECT current_setting('app.organization')")
    assert await first.fetchone() == await second.fetchone() == (str(organization_id),)
    async with one_connection.connection() as connection:
        after = await (await connection.execute("SELECT current_setting('app.organization', true)")).fetchone()
    assert after in ((None,), ("",))


async def test_reading_writes_nothing(one_connection: Database) -> None:
    async def write() -> None:
        async with one_connection.reading(uuid4()) as tx:
            await tx.execute("CREATE TABLE written (n int)")

    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        await write()
    async with one_connection.reading(uuid4()) as tx:
        found = await tx.execute("SELECT to_regclass('written')")
    assert await found.fetchone() == (None,)


async def test_statements_that_a_failed_read_kept_from_being_prepared_work_afterwards(one_connection: Database) -> None:
    async def read(statement: str, *, fails: bool) -> None:
        async with one_connection.reading(uuid4()) as tx:
            if fails:
                await tx.execute("SELECT 1 / 0")
            await tx.execute(statement, ("x",), prepare=True)

    for n in range(4):
        statement = f"SELECT 'statement {n}' || %s"
        with pytest.raises(psycopg.errors.DivisionByZero):
            await read(statement, fails=True)
        await read(statement, fails=False)
        await read(statement, fails=False)
