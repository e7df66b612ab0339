"""Bytes to text, without guessing where guessing would break å, ä and ö."""

import codecs
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kraftsamling.kit.tabular.problems import Problem, unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# UTF-8 read as Windows-1252 and saved again: å → Ã¥, ä → Ã¤, ö → Ã¶, é → Ã©; – → â€“
_TWICE_ENCODED = re.compile("Ã[¥¤¶©…„–\u0085\u0084\u0096]|â€[“”™œ]")
# The DOS code pages have å, ä, ö where Windows-1252 has these signs, in the middle of a word.
_DOS_LETTERS = re.compile(r"[^\W\d_][†„”\u0084\u0086\u0094][^\W\d_]")


@dataclass(frozen=True)
class Decoded:
    """A file's text and the name of the encoding it was read in."""

    text: str
    encoding: str


def decode(data: bytes) -> Decoded:
    """Read UTF-8, UTF-16, UTF-32 or Windows-1252. Raises UnreadableFile for what is no text."""
    decoded = _decode_any(data)
    if "\x00" in decoded.text:
        raise unreadable(
            "not_text",
            _("Filen är inte en textfil."),
            _("Spara tabellen som Excel (.xlsx) eller CSV och välj den filen."),
        )
    return decoded


def _decode_any(data: bytes) -> Decoded:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_strictly(data, encoding)
    if encoding := _utf16_without_mark(data):
        return _decode_strictly(data, encoding)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _decode_strictly(data, "cp1252")


def _decode_strictly(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        raise unreadable(
            "wrong_encoding",
            _("Filens tecken går inte att läsa (teckenkodning)."),
            _("Öppna filen i kalkylprogrammet och spara den som ”CSV UTF-8” eller Excel (.xlsx)."),
            row=data.count(b"\n", 0, error.start) + 1,
        ) from error


def _utf16_without_mark(data: bytes) -> str:
    head = data[:2000]
    half = len(head) // 2
    if half < 4 or len(data) % 2:
        return ""
    if head[1::2].count(0) > half * 0.6 and 0 not in head[0::2]:
        return "utf-16-le"
    if head[0::2].count(0) > half * 0.6 and 0 not in head[1::2]:
        return "utf-16-be"
    return ""


def broken_characters(text: str, *, row: int, column: str) -> Problem | None:
    """A problem when the text shows that its letters were broken before it came here."""
    # Most cells are plain ASCII: this answers for them at once.
    if text.isascii():
        return None
    is_broken = (
        "\ufffd" in text
        or _TWICE_ENCODED.search(text) is not None
        or _DOS_LETTERS.search(text) is not None
    )
    if not is_broken:
        return None
    return Problem(
        "broken_characters",
        _("Bokstäverna har gått sönder, ofta å, ä eller ö."),
        _("Öppna originalet och spara det på nytt som ”CSV UTF-8” eller Excel (.xlsx)."),
        row=row,
        column=column,
        value=text,
    )
