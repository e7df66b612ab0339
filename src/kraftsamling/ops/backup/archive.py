"""The archive: a compressed tar whose last member, the manifest, names every other with its hash.

kraftsamling.json           the manifest
database.sqlite3 | .dump    SQLite's own file, or pg_dump's custom format
files/...                   what was uploaded
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

MANIFEST = "kraftsamling.json"
FORMAT = 1
SQLITE_NAME = "database.sqlite3"
POSTGRESQL_NAME = "database.dump"
FILES = "files"
_CHUNK = 1024 * 1024
_LARGEST_MANIFEST = 64 * _CHUNK


class BrokenBackupError(Exception):
    """The file is no whole backup; the text says what is wrong with it."""


@dataclass(frozen=True)
class Member:
    """A file of the archive: its size in bytes and the SHA-256 of its content."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `trail_count` and `trail_head` are those of the copied database."""

    made_at: str
    version: str
    engine: str  # sqlite | postgresql
    trail_count: int
    trail_head: str
    members: dict[str, Member] = field(default_factory=dict)
    format: int = FORMAT


class Writer:
    """Writes an archive, noting size and hash of each member on the way."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.members: dict[str, Member] = {}

    def add(self, name: str, path: Path) -> None:
        with path.open("rb") as source:
            hashing = _HashingReader(source)
            entry = tarfile.TarInfo(name)
            entry.size = os.fstat(source.fileno()).st_size
            entry.mtime = int(path.stat().st_mtime)
            entry.mode = 0o600
            self._tar.addfile(entry, hashing)
        self.members[name] = Member(entry.size, hashing.digest.hexdigest())

    def close_with(self, manifest: Manifest) -> None:
        text = json.dumps(asdict(manifest), indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(text), 0o600
        self._tar.addfile(entry, io.BytesIO(text))


class _HashingReader:
    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.digest.update(data)
        return data


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """An archive that appears under its name only when it is whole and on disk.

    Only the owner may read it: it holds everything that the database holds.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as tar:
                yield Writer(tar)
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(target)
        _sync_folder(target.parent)
    finally:
        draft.unlink(missing_ok=True)


def read_through(
    source: Path, *, into: Path | None = None, progress: Callable[[int], None] | None = None
) -> Manifest:
    """Read the whole archive, compare every hash, and (with `into`) unpack it there.

    Raises BrokenBackupError for anything that does not fit the manifest: a flipped byte, a
    missing end, a member too many, a name that leads out of the folder.
    """
    seen: dict[str, Member] = {}
    manifest: Manifest | None = None
    try:
        with tarfile.open(source, mode="r|gz") as tar:
            for entry in tar:
                content = tar.extractfile(entry) if entry.isreg() else None
                if content is None or manifest is not None:
                    raise BrokenBackupError(f"it holds {entry.name!r}, which is no part of it")
                if entry.name == MANIFEST:
                    manifest = _to_manifest(content.read(_LARGEST_MANIFEST))
                    continue
                seen[entry.name] = _copy(entry.name, content, into)
                if progress:
                    progress(sum(member.size for member in seen.values()))
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise BrokenBackupError(f"it cannot be read to its end ({error})") from error
    if manifest is None:
        raise BrokenBackupError("its end, with the manifest, is missing")
    _compare(manifest.members, seen)
    return manifest


def _copy(name: str, content: IO[bytes], into: Path | None) -> Member:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\\" in name:
        raise BrokenBackupError(f"it holds the name {name!r}")
    digest, size = hashlib.sha256(), 0
    target = (into / name).open("wb") if into and _with_parent(into / name) else None
    try:
        while data := content.read(_CHUNK):
            digest.update(data)
            size += len(data)
            if target:
                target.write(data)
        if target:
            target.flush()
            os.fsync(target.fileno())
    finally:
        if target:
            target.close()
    return Member(size, digest.hexdigest())


def _with_parent(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _to_manifest(text: bytes) -> Manifest:
    try:
        stored = json.loads(text)
        members = {name: Member(**member) for name, member in stored.pop("members").items()}
        manifest = Manifest(**stored, members=members)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BrokenBackupError("its manifest cannot be read") from error
    if manifest.format != FORMAT:
        raise BrokenBackupError(f"it has format {manifest.format}; this program reads {FORMAT}")
    return manifest


def _compare(told: dict[str, Member], seen: dict[str, Member]) -> None:
    for name in sorted(told.keys() | seen.keys()):
        if name not in seen:
            raise BrokenBackupError(f"{name} is missing")
        if name not in told:
            raise BrokenBackupError(f"{name} is not in its manifest")
        if told[name] != seen[name]:
            raise BrokenBackupError(f"the content of {name} has changed")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
