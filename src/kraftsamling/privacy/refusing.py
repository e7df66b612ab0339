"""Public texts never hold personal data: what an act refuses before it writes.

Only what is certain is refused. What may be a name is advised against while it is written, and
decided by the one who writes: a street may well be called after a person.
"""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kraftsamling.kit.texts import Texts
from kraftsamling.privacy import words
from kraftsamling.privacy.detector import blocking

_LONGEST_QUOTE = 40


def personal_data_in(text: str | Texts) -> list[str]:
    """Why a public text is refused, a sentence for each finding; empty when it may be stored.

    Each says what was found, in quotes, and what to do, in the reader's language.
    """
    parts: Iterable[str] = text.by_language.values() if isinstance(text, Texts) else (text,)
    sentences = [
        _("”%(quote)s”: %(kind)s. %(advice)s")
        % {
            "quote": part[finding.start : finding.end][:_LONGEST_QUOTE],
            "kind": _(words.KINDS[finding.kind]),
            "advice": _(finding.advice),
        }
        for part in parts
        for finding in blocking(part)
    ]
    return list(dict.fromkeys(sentences))


def refuse_personal_data(texts: Mapping[str, str | Texts]) -> None:
    """Raise ValidationError, by field, where public texts hold personal data for certain."""
    problems = {name: found for name, text in texts.items() if (found := personal_data_in(text))}
    if problems:
        raise ValidationError(problems)
