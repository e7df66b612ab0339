"""The web server, and the job worker that runs beside it."""

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any, NoReturn

from kraftsamling.ops.console import WrongUse, say

# A page takes some milliseconds of Python, so more threads than a few only wait for each other;
# on SQLite they also share one writer. Further requests queue in the server.
BLOCKING_THREADS = 4
# Ctrl-C ends everything within five seconds: what hangs longer than this is killed.
_SECONDS_TO_STOP = 2
_SECONDS_BEFORE_RESTART = 2.0
_READY_POLL = 0.05


def claim_port(host: str, port: int, *, remedy: str) -> None:
    """Make sure that the port can be had. Raises WrongUse in one line that ends with `remedy`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise WrongUse(f"Port {port} is in use. Try: {remedy}") from None
            if error.errno == errno.EACCES:
                raise WrongUse(
                    f"Port {port} needs more rights than you have. Try: {remedy}"
                ) from None
            raise WrongUse(f"Cannot listen on {host}:{port}: {error.strerror}.") from None


class WorkerBeside:
    """The job worker as a child process, started again should it die."""

    def __init__(self) -> None:
        self._is_stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep_running, daemon=True)
        self._asked_at = 0.0

    def start(self) -> None:
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Tell it to stop, without waiting: may be called from a signal handler."""
        if not self._is_stopping.is_set():
            self._asked_at = time.monotonic()
        self._is_stopping.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """Stop it, and do not return before it has gone."""
        self.ask_to_stop()
        since_asked = time.monotonic() - self._asked_at
        self._thread.join(max(_SECONDS_TO_STOP + 1 - since_asked, 0.0))
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _keep_running(self) -> None:
        program = [sys.executable, "-m", "kraftsamling.ops.program"]
        command = [*program, "worker", "--beside", str(os.getpid())]
        while not self._is_stopping.is_set():
            # Its own session: Ctrl-C at the terminal reaches it through us, in order.
            self._process = subprocess.Popen(  # noqa: S603 (our own program)
                command, start_new_session=True
            )
            if self._is_stopping.is_set():  # asked while it was being started
                self._process.send_signal(signal.SIGTERM)
            code = self._process.wait()
            if not self._is_stopping.is_set():
                say(f"The job worker ended (exit code {code}); starting another.")
                self._is_stopping.wait(_SECONDS_BEFORE_RESTART)


def run_server(
    *,
    host: str,
    port: int,
    workers: int,
    with_worker: bool,
    when_ready: Callable[[], None] | None = None,
) -> None:
    """Serve until a signal says stop; `when_ready` is called once the first page can be had.

    Django MUST have been started. The application is loaded before the server processes fork, so
    that they start at once and share its memory.
    """
    from django.core.servers.basehttp import get_internal_wsgi_application
    from django.db import connections
    from django.urls import get_resolver
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    application = get_internal_wsgi_application()
    get_resolver().url_patterns  # noqa: B018 (imports every page before the fork)
    connections.close_all()  # a connection must not be shared by processes
    beside = WorkerBeside() if with_worker else None

    class StoppingBoth(Server):  # type: ignore[misc, valid-type]
        def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
            if beside:
                beside.ask_to_stop()
            super().signal_handler_interrupt(*args, **kwargs)

        def shutdown(self, exit_code: int = 0) -> None:
            try:
                super().shutdown(exit_code)
            except SystemExit:
                # Ctrl-C reaches the server processes as well. One that ended before it was told
                # to looks like a crash, and is none: everything was asked to stop.
                if exit_code or not self.interrupt_signal:
                    raise

    server = StoppingBoth(
        "kraftsamling",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=BLOCKING_THREADS,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=_SECONDS_TO_STOP,
    )
    if beside:
        server.on_startup(beside.start)
        server.on_shutdown(beside.stop)
    if when_ready:
        notice = threading.Thread(
            target=_tell_when_ready, args=(host, port, when_ready), daemon=True
        )
        server.on_startup(notice.start)
    server.serve(target_loader=lambda: application, wrap_loader=False)


def _tell_when_ready(host: str, port: int, when_ready: Callable[[], None]) -> None:
    address = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
    while True:
        try:
            with urllib.request.urlopen(f"http://{address}:{port}/healthz", timeout=5):
                break
        except urllib.error.HTTPError:
            break  # it answers, which is what was asked
        except OSError:
            time.sleep(_READY_POLL)
    when_ready()


def start_anew(arguments: list[str]) -> NoReturn:
    """Replace this process by the program with other arguments, and fresh settings."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(  # noqa: S606 (our own program)
        sys.executable, [sys.executable, "-m", "kraftsamling.ops.program", *arguments]
    )
