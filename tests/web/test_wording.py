"""One thing has one name in the interface, and one name stands for one thing."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "kraftsamling"
# Two kinds of keys: a person signs in with an inloggningsnyckel, a program with an API-nyckel.
_BARE_KEY = re.compile(r"(?<![\w-])nyck(?:el|eln|elns|lar|larna)(?!\w)", re.IGNORECASE)
_NOT_WORDS = re.compile(r"""(?:id|for|aria-labelledby|href)="[^"]*\"""")


def _texts_of_the_interface() -> list[Path]:
    folders = (SOURCE / "web", SOURCE / "api", SOURCE / "people")
    return [
        path
        for folder in folders
        for ending in ("py", "html", "txt", "mjs")
        for path in folder.rglob(f"*.{ending}")
        if not {"vendor", "privacy", "locale"} & set(path.parts)
    ]


def test_the_interface_is_searched():
    assert len(_texts_of_the_interface()) > 150


@pytest.mark.parametrize("word", ["Skapa en nyckel", "nycklarna.", 'Nyckeln"'])
def test_a_bare_key_would_be_found(word):
    assert _BARE_KEY.search(word)


def test_a_key_is_always_said_to_be_for_signing_in_or_for_a_program():
    bare = [
        f"{path.relative_to(SOURCE)}: {line.strip()[:80]}"
        for path in _texts_of_the_interface()
        for line in path.read_text("utf-8").splitlines()
        if _BARE_KEY.search(_NOT_WORDS.sub("", line))
    ]
    assert bare == [], "write inloggningsnyckel (passkey) or API-nyckel (token)"
