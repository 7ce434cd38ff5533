"""The list of services. Everything that has to know them reads this list, or is compared with it by `launcher/tests/test_services.py`.

Standard library only, like the rest of the launcher: the list is read before anything is installed.
"""

from dataclasses import dataclass
from pathlib import Path

from launcher.machine import ROOT


@dataclass(frozen=True)
class Service:
    """One service. name: of its package, its database, its role, its container and its log.

    folder: within the repository. port: where it listens when it is run alone. calls: the services whose API it calls; it signs with a
    key of its own when it calls any. serves_pages: it needs the built frontend. metrics_port: where Prometheus finds it in a container.
    """

    name: str
    folder: str
    port: int
    calls: tuple[str, ...] = ()
    serves_pages: bool = False
    metrics_port: int = 8000

    @property
    def signs(self) -> bool:
        """Whether it has a key to sign with."""
        return bool(self.calls)

    @property
    def home(self) -> Path:
        """Return its folder, which holds `src/`, `migrations/` and `tests/`."""
        return ROOT / self.folder


# The way in for people: it has the product's address, and speaks for accounts.
GATEWAY = "gateway"

# Each after the services that it calls, and whose OpenAPI documents it holds.
ALL = (
    Service("travel", "services/travel", 8002),
    Service("booking", "services/booking", 8001, calls=("travel",)),
    Service(GATEWAY, "gateway", 8080, calls=("booking", "travel"), serves_pages=True, metrics_port=9000),
)
NAMES = tuple(service.name for service in ALL)


def named(name: str) -> Service:
    """Return a service by its name. Raises KeyError."""
    return {service.name: service for service in ALL}[name]


def addresses(base_urls: dict[str, str]) -> dict[str, str]:
    """Return what services read from their environment of one another. base_urls: name -> where it listens."""
    jwks = {name: f"{url}/.well-known/jwks.json" for name, url in base_urls.items()}
    others = [service for service in ALL if service.name != GATEWAY]
    return {
        "JWKS_URL": jwks[GATEWAY],
        **{f"{service.name.upper()}_URL": base_urls[service.name] for service in others},
        **{f"{service.name.upper()}_JWKS_URL": jwks[service.name] for service in others if service.signs},
    }
