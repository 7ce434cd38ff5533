"""`python -m gateway serve | migrate | openapi | events | key FILE`."""

from pathlib import Path

from chassis.command_line import main
from gateway.app import create_app
from gateway.settings import Settings

main("gateway", Settings, create_app, Path(__file__).parents[2])
