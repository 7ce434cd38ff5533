"""A service's listeners: one function per type of event, and the payload that this function reads."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from chassis.database import Tx
from chassis.events.cloud_event import InvalidEvent, ReceivedEvent


class EventPayload(BaseModel):
    """The part of an event's data that a listener reads. Further fields are ignored, now and later."""

    model_config = ConfigDict(extra="ignore", frozen=True)


D = TypeVar("D", bound=EventPayload)


@dataclass(frozen=True, slots=True)
class Event(Generic[D]):
    """An event as its listener sees it."""

    id: UUID
    organization_id: UUID
    time: datetime
    data: D


Listener = Callable[[Event[Any], Tx], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Registered:
    payload: type[EventPayload]
    listener: Listener


class Listeners:
    """A service's listeners, by topic and type. Types that nobody listens to are passed over."""

    def __init__(self) -> None:
        self._all: dict[tuple[str, str], _Registered] = {}

    def on(
        self, topic: str, kind: str, payload: type[D]
    ) -> Callable[[Callable[[Event[D], Tx], Awaitable[None]]], Callable[[Event[D], Tx], Awaitable[None]]]:
        """Register a listener. Its effects and the memory of the event are committed together, once."""

        def register(listener: Callable[[Event[D], Tx], Awaitable[None]]) -> Callable[[Event[D], Tx], Awaitable[None]]:
            self._all[topic, kind] = _Registered(payload, listener)
            return listener

        return register

    @property
    def topics(self) -> list[str]:
        """Return the topics that somebody listens to."""
        return sorted({topic for topic, _ in self._all})

    def payloads(self) -> dict[tuple[str, str], type[EventPayload]]:
        """Return what is read of every event that somebody listens to."""
        return {listened: one.payload for listened, one in self._all.items()}

    def has_listener(self, topic: str, kind: str) -> bool:
        """Whether somebody listens to a type."""
        return (topic, kind) in self._all

    def handle(self, topic: str, event: ReceivedEvent) -> Callable[[Tx], Awaitable[None]]:
        """Return what an event leads to. Raises InvalidEvent when its listener cannot read it, KeyError when nobody listens."""
        found = self._all[topic, event.type]
        try:
            data = found.payload.model_validate(event.data)
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors()[0]["loc"])
            raise InvalidEvent(f"{event.type}: {where} cannot be read") from error
        received = Event(event.id, event.organization_id, event.time, data)
        return lambda tx: found.listener(received, tx)
