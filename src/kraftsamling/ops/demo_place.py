"""Where a demo city lives: a folder with its key, its database, its files, and a mark of its own.

The mark keeps a demo from ever touching another installation's data: a folder that holds a
database without the mark is left alone.
"""

import fcntl
import json
import os
import secrets
import shutil
from pathlib import Path
from typing import IO

from kraftsamling.ops.console import WrongUse

_MARK = "demo.json"
_DATABASE = "kraftsamling.sqlite3"
_KEY = "secret-key"


class DemoPlace:
    """A demo folder. One that `open_place` opened stays locked until this process ends."""

    def __init__(self, folder: Path, lock: IO[str] | None) -> None:
        self.folder = folder
        self._lock = lock  # closing it would give the lock away

    @property
    def is_loaded(self) -> bool:
        """Whether the city was loaded to its end; half a city is not kept."""
        return bool(self._mark().get("is_loaded"))

    def note_loaded(self) -> None:
        self._write_mark(is_loaded=True)

    @property
    def is_demo(self) -> bool:
        return (self.folder / _MARK).is_file() and (self.folder / _KEY).is_file()

    def clear(self) -> None:
        """Remove the city: database, files, mail. The key and the static files stay."""
        self._write_mark(is_loaded=False)
        for suffix in ("", "-wal", "-shm"):
            (self.folder / f"{_DATABASE}{suffix}").unlink(missing_ok=True)
        for name in ("files", "mail"):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def choose_settings(self, *, base_url: str) -> None:
        """Set the environment for this process and its children.

        Every setting that could lead out of the demo (a database, a mail server) is set here, so
        that neither the environment nor a settings file of a real installation is followed.
        """
        os.environ.update(
            KRAFTSAMLING_DEMO="true",
            KRAFTSAMLING_DATA_DIR=str(self.folder),
            KRAFTSAMLING_DATABASE_URL="",
            KRAFTSAMLING_EMAIL_URL="",
            KRAFTSAMLING_BASE_URL=base_url,
            KRAFTSAMLING_SECRET_KEY=self._key(),
        )

    def _key(self) -> str:
        path = self.folder / _KEY
        if not path.is_file():
            draft = path.with_suffix(".new")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as f:
                f.write(f"{secrets.token_urlsafe(48)}\n")
            draft.replace(path)
        return path.read_text().strip()

    def _mark(self) -> dict[str, bool]:
        try:
            mark: dict[str, bool] = json.loads((self.folder / _MARK).read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return mark

    def _write_mark(self, *, is_loaded: bool) -> None:
        draft = self.folder / f"{_MARK}.new"
        draft.write_text(json.dumps({"is_loaded": is_loaded}) + "\n")
        draft.replace(self.folder / _MARK)


def open_place(folder: Path) -> DemoPlace:
    """The demo folder, made where it is missing, locked, and cleared of a half-loaded city.

    Raises WrongUse where it holds something else, or another demo runs in it.
    """
    folder = folder.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "demo.lock").open("a")
    except OSError as error:
        raise WrongUse(f"{folder} cannot be used: {error.strerror}.") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise WrongUse(f"The demo city in {folder} is running already. Stop it first.") from None
    has_mark = (folder / _MARK).is_file()
    if (folder / _DATABASE).exists() and not has_mark:
        raise WrongUse(
            f"{folder} holds a database that is not a demo city's. Try: --data-dir var-demo"
        )
    place = DemoPlace(folder, lock)
    if not place.is_loaded:
        place.clear()
    return place


def visit_demo(folder: Path) -> None:
    """Let this process act on a demo city that there is, whether it is running or not.

    Takes no lock and clears nothing. Raises WrongUse where there is no demo city.
    """
    place = DemoPlace(folder.resolve(), lock=None)
    if not place.is_demo:
        raise WrongUse(f"There is no demo city in {folder}. Start one first: make demo")
    place.choose_settings(base_url="http://localhost:8000")
