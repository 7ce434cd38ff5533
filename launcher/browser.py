"""Chromium, as Debian has it: for the browser tests, and for measuring what a page costs."""

from ctypes.util import find_library
from pathlib import Path

from launcher.debian import install

PATH = "/usr/bin/chromium"


def ready() -> str:
    """Install Chromium where it is missing. Returns its path."""
    # Playwright drives Chromium by a Node of its own, which does not start without libatomic.
    if not Path(PATH).exists() or not find_library("atomic"):
        install(["chromium", "fonts-inter", "fonts-noto-core", "libatomic1"], "Chromium")
    return PATH
