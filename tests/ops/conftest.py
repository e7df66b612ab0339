"""Whole installations for tests: a folder, a database of their own, the program as users run it."""

import fcntl
import json
import os
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90  # seconds; only a failing test waits so long


def until(is_so: Callable[[], Any], *, what: str, patience: float = PATIENCE) -> Any:
    """The first true answer of `is_so`. Fails, naming `what`, when none comes."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if answer := is_so():
            return answer
        time.sleep(0.02)
    raise AssertionError(f"waited {patience} s in vain until {what}")


class Installation:
    """One installation, driven from outside through its program."""

    def __init__(self, data_dir: Path, *, database_url: str = "") -> None:
        self.data_dir = data_dir
        self.database_url = database_url
        self.extra: dict[str, str] = {}
        self._started: list[subprocess.Popen[str]] = []

    @property
    def environ(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("KRAFTSAMLING_")}
        return {
            **kept,
            "KRAFTSAMLING_SECRET_KEY": "a key that is used in tests and nowhere else",
            "KRAFTSAMLING_DATA_DIR": str(self.data_dir),
            "KRAFTSAMLING_DATABASE_URL": self.database_url,
            "KRAFTSAMLING_JOB_LEASE_SECONDS": "4",
            "DJANGO_SETTINGS_MODULE": "kraftsamling.project.settings",
            "PYTHONPATH": str(ROOT),
            **self.extra,
        }

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "kraftsamling.ops.program", *arguments]

    def run(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, and see that it ends with `code`."""
        finished = subprocess.run(
            self._command(arguments), env=self.environ, cwd=self.data_dir, text=True,
            capture_output=True, check=False, timeout=PATIENCE,
        )  # fmt: skip
        assert finished.returncode == code, finished.stderr + finished.stdout
        assert "Traceback" not in finished.stderr
        return finished

    def json(self, *arguments: str, code: int = 0) -> Any:
        return json.loads(self.run(*arguments, "--json", code=code).stdout)

    def start(self, *arguments: str, cwd: Path | None = None) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            self._command(arguments), env=self.environ, cwd=cwd or self.data_dir, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        self._started.append(process)
        return process

    def python(self, code: str) -> str:
        """Run Python with this installation's settings; what it prints."""
        finished = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"], env=self.environ,
            cwd=ROOT, text=True, capture_output=True, check=False, timeout=PATIENCE,
        )  # fmt: skip
        assert finished.returncode == 0, finished.stderr
        return finished.stdout

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Ask the database directly: starting the program to look takes a second each time."""
        if self.database_url:
            with psycopg.connect(self.database_url, autocommit=True) as connection:
                cursor = connection.execute(statement)
                return cursor.fetchall() if cursor.description else []
        path = self.data_dir / "kraftsamling.sqlite3"
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as connection:
            return connection.execute(statement).fetchall()

    def stop_all(self) -> None:
        for process in self._started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            for stream in (process.stdout, process.stderr):
                if stream:
                    stream.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a migrated, empty database: made once for all processes of a test run."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / "template"
    with (shared / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = tmp_path_factory.mktemp("template")
            Installation(unfinished).run("migrate")
            unfinished.rename(folder)
    return folder


@pytest.fixture
def installation(tmp_path: Path, sqlite_template: Path) -> Iterator[Installation]:
    """An empty installation on SQLite."""
    folder = tmp_path / "data"
    shutil.copytree(sqlite_template, folder)
    made = Installation(folder)
    yield made
    made.stop_all()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """An empty installation on SQLite, then one on PostgreSQL where a server is at hand."""
    if request.param == "sqlite":
        yield request.getfixturevalue("installation")
        return
    folder = tmp_path / "data"
    shutil.copytree(request.getfixturevalue("sqlite_template") / "static", folder / "static")
    with _own_database() as url:
        made = Installation(folder, database_url=url)
        made.run("migrate")
        yield made
        made.stop_all()


class _own_database:  # noqa: N801 (used as a function)
    """A database of its own on the server that the tests were given."""

    def __enter__(self) -> str:
        url = os.environ.get("KRAFTSAMLING_TEST_DATABASE_URL", "")
        if not url.startswith("postgres"):
            pytest.skip("KRAFTSAMLING_TEST_DATABASE_URL names no PostgreSQL server")
        self.name = f"kraftsamling_ops_{secrets.token_hex(6)}"
        self.server = url
        self._say(f'CREATE DATABASE "{self.name}"')
        return urlunsplit(urlsplit(url)._replace(path=f"/{self.name}"))

    def __exit__(self, *error: object) -> None:
        self._say(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _say(self, statement: str) -> None:
        address = urlunsplit(urlsplit(self.server)._replace(path="/postgres"))
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)
