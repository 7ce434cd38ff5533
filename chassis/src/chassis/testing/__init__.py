"""What every service's tests stand on: real Postgres databases, a real server, and tokens of anybody."""

from chassis.testing.databases import ServiceDatabase, create_database, drop_database
from chassis.testing.identity import Identity
from chassis.testing.process import Process
from chassis.testing.relay import Relay, relay
from chassis.testing.serving import Served, free_port, serve

__all__ = [
    "Identity",
    "Process",
    "Relay",
    "Served",
    "ServiceDatabase",
    "create_database",
    "drop_database",
    "free_port",
    "relay",
    "serve",
]
