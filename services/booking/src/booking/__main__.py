"""`python -m booking serve | migrate | openapi`."""

from pathlib import Path

from booking.app import create_app
from booking.settings import Settings
from chassis.service import main

main("booking", Settings, create_app, Path(__file__).parents[2])
