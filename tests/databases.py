"""Databases for tests: a fresh SQLite file or PostgreSQL database for each test, both migrated once and copied.

PostgreSQL is a real server: the one that ``CREDIT_BANK_TEST_DATABASE_URL`` names, or one that this process starts with
``initdb`` and ``pg_ctl`` in a temporary folder, as a user other than root.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from web.database import Database, make_engine
from web.migrating import upgrade


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server: ``url`` of its maintenance database, and the migrated database that tests copy."""

    url: str
    template: str


def _programs() -> Path | None:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def _as_postgres(folder: Path) -> list[str]:
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres", "postgres")
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def free_port() -> int:
    """A port that nobody listens at now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


def _start(folder: Path) -> tuple[str, list[str]]:
    programs = _programs()
    assert programs is not None
    prefix = _as_postgres(folder)
    data, port = folder / "data", free_port()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT, "check": True, "cwd": folder}
    locale = ["--no-locale", "-E", "UTF8", "-A", "trust", "-U", "evergreen", "--no-sync"]
    subprocess.run([*prefix, str(programs / "initdb"), "-D", str(data), *locale], **quiet)
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c max_connections=60"
    start = [str(programs / "pg_ctl"), "-D", str(data), "-w", "-t", "60", "-l", str(folder / "log"), "-o", options]
    subprocess.run([*prefix, *start, "start"], **quiet)
    stop = [*prefix, str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"]
    return f"postgresql://evergreen@127.0.0.1:{port}/postgres", stop


def _with_database(url: str, name: str) -> str:
    return url.rpartition("/")[0] + "/" + name


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A running PostgreSQL; the test is not run where there is none (and fails with ``REQUIRE_SYSTEM=1``)."""
    given = os.environ.get("CREDIT_BANK_TEST_DATABASE_URL")
    if given is None and _programs() is None:
        reason = "NOT RUN: PostgreSQL is not installed (make apt)"
        if os.environ.get("REQUIRE_SYSTEM") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="evergreen-pg-"))
    folder.chmod(0o755)
    stop: list[str] | None = None
    url = given
    template = f"evergreen_template_{uuid4().hex[:12]}"
    try:
        if url is None:
            url, stop = _start(folder)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(template)))
        engine = make_engine(_with_database(url, template))
        upgrade(engine)
        engine.dispose()
        yield Server(url, template)
        if given:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(template)))
    finally:
        if stop:
            subprocess.run(stop, stdout=subprocess.DEVNULL, check=False, cwd=folder)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql_url(postgresql_server: Server) -> Iterator[str]:
    """The URL of a migrated, empty PostgreSQL database of the test's own."""
    name = f"evergreen_{uuid4().hex[:16]}"
    with psycopg.connect(postgresql_server.url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(postgresql_server.template)
            )
        )
    yield _with_database(postgresql_server.url, name)
    with psycopg.connect(postgresql_server.url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file that tests copy."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        connection.rollback()
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a migrated, empty SQLite file of the test's own."""
    path = tmp_path / "evergreen.sqlite"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated, empty database: the test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    """A migrated, empty database, on SQLite and on PostgreSQL."""
    database = Database(database_url)
    yield database
    database.dispose()
