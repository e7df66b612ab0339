"""A PostgreSQL for one test run: in a temporary directory, on a Unix socket, gone afterwards."""

import getpass
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

_BUILDS = Path("/usr/lib/postgresql")  # where Debian keeps the servers, one folder per version
_ROLE = "kraftsamling"
_START_SECONDS = 60
# The data is thrown away: nothing needs to survive a crash.
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "128MB",
}


class Unavailable(Exception):
    """PostgreSQL cannot be started here; the message says why."""


@dataclass(frozen=True)
class _Account:
    """Who runs the server: PostgreSQL refuses to be root."""

    name: str
    popen_options: dict[str, object]


def binaries() -> Path | None:
    """The folder of the newest server found in PATH or where Debian puts it."""
    in_path = shutil.which("initdb")
    if in_path and shutil.which("postgres"):
        return Path(in_path).resolve().parent
    found = [path.parent for path in _BUILDS.glob("*/bin/initdb")]
    return max(found, key=lambda path: float(path.parent.name), default=None)


@contextmanager
def temporary_server() -> Iterator[str]:
    """Runs a server and gives its URL. Raises Unavailable where that is not possible."""
    folder = binaries()
    if folder is None:
        raise Unavailable("no server binaries are installed (Debian: apt install postgresql)")
    account = _account()
    home = Path(tempfile.mkdtemp(prefix="ks-pg-"))  # short: a socket's path has 107 bytes
    try:
        if os.geteuid() == 0:
            shutil.chown(home, user=account.name)
        data = home / "data"
        _initialise(folder, data, account)
        with _running(folder, data, home, account) as url:
            yield url
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _account() -> _Account:
    if os.geteuid() != 0:
        return _Account(getpass.getuser(), {})
    import pwd

    try:
        pwd.getpwnam("postgres")
    except KeyError:
        raise Unavailable("it does not run as root and there is no user 'postgres'") from None
    return _Account("postgres", {"user": "postgres", "group": "postgres", "extra_groups": []})


def _initialise(folder: Path, data: Path, account: _Account) -> None:
    command = [
        folder / "initdb", "--pgdata", data, "--username", _ROLE, "--auth", "trust",
        "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync",
    ]  # fmt: skip
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, **account.popen_options)
    if done.returncode:
        raise Unavailable(f"initdb failed: {done.stderr.strip().splitlines()[-1]}")


@contextmanager
def _running(folder: Path, data: Path, home: Path, account: _Account) -> Iterator[str]:
    settings = {**_SETTINGS, "unix_socket_directories": str(home)}
    command = [folder / "postgres", "-D", data]
    command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    log = home / "log"
    with log.open("wb") as out:
        # A session of its own: Ctrl-C reaches the tests first, and we stop the server after them.
        server = subprocess.Popen(
            command, cwd="/", stdout=out, stderr=out, start_new_session=True,
            **account.popen_options,
        )  # fmt: skip
    try:
        url = f"postgresql://{_ROLE}@{quote(str(home), safe='')}/postgres"
        _wait_until_ready(url, server, log)
        yield url
    finally:
        _stop(server)


def _wait_until_ready(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with suppress(psycopg.OperationalError):
            psycopg.connect(url).close()
            return
        time.sleep(0.1)
    last = log.read_text("utf-8", "replace").strip().splitlines()[-1:] or ["it said nothing"]
    raise Unavailable(f"the server did not start: {last[0]}")


def _stop(server: "subprocess.Popen[bytes]") -> None:
    """Fast shutdown: open transactions are rolled back, nobody is waited for."""
    with suppress(ProcessLookupError):
        server.send_signal(signal.SIGINT)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait(10)
