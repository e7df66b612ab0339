"""Which column of a stranger's file means which of our fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from kraftsamling.kit.languages import LANGUAGES, SOURCE_LANGUAGE
from kraftsamling.kit.tabular.problems import Problem
from kraftsamling.places.texts import fold

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Field:
    """One field that a file can fill: how we call it, and what others call it."""

    name: str
    label: "StrOrPromise"
    synonyms: tuple[str, ...] = ()
    is_required: bool = False
    language: str = ""

    @property
    def is_translation(self) -> bool:
        """Whether the field holds a text in another language than the first."""
        return self.language not in ("", SOURCE_LANGUAGE)


def guess_mapping(header: Sequence[str], fields: Sequence[Field]) -> dict[str, str]:
    """The mapping that the headers suggest: each column to one field at most, surest first."""
    folded = {fold(column).replace(" ", ""): column for column in reversed(header)}
    mapping: dict[str, str] = {}
    for field in fields:
        for name in (field.name, *field.synonyms):
            column = folded.pop(fold(name).replace(" ", ""), None)
            if column is not None:
                mapping[field.name] = column
                break
    return mapping


def known_mapping(
    chosen: Mapping[str, str], header: Sequence[str], fields: Sequence[Field]
) -> dict[str, str]:
    """Of what someone chose, only what names our fields and the file's columns."""
    names = {field.name for field in fields}
    return {name: col for name, col in chosen.items() if name in names and col in header}


def missing_columns(
    mapping: Mapping[str, str], fields: Sequence[Field], header: Sequence[str]
) -> list[Problem]:
    """A problem for each required field that no column fills."""
    return [
        Problem(
            "missing_column",
            _("Filen saknar en kolumn för ”%(field)s”.") % {"field": field.label},
            _("Välj vilken kolumn det är. Filen har: %(columns)s.")
            % {"columns": ", ".join(header[:20])},
            column=str(field.label),
        )
        for field in fields
        if field.is_required and field.name not in mapping
    ]


def localised(
    name: str, label: "StrOrPromise", synonyms: tuple[str, ...], **rest: bool
) -> list[Field]:
    """A field per language; the first language also answers to the bare names."""
    found = []
    for number, language in enumerate(LANGUAGES):
        code = language.code
        also = [f"{synonym} {code}" for synonym in (name, *synonyms)]
        also += [f"{synonym} {language.autonym}" for synonym in (name, *synonyms)]
        bare = [name, *synonyms] if number == 0 else []
        required = rest.get("is_required", False) and number == 0
        found.append(
            Field(
                f"{name}_{code}",
                format_lazy("{} ({})", label, language.autonym),
                (*also, *bare),
                required,
                language=code,
            )
        )
    return found
