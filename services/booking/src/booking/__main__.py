"""`python -m booking serve | migrate | openapi | events | key FILE`."""

from pathlib import Path

from booking.app import create_app
from booking.settings import Settings
from chassis.command_line import main

main("booking", Settings, create_app, Path(__file__).parents[2])
