"""`python -m travel serve | migrate | openapi | events`."""

from pathlib import Path

from chassis.command_line import main
from travel.app import create_app
from travel.settings import Settings

main("travel", Settings, create_app, Path(__file__).parents[2])
