"""The demo as a newcomer starts it: it shows its doors, keeps what was changed, stops in order."""

import fcntl
import http.cookiejar
import os
import re
import shutil
import signal
import socket
import sqlite3
import threading
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from kraftsamling.ops.program import main
from tests.ops.conftest import Installation, until

PERSONAS = [
    "reporter", "coordinator", "member", "analyst", "security department", "actor", "resident",
    "operator",
]  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Demo:
    """A demo city in a folder of its own, started and stopped as at a terminal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.program = Installation(folder)
        # A real installation's settings stand around; a demo follows none of them.
        self.program.extra = {
            "KRAFTSAMLING_DATABASE_URL": "postgresql://real@127.0.0.1:1/installation",
            "KRAFTSAMLING_EMAIL_URL": "smtp://mail.example.se",
            "KRAFTSAMLING_DATA_DIR": "/nonexistent",
        }

    def start(self, *options: str) -> dict[str, str]:
        """Start it; the links it prints, by persona."""
        self.port = free_port()
        self.process = self.program.start(
            "demo", "--port", str(self.port), "--data-dir", str(self.folder), *options,
            cwd=self.folder,
        )  # fmt: skip
        lines: list[str] = []
        stdout = self.process.stdout
        threading.Thread(
            target=lambda: [lines.append(line) for line in stdout], daemon=True
        ).start()

        def is_ready() -> bool:
            assert self.process.poll() is None, self.process.stderr.read()
            return any(line.startswith("operator: ") for line in tuple(lines))

        until(is_ready, what="the doors are shown", patience=180)
        told = "".join(lines)
        assert f"http://localhost:{self.port}/" in told
        return dict(re.findall(r"^([a-z ]+): (http://\S+)$", told, re.MULTILINE))

    def stop(self) -> float:
        began = time.monotonic()
        os.killpg(self.process.pid, signal.SIGINT)
        assert self.process.wait(timeout=60) == 0
        return time.monotonic() - began

    def sql(self, statement: str) -> list[tuple]:
        path = self.folder / "kraftsamling.sqlite3"
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as database:
            return database.execute(statement).fetchall()


@pytest.fixture
def demo(tmp_path, sqlite_template):
    folder = tmp_path / "var"
    folder.mkdir()
    shutil.copytree(sqlite_template / "static", folder / "static")
    made = Demo(folder)
    yield made
    made.program.stop_all()


@pytest.mark.faults
@pytest.mark.long
def test_a_newcomer_starts_walks_in_stops_and_comes_back(demo):
    doors = demo.start()
    assert list(doors) == PERSONAS
    cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    visitor = urllib.request.build_opener(cookies)
    page = visitor.open(doors["coordinator"], timeout=60).read().decode()
    style = re.search(r'href="(/static/[0-9a-f]{16}/css/theme\.css)"', page)
    assert style, "static files have no address of their own"
    answer = visitor.open(f"http://localhost:{demo.port}{style[1]}", timeout=60)
    assert "immutable" in answer.headers["Cache-Control"]
    key = (demo.folder / "secret-key").read_text()
    demo.sql("UPDATE people_organisation SET website = 'https://changed.example'")
    assert demo.stop() < 30, "5 s on an idle machine"
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{demo.port}/", timeout=5)

    again = demo.start()
    assert list(again) == PERSONAS
    assert demo.sql("SELECT DISTINCT website FROM people_organisation") == [
        ("https://changed.example",)
    ]
    demo.stop()
    assert (demo.folder / "secret-key").read_text() == key
    demo.start("--reset")
    assert ("https://changed.example",) not in demo.sql(
        "SELECT DISTINCT website FROM people_organisation"
    )
    demo.stop()


def run_demo(folder: Path, *options: str):
    arguments = ["demo", "--port", str(free_port()), "--data-dir", str(folder), *options]
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize("options", [(), ("--reset",)])
def test_another_installations_data_is_left_alone(tmp_path, options):
    (tmp_path / "kraftsamling.sqlite3").write_bytes(b"a city's data")
    result = run_demo(tmp_path, *options)
    assert result.exit_code == 2
    assert "not a demo city's" in result.output
    assert (tmp_path / "kraftsamling.sqlite3").read_bytes() == b"a city's data"


def test_two_demos_do_not_share_a_folder(tmp_path):
    with (tmp_path / "demo.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = run_demo(tmp_path, "--reset")
    assert result.exit_code == 2
    assert "running already" in result.output
