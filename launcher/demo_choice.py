"""Whether `up` makes the demo business, whose password everybody knows: not where others reach Packwalk, unless PACKWALK_DEMO=yes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher import demo, system
from launcher.machine import UserError

_CHOICE = "PACKWALK_DEMO"


def wanted() -> bool:
    """Whether the demo is to be there. Raises UserError when PACKWALK_DEMO is neither yes nor no."""
    chosen = os.environ.get(_CHOICE, "no" if system.open_to_others() else "yes")
    if chosen not in ("yes", "no"):
        raise UserError(f"{_CHOICE} must be yes or no, not '{chosen}'.")
    return chosen == "yes"


def refuse_known_passwords() -> None:
    """Raise UserError when others would reach a demo that was made before."""
    if system.open_to_others() and not wanted() and (_begun().exists() or _made().exists()):
        raise UserError(
            f"PACKWALK_HOST={system.host()} lets others in, and the demo's people are in this database: everybody knows their"
            f" password. ./packwalk reset removes all data; {_CHOICE}=yes lets the demo be reached."
        )


@contextmanager
def recorded() -> Iterator[None]:
    """Note that the demo is there: in part while it is being made, whole afterwards."""
    _begun().touch()
    yield
    _made().touch()


def made() -> bool:
    """Whether the demo is there, whole."""
    return _made().exists()


def welcome(port: int) -> str:
    """Say where Packwalk is, and who can sign in."""
    return f"\nPackwalk is ready: http://localhost:{port}\n\n" + (
        demo.people() if made() else "  Start your business there.\n"
    )


# With the data: whoever takes these away gets the demo anew.
def _begun() -> Path:
    return system.home_of_postgres() / "demo-begun"


def _made() -> Path:
    return system.home_of_postgres() / "demo-made"
