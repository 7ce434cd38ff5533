"""What a service does when others speak: a function a type of event, and what that function reads of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from chassis.database import Tx
from chassis.events.cloud_event import Arrived, Unfit


class Reads(BaseModel):
    """What a listener reads of an event's data; what else there is does not concern it, now or later."""

    model_config = ConfigDict(extra="ignore", frozen=True)


D = TypeVar("D", bound=Reads)


@dataclass(frozen=True, slots=True)
class Told(Generic[D]):
    """An event as its listener sees it."""

    id: UUID
    organization_id: UUID
    time: datetime
    data: D


Listener = Callable[[Told[Any], Tx], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Listens:
    reads: type[Reads]
    listener: Listener


class Listeners:
    """A service's listeners, by topic and type. Types that nobody listens to are passed over."""

    def __init__(self) -> None:
        self._all: dict[tuple[str, str], _Listens] = {}

    def on(
        self, topic: str, kind: str, reads: type[D]
    ) -> Callable[[Callable[[Told[D], Tx], Awaitable[None]]], Callable[[Told[D], Tx], Awaitable[None]]]:
        """Register a listener. Its effects and the memory of the event are committed together, once."""

        def register(listener: Callable[[Told[D], Tx], Awaitable[None]]) -> Callable[[Told[D], Tx], Awaitable[None]]:
            self._all[topic, kind] = _Listens(reads, listener)
            return listener

        return register

    @property
    def topics(self) -> list[str]:
        """Return the topics that somebody listens to."""
        return sorted({topic for topic, _ in self._all})

    def reads(self) -> dict[tuple[str, str], type[Reads]]:
        """Return what is read of every event that somebody listens to."""
        return {listened: one.reads for listened, one in self._all.items()}

    def listens(self, topic: str, kind: str) -> bool:
        """Whether somebody listens to a type."""
        return (topic, kind) in self._all

    def hear(self, topic: str, event: Arrived) -> Callable[[Tx], Awaitable[None]]:
        """Return what an event leads to. Raises Unfit when its listener cannot read it, KeyError when nobody listens."""
        found = self._all[topic, event.type]
        try:
            data = found.reads.model_validate(event.data)
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors()[0]["loc"])
            raise Unfit(f"{event.type}: {where} cannot be read") from error
        told = Told(event.id, event.organization_id, event.time, data)
        return lambda tx: found.listener(told, tx)
