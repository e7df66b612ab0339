"""Public texts never hold personal data: what an act refuses before it writes.

Only what is certain is refused. What may be a name is decided by the one who writes, as a street
may well be called after a person: the act asks once, and writes what was confirmed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kraftsamling.kit.texts import Texts
from kraftsamling.privacy import words
from kraftsamling.privacy.detector import Context, Finding, blocking, find

_LONGEST_QUOTE = 40


@dataclass(frozen=True)
class Suspicion:
    """What may be personal data: the words themselves, and a sentence with what to do."""

    quote: str
    why: str


def personal_data_in(text: str | Texts) -> list[str]:
    """Why a public text is refused, a sentence for each finding; empty when it may be stored.

    Each says what was found, in quotes, and what to do, in the reader's language.
    """
    sentences = [_sentence(part, finding) for part in _parts_of(text) for finding in blocking(part)]
    return list(dict.fromkeys(sentences))


def suspicions_in(
    text: str | Texts, *, context: Callable[[], Context] = Context
) -> list[Suspicion]:
    """What may be personal data and may as well not be, each quote once.

    `context` tells the names that are no persons; it is asked only where something was found, as
    most texts hold nothing and the names of a city are many.
    """
    found = {
        (quote := part[finding.start : finding.end]): Suspicion(quote, _sentence(part, finding))
        for part in _parts_of(text)
        if any(finding.level != "block" for finding in find(part))
        for finding in find(part, context=context())
        if finding.level != "block"
    }
    return list(found.values())


def _parts_of(text: str | Texts) -> Iterable[str]:
    return text.by_language.values() if isinstance(text, Texts) else (text,)


def _sentence(part: str, finding: Finding) -> str:
    return _("”%(quote)s”: %(kind)s. %(advice)s") % {
        "quote": part[finding.start : finding.end][:_LONGEST_QUOTE],
        "kind": _(words.KINDS[finding.kind]),
        "advice": _(finding.advice),
    }


def refuse_personal_data(texts: Mapping[str, str | Texts]) -> None:
    """Raise ValidationError, by field, where public texts hold personal data for certain."""
    problems = {name: found for name, text in texts.items() if (found := personal_data_in(text))}
    if problems:
        raise ValidationError(problems)
