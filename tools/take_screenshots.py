"""The README's pictures, taken of a demo city of their own: docs/pictures/*.png.

Starts `kraftsamling demo` in a temporary directory, so that the pictures show what a newcomer
sees. Needs Chromium.
"""

import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs/pictures"
sys.path[:0] = [str(ROOT)]

from tests.browsing import chromium_path, launch_chromium  # noqa: E402

_LINK = re.compile(r"^(\w[\w -]*): (http\S+)$")
_COLOURS = 192  # a screenshot has few; the file becomes a third


@dataclass(frozen=True)
class Picture:
    """One picture: of which page, seen by whom, how wide, in which language."""

    name: str
    path: str
    persona: str = ""
    width: int = 1440
    height: int = 900
    language: str = "sv"


WANTED = (
    Picture("front", "/"),
    Picture("place", "/places/portalen", height=1720),
    Picture("design", "/design/#diagram", height=1100),
)


@contextmanager
def running_demo() -> Iterator[tuple[str, dict[str, str]]]:
    """A demo city's address and its sign-in links, by persona."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="kraftsamling-pictures-") as folder:
        command = [Path(sys.executable).parent / "kraftsamling", "demo", "--port", str(port)]
        with subprocess.Popen(
            [*command, "--data-dir", folder], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as demo:
            try:
                yield f"http://localhost:{port}", _links(demo)
            finally:
                demo.send_signal(signal.SIGINT)
                demo.wait(30)


def _links(demo: "subprocess.Popen[str]") -> dict[str, str]:
    """Reads until the last persona has been printed: the operator."""
    links: dict[str, str] = {}
    assert demo.stdout is not None
    for line in demo.stdout:
        if found := _LINK.match(line.strip()):
            links[found[1]] = found[2]
        if "operator" in links:
            return links
    raise SystemExit("The demo ended before it gave its links.")


def take(picture: Picture, browser: object, base_url: str, links: dict[str, str]) -> None:
    context = browser.new_context(  # type: ignore[attr-defined]
        viewport={"width": picture.width, "height": picture.height}, base_url=base_url
    )
    context.add_cookies([{"name": "language", "value": picture.language, "url": base_url}])
    page = context.new_page()
    if picture.persona:
        page.goto(links[picture.persona])
    page.goto(picture.path, wait_until="networkidle")
    page.wait_for_timeout(2_000)  # the map fades in
    shot = Image.open(BytesIO(page.screenshot()))
    path = PICTURES / f"{picture.name}.png"
    shot.convert("RGB").quantize(_COLOURS).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} kB")
    context.close()


def main() -> int:
    if chromium_path() is None:
        print("Chromium is not installed (Debian: apt install chromium)", file=sys.stderr)
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    with running_demo() as (base_url, links), launch_chromium() as browser:
        for picture in WANTED:
            take(picture, browser, base_url, links)
    return 0


if __name__ == "__main__":
    sys.exit(main())
