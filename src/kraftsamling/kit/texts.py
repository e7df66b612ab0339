"""A text in several languages, and which of them no person has read yet.

One JSON column holds all languages of a text: a city adds a language without a migration, and a
row brings its texts along without a join. See docs/adr/0004-texts-in-one-column.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kraftsamling.kit.languages import BY_CODE, SOURCE_LANGUAGE

FALLBACKS = (SOURCE_LANGUAGE, "en")
_DRAFTS = "drafts"


@dataclass(frozen=True)
class Translation:
    """A text as shown: which language it is in, and whether a person has reviewed it."""

    text: str
    language: str
    is_draft: bool

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Texts:
    """The same text in several languages; `drafts` are machine-made and not yet reviewed."""

    by_language: Mapping[str, str] = field(default_factory=dict)
    drafts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, sv: str = "", **others: str) -> "Texts":
        """Reviewed texts given as keywords: `Texts.of("Hej", en="Hello")`."""
        given = {"sv": sv, **others}
        unknown = set(given) - set(BY_CODE)
        if unknown:
            raise ValueError(f"unknown language: {', '.join(sorted(unknown))}")
        return cls({code: text for code, text in given.items() if text})

    def in_language(self, code: str) -> Translation:
        """The text in `code`, else in Swedish, English, or whatever there is; '' when empty."""
        for candidate in (code, *FALLBACKS, *self.by_language):
            text = self.by_language.get(candidate)
            if text:
                return Translation(text, candidate, candidate in self.drafts)
        return Translation("", code, False)

    def has(self, code: str) -> bool:
        return bool(self.by_language.get(code))

    def with_text(self, code: str, text: str, *, is_draft: bool = False) -> "Texts":
        """A copy with one language replaced; an empty text removes the language."""
        by_language = {**self.by_language, code: text}
        if not text:
            del by_language[code]
        drafts = self.drafts | {code} if is_draft and text else self.drafts - {code}
        return Texts(by_language, drafts)

    def to_json(self) -> dict[str, Any]:
        stored: dict[str, Any] = dict(self.by_language)
        if self.drafts:
            stored[_DRAFTS] = sorted(self.drafts)
        return stored

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> "Texts":
        """What was stored, in the order of our languages: PostgreSQL keeps an order of its own."""
        if not stored:
            return cls()
        drafts = stored.get(_DRAFTS, ())
        by_language = {code: stored[code] for code in BY_CODE if code in stored}
        if len(by_language) + (_DRAFTS in stored) < len(stored):
            others = sorted(code for code in stored if code not in BY_CODE and code != _DRAFTS)
            by_language |= {code: stored[code] for code in others}
        return cls(by_language, frozenset(drafts))

    def __bool__(self) -> bool:
        return any(self.by_language.values())

    def __str__(self) -> str:
        return self.in_language(SOURCE_LANGUAGE).text
