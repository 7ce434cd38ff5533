"""`python -m gateway serve | migrate | openapi | key FILE`."""

import sys
from pathlib import Path

from chassis.issuer import write_key
from chassis.service import main
from gateway.app import create_app
from gateway.settings import Settings

if sys.argv[1:2] == ["key"]:
    if len(sys.argv) != 3:
        raise SystemExit("gateway: say where the key shall be: python -m gateway key FILE")
    write_key(Path(sys.argv[2]))
else:
    main("gateway", Settings, create_app, Path(__file__).parents[2])
