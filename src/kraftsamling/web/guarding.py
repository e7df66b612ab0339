"""What the guard against personal data says, fit for the field it stands under.

The detector's advice is written for a report from the field, where the writer has an account and
something happened. Under the description of a place the same finding asks for another remedy.
"""

from collections.abc import Mapping
from typing import Literal

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from kraftsamling.kit.texts import Texts
from kraftsamling.privacy import words
from kraftsamling.privacy.refusing import personal_data_in

About = Literal["report", "place", "organisation"]

_NUMBER = {
    "place": _("Ta bort numret. Texten ska handla om platsen."),
    "organisation": _("Ta bort numret. Texten ska handla om organisationen."),
}
_NAME = _(
    "Det här ser ut som namnet på en person. Texten syns för alla: skriv funktionen i stället, "
    "till exempel ”föreståndaren”."
)
_SAVED = {
    ("guard", "blocked"): _("Ta bort personuppgifterna innan du sparar:"),
    ("guard", "refused"): _(
        "Inget är sparat. Ta bort det som är märkt ”måste bort” och spara igen."
    ),
}
_OWN_WORDS: Mapping[str, Mapping[tuple[str, str], str]] = {
    "place": {
        ("personnummer", "block"): _NUMBER["place"],
        ("samordningsnummer", "block"): _NUMBER["place"],
        ("phone", "block"): _(
            "Ta bort telefonnumret. Nummer till en växel eller funktion står på sidan om den "
            "ansvariga organisationen."
        ),
        ("email", "block"): _(
            "Ta bort e-postadressen. Adress till en funktion står på sidan om den ansvariga "
            "organisationen."
        ),
        ("plate", "block"): _("Ta bort registreringsnumret. Texten ska handla om platsen."),
        ("full_name", "warn"): _NAME,
        ("first_name", "warn"): _NAME,
        ("last_name", "warn"): _NAME,
        ("dwelling", "warn"): _("Det här pekar ut en bostad. Skriv gata och nummer, inget mer."),
        ("description", "hint"): _("Det här beskriver en person. Beskriv platsen i stället."),
        **_SAVED,
    },
    "organisation": {
        ("personnummer", "block"): _NUMBER["organisation"],
        ("samordningsnummer", "block"): _NUMBER["organisation"],
        ("phone", "block"): _(
            "Ta bort telefonnumret här. Numret till en växel eller funktion skrivs i fältet för "
            "telefon."
        ),
        ("email", "block"): _(
            "Ta bort e-postadressen här. Adressen till en funktion skrivs i fältet för e-post."
        ),
        ("plate", "block"): _("Ta bort registreringsnumret. Texten ska handla om organisationen."),
        ("full_name", "warn"): _NAME,
        ("first_name", "warn"): _NAME,
        ("last_name", "warn"): _NAME,
        ("dwelling", "warn"): _("Det här pekar ut en bostad. Skriv en besöksadress i stället."),
        ("description", "hint"): _("Det här beskriver en person. Beskriv verksamheten i stället."),
        **_SAVED,
    },
}


def guard_words(about: About = "report") -> dict[str, str]:
    """The guard's Swedish words → what it says under this field, in the reader's language.

    Empty where they are the same.
    """
    own = _own_words(about)
    swedish = {*words.KINDS.values(), *words.ADVICE.values(), *words.GUARD.values()}
    said = {text: gettext(own.get(text, text)) for text in sorted(swedish)}
    return {text: word for text, word in said.items() if word != text}


def refusals(text: str | Texts, *, about: About = "report") -> list[str]:
    """Why a text is refused, as `personal_data_in` says it, with advice that fits the field."""
    return [in_own_words(sentence, about=about) for sentence in personal_data_in(text)]


def in_own_words(sentence: str, *, about: About) -> str:
    """A finding's sentence, with the advice that fits the field; other sentences as they are."""
    own = {gettext(usual): gettext(better) for usual, better in _own_words(about).items()}
    for usual, better in own.items():
        if sentence.endswith(usual):
            return sentence.removesuffix(usual) + better
    return sentence


def _own_words(about: About) -> dict[str, str]:
    """The detector's Swedish words that this kind of field says otherwise."""
    better = _OWN_WORDS.get(about, {})
    usual = {**words.ADVICE, **{("guard", name): text for name, text in words.GUARD.items()}}
    return {usual[key]: text for key, text in better.items() if key in usual}
