"""`python -m booking serve | migrate | openapi`."""

from pathlib import Path

from chassis.service import main

from booking.app import create_app
from booking.settings import Settings

main("booking", Settings, create_app, Path(__file__).parents[2])
