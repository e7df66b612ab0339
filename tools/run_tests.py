"""All tests: the whole suite on SQLite, then what touches the database on PostgreSQL.

Arguments are handed to pytest as they are (`make test` gives none). Ends with the slowest tests,
a line for each part and, last, one closing line that adds them up; fails when any part does.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from tests.browsing import chromium_path  # noqa: E402
from tools.postgresql import Unavailable, temporary_server  # noqa: E402

DATABASE_URL = "KRAFTSAMLING_TEST_DATABASE_URL"
_CLOSING = re.compile(r"^=* ?((?:\d+ [a-z]+(?:, )?)+|no tests ran) in [\d.]+s")
_ORDER = ("failed", "error", "passed", "skipped", "deselected", "xfailed", "xpassed", "warning")
_BAD = ("failed", "error", "xpassed")
_BUDGET = 480  # seconds for the whole on two cores: longer, and people stop running it
_SHOWN = 10
_DURATION = re.compile(r"([\d.]+)s (?:setup|call|teardown) +(\S.*)")
_ABOUT_DURATIONS = re.compile(r"=+ slowest \d+ durations =+$|\(\d+ durations < .* hidden\.")


@dataclass
class Part:
    """One pytest run: what it is called, how it went, what was left out."""

    name: str
    arguments: list[str] = field(default_factory=list)
    database_url: str = ""
    note: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    slowest: list[tuple[float, str]] = field(default_factory=list)
    seconds: float = 0.0
    returncode: int | None = None

    @property
    def failed(self) -> bool:
        return self.returncode not in (None, 0)

    def run(self, extra: Sequence[str]) -> None:
        durations = [f"--durations={_SHOWN}", "--durations-min=1"]
        two_at_once = ["-n", "2", "--dist", "worksteal"]
        command = [sys.executable, "-m", "pytest", *two_at_once, *durations]
        command += [*self.arguments, *extra]
        print(f"\n--- {self.name} ---", flush=True)
        started = time.monotonic()
        with subprocess.Popen(
            command, cwd=ROOT, env=self._environ(), stdout=subprocess.PIPE, text=True, bufsize=1
        ) as pytest:
            assert pytest.stdout is not None
            try:
                for line in pytest.stdout:
                    if self._read(line):
                        print(line, end="", flush=True)
            except BaseException:
                pytest.send_signal(signal.SIGINT)
                raise
        self.returncode = pytest.returncode
        self.seconds = time.monotonic() - started

    def _environ(self) -> dict[str, str]:
        environ = {**os.environ, "PYTHONUNBUFFERED": "1"}
        environ.pop(DATABASE_URL, None)
        if self.database_url:
            environ[DATABASE_URL] = self.database_url
        # Two processes fill two cores: threads of linear algebra would only wait for one another,
        # and they wait by counting, which made some tests cost three times as much.
        environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        if environ.pop("PYTHONDONTWRITEBYTECODE", ""):
            # Who wants no bytecode beside the sources gets it elsewhere. Without any, each of
            # the hundred programs that the tests start compiles Django for itself: ten seconds.
            environ.setdefault("PYTHONPYCACHEPREFIX", str(ROOT / ".pytest_cache/bytecode"))
        return environ

    def _read(self, line: str) -> bool:
        """Takes from a line what is told at the end; whether it is to be shown now."""
        plain = re.sub(r"\x1b\[\d*(?:;\d+)*m", "", line)
        if found := _CLOSING.match(plain):
            self.counts = Counter()
            for number, word in re.findall(r"(\d+) ([a-z]+)", found[1]):
                self.counts[word.removesuffix("s") if word != "passed" else word] += int(number)
        if found := _DURATION.match(plain):
            self.slowest.append((float(found[1]), found[2]))
            return False
        return not _ABOUT_DURATIONS.match(plain)

    def summary(self) -> str:
        if self.returncode is None:
            return f"{self.name}: {self.note}"
        verdict = "FAILED" if self.failed else "ok"
        note = f"; {self.note}" if self.note else ""
        return f"{self.name}: {verdict}, {_in_words(self.counts)} in {self.seconds:.0f} s{note}"


def _in_words(counts: Counter[str]) -> str:
    plural = {"error": "errors", "warning": "warnings"}
    words = [
        f"{counts[word]} {plural.get(word, word) if counts[word] > 1 else word}"
        for word in _ORDER
        if counts[word]
    ]
    return ", ".join(words) or "no tests ran"


def run_parts(extra: Sequence[str]) -> list[Part]:
    """Runs the parts one after the other; PostgreSQL lives as long as its part."""
    everything = Part("SQLite, everything")
    if chromium_path() is None:
        everything.arguments = ["-m", "not browser"]
        everything.note = "browser tests were left out: there is no Chromium"
    everything.run(extra)

    database = Part("PostgreSQL, what touches the database", ["--database-only"])
    given = os.environ.get(DATABASE_URL, "")
    try:
        if given:
            database.database_url = given
            database.run(extra)
        else:
            with temporary_server() as database.database_url:
                database.run(extra)
    except Unavailable as error:
        database.note = f"left out: {error}"
    return [everything, database]


def slowest_tests(parts: Sequence[Part]) -> list[str]:
    """The slowest of all parts, with their seconds; set-up and tear-down count by themselves."""
    measured = sorted(((each, part.name) for part in parts for each in part.slowest), reverse=True)
    return [
        f"{seconds:6.1f} s  {test}  ({name.partition(',')[0]})"
        for (seconds, test), name in measured[:_SHOWN]
    ]


def warning(parts: Sequence[Part]) -> str:
    """What to say when the whole took too long; "" when it did not."""
    seconds = sum(part.seconds for part in parts)
    if seconds <= _BUDGET:
        return ""
    return f"warning: {seconds:.0f} s is more than the {_BUDGET} s that all tests may take together"


def closing_line(parts: Sequence[Part]) -> str:
    """One line as pytest closes with, over all parts."""
    total = sum((part.counts for part in parts), Counter())
    total.pop("deselected", None)
    seconds = sum(part.seconds for part in parts)
    text = f" {_in_words(total)} in {seconds:.2f}s ({int(seconds) // 60}:{int(seconds) % 60:02}) "
    return text.center(80, "=")


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    signal.signal(signal.SIGTERM, _stop)  # so that the server is stopped then as well
    try:
        parts = run_parts(sys.argv[1:])
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130
    if slowest := slowest_tests(parts):
        print("\nThe slowest tests:", *slowest, sep="\n")
    print()
    for part in parts:
        print(part.summary())
    if too_slow := warning(parts):
        print(too_slow)
    print(closing_line(parts), flush=True)
    return 1 if any(part.failed for part in parts) else 0


if __name__ == "__main__":
    sys.exit(main())
