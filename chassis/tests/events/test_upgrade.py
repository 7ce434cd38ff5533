"""An inbox that was filled before it knew topics keeps what it holds, and a replica of the version before goes on."""

from uuid import uuid4

import psycopg

from chassis import migrations
from chassis.testing import create_database, drop_database
from trial.app import HOME, TOPIC

REMEMBER = "INSERT INTO inbox (organization_id, id) VALUES (%s, %s)"


def test_a_filled_inbox_learns_its_topic() -> None:
    database = create_database("trial", HOME, migrated=False)
    try:
        migrations.upgrade_url(HOME, database.owner_url, "0001")
        with psycopg.connect(database.admin_url, autocommit=True) as admin:
            admin.execute(REMEMBER, (uuid4(), uuid4()))
            migrations.upgrade_url(HOME, database.owner_url)
            admin.execute(REMEMBER, (uuid4(), uuid4()))  # as the version before does
            assert admin.execute("SELECT topic, count(*) FROM inbox GROUP BY topic").fetchall() == [(TOPIC, 2)]
            admin.execute("SELECT inbox_forget(%s::text[])", (["packwalk.other.v1"],))
            assert admin.execute("SELECT count(*) FROM inbox").fetchone() == (2,)
            admin.execute("SELECT inbox_forget(%s::text[])", ([TOPIC],))
            assert admin.execute("SELECT count(*) FROM inbox").fetchone() == (0,)
    finally:
        drop_database(database)
