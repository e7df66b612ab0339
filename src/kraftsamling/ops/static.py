"""Static files, ready to be served: collected under an address that names their content.

All files lie in one folder whose name is the digest of everything in it, and the folder's name is
part of the address: /static/3f2a…/js/page.mjs. Any change gives new addresses, so browsers may
keep what they have for ever, while files still refer to each other by relative paths: modules
that import modules, style sheets that name fonts. (Hashing each file's own name would need every
such reference in every third-party file rewritten.) See docs/adr/0007-static-files.md.
"""

import hashlib
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CURRENT = "current"  # a file that names the folder in use
_FINGERPRINT = "fingerprint"
_GENERATIONS_KEPT = 2
_DIGEST_LENGTH = 16
_NOT_COMPRESSED = ("pmtiles",)  # read in ranges, which a compressed file would shift


@dataclass(frozen=True)
class Source:
    """A static file as found in an app: where it is, and its path below the static address."""

    path: str
    file: Path


def find_sources() -> list[Source]:
    """All static files of all apps; of two with the same path, the one found first."""
    from django.contrib.staticfiles.finders import get_finders

    found: dict[str, Source] = {}
    for finder in get_finders():
        for path, storage in finder.list(["CVS", ".*", "*~"]):
            found.setdefault(path, Source(path, Path(storage.path(path))))
    return [found[path] for path in sorted(found)]


def is_fresh(sources: list[Source], *, root: Path) -> bool:
    """Whether what was collected last is still what the apps hold. Reads no file's content."""
    noted = _read(root / _FINGERPRINT)
    current = _read(root / CURRENT)
    return bool(current) and noted == fingerprint(sources) and (root / current).is_dir()


def fingerprint(sources: list[Source]) -> str:
    """A digest of names, sizes and times: equal while nothing was touched."""
    digest = hashlib.sha256()
    for source in sources:
        stat = source.file.stat()
        digest.update(f"{source.path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect(
    sources: list[Source], *, root: Path, progress: Callable[[int, int], None] | None = None
) -> str:
    """Copy and compress the files into their folder, and make it the current one; its name."""
    root.mkdir(parents=True, exist_ok=True)
    if progress:
        progress(0, len(sources))
    name = content_digest(sources)
    folder = root / name
    if not folder.is_dir():
        partial = root / f"{name}.partial-{os.getpid()}"
        shutil.rmtree(partial, ignore_errors=True)
        _fill(partial, sources, progress or (lambda done, total: None))
        try:
            partial.rename(folder)
        except OSError:  # another process was faster, with the same content
            shutil.rmtree(partial)
    _write(root / CURRENT, name)
    _write(root / _FINGERPRINT, fingerprint(sources))
    _remove_old(root, keep=name)
    return name


def content_digest(sources: list[Source]) -> str:
    """A digest of all paths and contents: the same on every machine that serves this version."""
    digest = hashlib.sha256()
    for source in sources:
        digest.update(f"{source.path}\0".encode())
        digest.update(hashlib.sha256(source.file.read_bytes()).digest())
    return digest.hexdigest()[:_DIGEST_LENGTH]


def _fill(folder: Path, sources: list[Source], progress: Callable[[int, int], None]) -> None:
    from whitenoise.compress import Compressor

    skipped = (*Compressor.SKIP_COMPRESS_EXTENSIONS, *_NOT_COMPRESSED)
    compressor: Any = Compressor(extensions=skipped, quiet=True)  # type: ignore[no-untyped-call]

    def place(source: Source) -> None:
        target = folder / source.path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source.file, target)
        if compressor.should_compress(target.name):
            compressor.compress(str(target))

    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        placed = [pool.submit(place, source) for source in sources]
        # As they end, not in their order: one large file must not hold back the count.
        for done, each in enumerate(as_completed(placed), start=1):
            each.result()
            progress(done, len(sources))


def _remove_old(root: Path, *, keep: str) -> None:
    """Keep the folder before: a server that has not been restarted yet still serves from it."""
    folders = [entry for entry in root.iterdir() if entry.is_dir() and entry.name != keep]
    folders.sort(key=lambda entry: entry.stat().st_mtime, reverse=True)
    for folder in folders[_GENERATIONS_KEPT - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)


def _read(path: Path) -> str:
    return path.read_text().strip() if path.is_file() else ""


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(f"{text}\n")
    draft.replace(path)
