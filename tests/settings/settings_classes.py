"""The services' settings classes, and what is found in them."""

from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from booking.settings import Settings as Booking
from chassis.settings import ServiceSettings
from gateway.settings import Settings as Gateway
from travel.settings import Settings as Travel

SERVICES: dict[str, type[ServiceSettings]] = {"gateway": Gateway, "booking": Booking, "travel": Travel}
ALL = [(service, name) for service, of in SERVICES.items() for name in of.model_fields]


def is_a(kind: type, annotation: Any) -> bool:
    """Whether a setting may be of a kind."""
    if get_origin(annotation) is Annotated:
        return is_a(kind, get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return any(is_a(kind, one) for one in get_args(annotation))
    return annotation is kind
