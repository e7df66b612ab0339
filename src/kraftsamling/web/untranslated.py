"""Interface texts that have no translation yet stand in Swedish, and the page says so.

A screen reader would read them with the wrong voice, and in Arabic their full stops would jump to
the wrong end. Tags that write such a text put it between two signs (see templatetags/i18n.py);
texts that come from code are known by their words. Before the page leaves, each gets its `lang`
and `dir`. Attributes cannot carry a language of their own: there the signs are taken away.
"""

import html
import re
from functools import cache
from typing import Any

from django.http import HttpResponse
from django.utils.text import capfirst
from django.utils.translation import get_language, trans_real

from kraftsamling.kit.languages import SOURCE_LANGUAGE, direction_of

# Private-use characters: nobody types them, and no font draws them.
BEGINS, ENDS = "\ue000", "\ue001"
_IN_SOURCE = f'lang="{SOURCE_LANGUAGE}" dir="{direction_of(SOURCE_LANGUAGE)}"'
_SIGNS = re.compile(f"[{BEGINS}{ENDS}]")
_PIECES = re.compile(
    r"<!--.*?-->"
    r"|<(?P<raw>script|style|title|textarea)\b.*?</(?P=raw)\s*>"
    r"|(?P<option><option\b)(?P<more>[^>]*>)(?P<choice>[^<]*)"
    r"""|<(?:[^<>"']|"[^"]*"|'[^']*')*>"""
    r"|(?P<text>[^<]+)",
    re.DOTALL | re.IGNORECASE,
)


def is_untranslated(text: str, *, context: str = "", plural: str = "") -> bool:
    """Whether a text of the interface has no words in the language of this page."""
    language = get_language() or SOURCE_LANGUAGE
    if language == SOURCE_LANGUAGE:
        return False
    key = f"{context}{trans_real.CONTEXT_SEPARATOR}{text}" if context else text
    catalog = _catalog(language)
    # A compiled catalogue fills the forms that lack words with the text itself.
    return catalog.get((key, 0)) in (None, text, plural) if plural else not catalog.get(key)


def between_signs(text: str) -> str:
    return f"{BEGINS}{text}{ENDS}"


def mark_untranslated(response: HttpResponse) -> None:
    """Give every text of an HTML page that has no translation its own language and direction."""
    language = get_language() or SOURCE_LANGUAGE
    is_page = response.get("Content-Type", "").startswith("text/html")
    if language == SOURCE_LANGUAGE or response.streaming or not is_page:
        return
    known = _swedish_without(language)
    before = response.content.decode(response.charset)
    if known or BEGINS in before:
        response.content = marked(before, known)
        if response.has_header("Content-Length"):
            response["Content-Length"] = str(len(response.content))


def marked(page: str, known: frozenset[str] = frozenset()) -> str:
    """The page with its signs, and the texts that are in `known`, turned into markup."""

    def piece(found: re.Match[str]) -> str:
        if found["option"]:
            return _option(found, known)
        if found["text"] is None:
            return _SIGNS.sub("", found[0])
        text = found["text"]
        if not _SIGNS.search(text) and _words(text) in known:
            inner = text.strip()
            text = text.replace(inner, between_signs(inner))
        return text.replace(BEGINS, f"<span {_IN_SOURCE}>").replace(ENDS, "</span>")

    return _PIECES.sub(piece, page)


def _option(found: re.Match[str], known: frozenset[str]) -> str:
    """A choice in a list holds no markup: it carries the language itself."""
    more, choice = _SIGNS.sub("", found["more"]), found["choice"]
    is_source = BEGINS in choice or _words(choice) in known
    attributes = f" {_IN_SOURCE}" if is_source and "lang=" not in more else ""
    return f"{found['option']}{attributes}{more}{_SIGNS.sub('', choice)}"


def _words(text: str) -> str:
    return html.unescape(text).strip()


def _catalog(language: str) -> Any:
    return trans_real.translation(language)._catalog  # type: ignore[attr-defined]


@cache
def _swedish_without(language: str) -> frozenset[str]:
    """The Swedish words of every text that a language lacks, as a label may begin with them."""
    there = _catalog(language)
    words = {
        value
        for key, value in _catalog(SOURCE_LANGUAGE).items()
        if key and isinstance(key, str) and value and not there.get(key)
    }
    return frozenset(words | {capfirst(each) for each in words})
