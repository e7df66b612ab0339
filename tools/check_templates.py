"""Templates keep the rules that no linter of others knows.

The strict Content-Security-Policy lets nothing inline run, and every word that a visitor reads
goes through the catalogues. A page whose words are meant to stand as they are says so and why:
`{# untranslated: the samples of the component page #}`.
"""

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import Lexer, Token, TokenType

ROOT = Path(__file__).resolve().parent.parent
_WORD = re.compile(r"[^\W\d_]{2,}")
_NAMES = {"Kraftsamling", "SWEREF", "TM", "WGS", "nbsp"}  # names are names in every language
_SPOKEN_ATTRIBUTES = {"alt", "aria-label", "placeholder", "title", "aria-description"}
_SILENT_ELEMENTS = {"script", "style", "code", "kbd", "samp"}
_DATA_SCRIPTS = {"application/json", "application/ld+json"}
_UNTRANSLATED = re.compile(r"\{#\s*untranslated:\s*\S.*#\}")
_ATTRIBUTE_BLOCKS = ("class", "size")  # their content is a class name or a data value
_STANDS_FOR_A_VALUE = "0"


class _Reader(HTMLParser):
    """Walks the markup of one template and collects (line, what is wrong)."""

    def __init__(self, *, words_are_free: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self._words_are_free = words_are_free
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "style":
            self._say("a <style> element: put the rules in a stylesheet under static/css/")
        if tag == "script" and "src" not in values and values.get("type") not in _DATA_SCRIPTS:
            self._say("a script inside the page: put it in a module under static/js/")
        if self._is_silent(tag, values) or tag in self._silent:
            self._silent.append(tag)
        for name, value in attrs:
            self._check_attribute(tag, name, value or "")

    def _is_silent(self, tag: str, values: dict[str, str | None]) -> bool:
        """Code, and what is meant to be in the one language that its `lang` names."""
        language = values.get("lang") or ""
        is_whole_page = tag == "html" or _STANDS_FOR_A_VALUE in language
        return tag in _SILENT_ELEMENTS or bool(language and not is_whole_page)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()  # the last of those inside closes first

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._check_words(data, "text")

    def _check_attribute(self, tag: str, name: str, value: str) -> None:
        if name == "style":
            self._say(f"style= on <{tag}>: use a class")
        if name.startswith(("on", "hx-on")):
            self._say(f"{name}= on <{tag}>: listen in a module instead")
        if value.strip().lower().startswith("javascript:"):
            self._say(f"a javascript: address in {name}=")
        if name in _SPOKEN_ATTRIBUTES and not self._silent:
            self._check_words(value, f"{name}=")

    def _check_words(self, text: str, where: str) -> None:
        words = [word for word in _WORD.findall(text) if word not in _NAMES]
        if words and not self._words_are_free:
            shown = " ".join(text.split())[:60]
            self._say(f'{where} outside the catalogues: "{shown}" (use translate)')

    def _say(self, problem: str) -> None:
        self.found.append((self.getpos()[0], problem))


def markup_of(source: str) -> str:
    """The template's own HTML, line for line: tags gone, values and translations stood in for."""
    out, skipped_until = [], ""
    for token in Lexer(source).tokenize():
        text, skipped_until = _stand_in(token, skipped_until)
        newlines = token.contents.count("\n")
        out.append(text if token.token_type == TokenType.TEXT and text else text + "\n" * newlines)
    return "".join(out)


def _stand_in(token: Token, skipped_until: str) -> tuple[str, str]:
    words = token.contents.split()
    name = words[0] if words and token.token_type == TokenType.BLOCK else ""
    if skipped_until:
        return "", "" if name in skipped_until.split() else skipped_until
    if token.token_type == TokenType.TEXT:
        return token.contents, ""
    if token.token_type == TokenType.VAR or name in ("translate", "trans", "url", "static"):
        return _STANDS_FOR_A_VALUE, ""
    if name in ("blocktranslate", "blocktrans"):
        return _STANDS_FOR_A_VALUE, "endblocktranslate endblocktrans"
    if name == "block" and words[1].endswith(_ATTRIBUTE_BLOCKS):
        return "", "endblock"
    return "", "endcomment" if name == "comment" else ""


def problems_in(source: str) -> list[tuple[int, str]]:
    reader = _Reader(words_are_free=bool(_UNTRANSLATED.search(source)))
    reader.feed(markup_of(source))
    reader.close()
    return reader.found


def problems() -> Iterator[str]:
    for path in sorted((ROOT / "src").rglob("templates/**/*.html")):
        for line, problem in problems_in(path.read_text("utf-8")):
            yield f"{path.relative_to(ROOT)}:{line}: {problem}"


if __name__ == "__main__":
    found = list(problems())
    print("\n".join(found), end="\n" if found else "")
    sys.exit(1 if found else 0)
