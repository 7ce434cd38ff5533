"""Expired keys are removed, whatever else goes on in the service."""

from pathlib import Path
from uuid import uuid4

from pydantic import SecretStr

from booking.app import create_app
from booking.settings import Settings
from business import Business
from chassis.events.relay import relaying
from chassis.settings import ServiceSettings
from chassis.testing import Identity, ServiceDatabase, create_database, drop_database, eventually, make_topics, serve

HOME = Path(__file__).parents[2]


def test_expired_keys_are_removed_while_the_service_relays_its_events(identity: Identity) -> None:
    database: ServiceDatabase = create_database("booking", HOME)
    topics = {name.lower(): value for name, value in make_topics(ServiceSettings().contracts_dir).items()}
    settings = Settings(
        database_url=SecretStr(database.url), jwks_url=identity.jwks_url, idempotency_sweep_s=0.05, **topics
    )
    with serve(create_app(settings)) as booking:
        business = Business(database, identity, booking.url)
        eventually(lambda: relaying._value.get() == 1, "it relays")
        business.execute(
            "INSERT INTO idempotency_keys VALUES (%s, %s, %s, 'print', 201, '{}', now() - interval '1 minute')",
            uuid4(),
            uuid4(),
        )
        eventually(lambda: business.count()["idempotency_keys"] == 0, "the expired key is gone")
        business.close()
    drop_database(database)
