"""A service's command line, `python -m SERVICE VERB`: the same verbs for every one."""

import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

import yaml
from fastapi import FastAPI
from pydantic import ValidationError
from pydantic_settings import SettingsError

from chassis import database_errors, issuer, logs, ports
from chassis.server import serve
from chassis.settings import ServiceSettings


def main(name: str, settings: Callable[[], ServiceSettings], app: Callable[[], FastAPI], home: Path) -> None:
    """Run a service's verbs: `serve`, `migrate`, `openapi`, `events`, `key`. home: the folder that holds `migrations/`."""
    verb, *arguments = sys.argv[1:] or ["serve"]
    if verb == "key":
        _write_key(name, arguments)
        return
    config = _checked(name, settings)
    if verb == "serve":
        _serve(name, config, app)
    elif verb == "migrate":
        _migrate(name, config, home)
    elif verb == "openapi":
        _print_openapi(app)
    elif verb == "events":
        _events(name, app, arguments)
    else:
        raise SystemExit(f"{name}: there is no verb '{verb}'; serve, migrate, openapi, events and key there are")


def _write_key(name: str, arguments: list[str]) -> None:
    if len(arguments) != 1:
        raise SystemExit(f"{name}: say where the key shall be: python -m {name} key FILE")
    issuer.write_key(Path(arguments[0]))


def _checked(name: str, settings: Callable[[], ServiceSettings]) -> ServiceSettings:
    try:
        return settings()
    except ValidationError as error:
        raise SystemExit(f"{name}: {_what_is_wrong(error)}") from None
    except SettingsError:
        raise SystemExit(f"{name}: a setting, or a file of secrets, cannot be read") from None


def _serve(name: str, config: ServiceSettings, app: Callable[[], FastAPI]) -> None:
    made = app()
    ports.refuse_taken(name, config.ports)
    serve(made, config)


def _migrate(name: str, config: ServiceSettings, home: Path) -> None:
    # Alembic and SQLAlchemy take 24 MB that a serving process has no use for.
    from chassis import migrations  # noqa: PLC0415

    logs.configure(name, config.log_level)
    try:
        migrations.upgrade(home, config)
    except database_errors.CannotConnect as error:
        raise SystemExit(f"{name}: the database cannot be migrated: {error}") from None


def _print_openapi(app: Callable[[], FastAPI]) -> None:
    # What is logged while the application is made is no part of the document.
    with redirect_stdout(sys.stderr):
        document = yaml.safe_dump(app().openapi(), sort_keys=False, allow_unicode=True, width=120)
    sys.stdout.write(document)


def _events(name: str, app: Callable[[], FastAPI], arguments: list[str]) -> None:
    from chassis.events import command  # noqa: PLC0415 - operators need it, a serving process does not

    logs.configure(name, "ERROR")
    raise SystemExit(command.run(app().state.events, arguments))


def _what_is_wrong(error: ValidationError) -> str:
    # Without the values: one of them is the database's address with its password.
    found = (
        (".".join(str(part) for part in one["loc"]).upper(), one["msg"].removeprefix("Value error, "))
        for one in error.errors(include_input=False, include_url=False, include_context=False)
    )
    return "; ".join(f"{setting}: {message}" if setting else message for setting, message in found)
