"""What every service's tests stand on: real Postgres databases, a real server, and tokens of anybody."""

from chassis.testing.collector import collector
from chassis.testing.databases import ServiceDatabase, create_database, drop_database
from chassis.testing.identity import Identity
from chassis.testing.process import Process
from chassis.testing.serving import Served, free_port, serve
from chassis.testing.tcp_proxy import TcpProxy, tcp_proxy
from chassis.testing.topics import broker_address, every_event_fits_its_contract, make_topics
from chassis.testing.traces import recorded_spans
from chassis.testing.waiting import HANG_S, eventually, reaches

__all__ = [
    "HANG_S",
    "Identity",
    "Process",
    "Served",
    "ServiceDatabase",
    "TcpProxy",
    "broker_address",
    "collector",
    "create_database",
    "drop_database",
    "eventually",
    "every_event_fits_its_contract",
    "free_port",
    "make_topics",
    "reaches",
    "recorded_spans",
    "serve",
    "tcp_proxy",
]
