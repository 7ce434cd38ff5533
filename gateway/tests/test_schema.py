"""What the gateway's database itself guarantees, whatever the code forgets."""

from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import Column, MetaData, Text

from chassis.testing import ServiceDatabase
from chassis.testing.schema import schema_differences
from gateway.tables import metadata
from people import Business

# SQLAlchemy reflects a check that is NOT VALID with an option that it does not know itself.
pytestmark = pytest.mark.filterwarnings("ignore:Can't validate argument 'dialect_options':sqlalchemy.exc.SAWarning")

TENANT_TABLES = """
SELECT c.relname, c.relrowsecurity FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname = 'organization_id'
"""
OF_THE_ROLE = """
SELECT rolbypassrls OR rolsuper, (SELECT count(*) FROM pg_class WHERE relowner = r.oid) FROM pg_roles r
WHERE rolname = 'gateway'
"""


def test_every_tenant_table_is_under_row_level_security_and_the_role_cannot_pass_it(database: ServiceDatabase) -> None:
    with psycopg.connect(database.admin_url) as admin:
        tables = dict(admin.execute(TENANT_TABLES).fetchall())
        assert {"organizations", "accounts", "sessions", "notifications", "idempotency_keys"} <= set(tables)
        assert [name for name, protected in tables.items() if not protected] == []
        assert admin.execute(OF_THE_ROLE).fetchall() == [(False, 0)]


@pytest.mark.parametrize("table", ["organizations", "accounts", "sessions"])
def test_a_query_without_a_filter_sees_nothing_of_another_business(
    business: Business, database: ServiceDatabase, table: str
) -> None:
    own = UUID(business.organization["id"])
    with psycopg.connect(database.url, autocommit=True) as role:
        with pytest.raises(psycopg.errors.UndefinedObject):
            role.execute(f"SELECT * FROM {table}")
        for organization, seen in ((own, {own}), (uuid4(), set())):
            with role.transaction():
                role.execute("SELECT set_config('app.organization', %s, true)", (str(organization),))
                found = role.execute(f"SELECT organization_id FROM {table}").fetchall()
                assert {row[0] for row in found} == seen


def test_nobody_reads_what_passwords_are_salted_with(database: ServiceDatabase) -> None:
    with psycopg.connect(database.url) as role, pytest.raises(psycopg.errors.InsufficientPrivilege):
        role.execute("SELECT key FROM password_salting")


def test_the_migrations_make_what_tables_py_says(database: ServiceDatabase) -> None:
    assert schema_differences(database, metadata) == []


def test_a_forgotten_column_is_noticed(database: ServiceDatabase) -> None:
    with_one_more = MetaData()
    for table in metadata.sorted_tables:
        table.to_metadata(with_one_more)
    with_one_more.tables["accounts"].append_column(Column("phone", Text))
    assert [one[0] for one in schema_differences(database, with_one_more)] == ["add_column"]
