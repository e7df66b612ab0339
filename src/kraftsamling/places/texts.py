"""Names as they are searched and sorted, the same on every database."""

import re
import unicodedata

from kraftsamling.kit.texts import Texts

# Letters that NFKD leaves whole, though everyone types the plain letter for them.
_WHOLE_LETTERS = str.maketrans(
    {"æ": "a", "ø": "o", "ß": "ss", "ð": "d", "þ": "th", "ł": "l", "đ": "d", "ı": "i"}
)
# After z, in this order, whatever the database's own collation thinks of å, ä and ö.
_SORTED_LAST = str.maketrans({"å": "zza", "ä": "zzb", "æ": "zzb", "ö": "zzc", "ø": "zzc"})
_NOT_WORDS = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Lower case, without accents, words joined by one space: 'Åby–Jursla' → 'aby jursla'.

    Letters of other scripts stay; so 'å' and 'a' are one here, and a reader who lacks the key
    finds the place all the same.
    """
    if text.isascii():
        return _NOT_WORDS.sub(" ", text.lower()).strip()
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_WHOLE_LETTERS))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _NOT_WORDS.sub(" ", bare).strip()


def search_text(name: Texts, address: str) -> str:
    """All that a place is found by: its names in every language and its address, folded."""
    parts = dict.fromkeys(fold(part) for part in (*name.by_language.values(), address))
    return " | ".join(part for part in parts if part)


def sort_key(name: str) -> str:
    """A key that sorts as a Swedish telephone book under any collation."""
    letters = unicodedata.normalize("NFC", name.casefold()).translate(_SORTED_LAST)
    return fold(letters)[:300]
