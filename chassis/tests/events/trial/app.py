"""Tells and hears of marks: each belongs to a key and has a number that grows by one."""

from pathlib import Path
from uuid import UUID

from fastapi import FastAPI
from pydantic import Field

from chassis import command_line, service
from chassis.database import Tx
from chassis.events.cloud_event import OutgoingEvent, new_event
from chassis.events.listeners import Event, EventPayload, Listeners
from chassis.service import ServiceDefinition
from chassis.settings import ServiceSettings

HOME = Path(__file__).parent
TOPIC = "packwalk.trial.v1"


class Settings(ServiceSettings):
    """What this replica takes part in."""

    publishes: bool = True
    listens: bool = True
    contracts_dir: Path = HOME / "contracts"


class Mark(EventPayload):
    """What is read of a mark."""

    key: UUID
    number: int
    fails: int = Field(default=0, description="How often it cannot be applied.")


tried: dict[UUID, int] = {}


def marked(organization_id: UUID, key: UUID, number: int, fails: int = 0) -> OutgoingEvent:
    """Tell of a mark."""
    return new_event("trial", TOPIC, "mark.made", key, organization_id, {"number": number, "key": key, "fails": fails})


def listeners() -> Listeners:
    """What is done with marks: they are written down in the order in which they arrive."""
    made = Listeners()

    @made.on(TOPIC, "mark.made", Mark)
    async def write_down(told: Event[Mark], tx: Tx) -> None:
        await tx.execute(
            "INSERT INTO effects (organization_id, event_id, key, number) VALUES (%s, %s, %s, %s)",
            (told.organization_id, told.id, told.data.key, told.data.number),
        )
        tried[told.id] = tried.get(told.id, 0) + 1
        if tried[told.id] <= told.data.fails:
            raise ArithmeticError("this mark cannot be applied")

    return made


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application."""
    config = settings or Settings()
    heard = listeners() if config.listens else None
    definition = ServiceDefinition(name="trial", description="A trial.", publishes=config.publishes, listeners=heard)
    return service.build(definition, config)


def main() -> None:
    """Run it as a service."""
    command_line.main("trial", Settings, create_app, HOME)
