"""``setup``, ``migrate``, ``serve``: from an empty folder to a running server."""

import os
import socket
from pathlib import Path
from typing import Any

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from web.cli import deployment
from web.cli.command import Command, WrongUsage, option
from web.cli.terminal import terminal
from web.database import Database
from web.learning import Shelves
from web.operations.index_keeper import IndexKeeper

THREADS = 2 * (os.cpu_count() or 1)  # requests that a worker answers at once
STATIC = Path(__file__).parents[1] / "static"


@click.command("setup", cls=Command, help="setup")
@option("--origin", default="http://localhost:8000", show_default=True, metavar="URL", help="origin")
@option("--database", metavar="URL", help="database")
@option("--demo", is_flag=True, help="demo_settings")
def setup(origin: str, database: str | None, demo: bool) -> None:
    """Write the settings file with fresh secrets."""
    file = deployment.write_settings(origin, demo=demo, database_url=database)
    terminal().say("setup.done", file=file)


@click.command("migrate", cls=Command, help="migrate")
def migrate() -> None:
    """Bring the database to this version's schema, and make the companion's index."""
    settings = deployment.load_settings()
    changed = deployment.migrate(settings)
    db, shelves = Database(settings.database_url), Shelves(settings)
    IndexKeeper(db, lambda: shelves.current().library).keep()  # so that the servers find it made
    db.dispose()
    terminal().say("migrate.done" if changed else "migrate.nothing")


@click.command("serve", cls=Command, help="serve")
@option("--host", default="127.0.0.1", show_default=True, help="host")
@option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="port")
@option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="workers")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages and the API."""
    found = deployment.open_deployment()
    found.db.dispose()
    terminal().note("serve.at", address=found.settings.site, host=host, port=port)
    run_server(host, port, workers)


def run_server(host: str, port: int, workers: int) -> None:
    """Serve until Ctrl-C; static files go out without the application's help. Raises WrongUsage ``port.taken``."""
    _check_port(host, port)
    server: Any = Granian(
        "web.wsgi:make",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=4 * THREADS,
        factory=True,
        log_level=LogLevels.warning,
        static_path_route=["/static"],
        static_path_mount=[STATIC],
    )
    server.serve()


def _check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise WrongUsage("port.taken", host=host, port=port, reason=error.strerror) from None
