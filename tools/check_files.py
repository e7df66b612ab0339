"""Files that people read hold together: links lead somewhere, locks name no host.

Looks at what is under version control, so that a file forgotten there counts as missing.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
_LINK = re.compile(
    r"!?\[[^\]]*\]\(\s*<?([^)>\s]+)>?(?:\s+\"[^\"]*\")?\s*\)|(?:src|href)=\"([^\"]+)\""
)
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)
_TARGET = re.compile(r"^\(([\w-]+)\)=\s*$|(?:id|name)=\"([\w-]+)\"", re.MULTILINE)
_ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_MACHINE = re.compile(r"(?<![\w.])(?:/work/|/home/\w|/root/|/Users/)")


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def broken_links(path: Path) -> Iterator[str]:
    """Relative links of a Markdown file that lead to no file or no heading."""
    text = _CODE.sub("", _FENCE.sub("", path.read_text("utf-8")))
    for found in _LINK.finditer(text):
        link = found[1] or found[2]
        if _ELSEWHERE.match(link) or link.startswith("/"):
            continue
        target, _, anchor = unquote(link).partition("#")
        file = (path.parent / target).resolve() if target else path
        if not file.exists():
            yield f"{path.relative_to(ROOT)}: {link} leads to no file"
        elif anchor and file.suffix == ".md" and anchor not in _anchors(file):
            yield f"{path.relative_to(ROOT)}: {link} leads to no heading"


@cache
def _anchors(path: Path) -> frozenset[str]:
    text = _FENCE.sub("", path.read_text("utf-8"))
    slugs = {_slug(heading) for heading in _HEADING.findall(text)}
    return frozenset(slugs | {a or b for a, b in _TARGET.findall(text)})


def _slug(heading: str) -> str:
    kept = re.sub(r"[^\w\s-]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower())
    return re.sub(r"\s", "-", kept.strip())


def forgotten_files() -> Iterator[str]:
    """What stands in src/ and is not under version control: it works here and nowhere else."""
    listed = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard", "src"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in listed.stdout.splitlines():
        yield f"{name}: not under version control: git add it"


def problems() -> Iterator[str]:
    yield from forgotten_files()
    for path in tracked_files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".md" and "vendor" not in path.parts:
            yield from broken_links(path)
        if name.startswith("requirements/") and "://" in path.read_text("utf-8"):
            yield f"{name}: names a host; `make lock` writes it without"
        if path.name in ("uv.lock", "poetry.lock", "Pipfile.lock"):
            yield f"{name}: the locks are requirements/*.txt, which name no host"
        if path.suffix in (".py", ".md", ".toml", ".sh", ".html", ".mjs", ".js", ".css"):
            yield from _machine_paths(path, name)


def _machine_paths(path: Path, name: str) -> Iterator[str]:
    if "vendor" in path.parts or name == "tools/check_files.py":
        return
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if _MACHINE.search(line):
            yield f"{name}:{number}: the path of one machine: {line.strip()[:80]}"


if __name__ == "__main__":
    found = list(problems())
    print("\n".join(found), end="\n" if found else "")
    sys.exit(1 if found else 0)
