"""The Swedish words of the detector, for server and browser alike.

They are message ids: whoever shows one on a page passes it through gettext.
"""

from typing import Final


def _(text: str) -> str:
    """Mark a text for the catalogues; the engine itself knows no translation."""
    return text


KINDS: Final = {
    "personnummer": _("personnummer"),
    "samordningsnummer": _("samordningsnummer"),
    "phone": _("telefonnummer"),
    "email": _("e-postadress"),
    "plate": _("registreringsnummer"),
    "full_name": _("namn på person"),
    "first_name": _("förnamn"),
    "last_name": _("efternamn"),
    "partial": _("del av nummer"),
    "dwelling": _("bostadsadress"),
    "description": _("beskrivning av person"),
}

REMOVED: Final = {
    "personnummer": _("[personnummer borttaget]"),
    "samordningsnummer": _("[samordningsnummer borttaget]"),
    "phone": _("[telefonnummer borttaget]"),
    "email": _("[e-postadress borttagen]"),
    "plate": _("[registreringsnummer borttaget]"),
    "full_name": _("[namn borttaget]"),
    "first_name": _("[namn borttaget]"),
    "last_name": _("[namn borttaget]"),
    "partial": _("[del av nummer borttagen]"),
    "dwelling": _("[bostadsadress borttagen]"),
    "description": _("[beskrivning borttagen]"),
}

_NAME = _("Det här ser ut som ett namn. Skriv vilken roll personen har, till exempel ”en elev”.")
_NUMBER = _("Det här kan vara ett personnummer. Är det det, ta bort det.")

# (kind, level) → what to do about it
ADVICE: Final = {
    ("personnummer", "block"): _("Ta bort personnumret. Beskriv platsen och händelsen i stället."),
    ("personnummer", "warn"): _NUMBER,
    ("samordningsnummer", "block"): _(
        "Ta bort samordningsnumret. Beskriv platsen och händelsen i stället."
    ),
    ("samordningsnummer", "warn"): _NUMBER,
    ("phone", "block"): _("Ta bort telefonnumret. Vi når dig genom ditt konto."),
    ("phone", "warn"): _("Det här kan vara ett telefonnummer. Är det det, ta bort det."),
    ("email", "block"): _("Ta bort e-postadressen. Vi når dig genom ditt konto."),
    ("email", "warn"): _("Det här ser ut som en e-postadress. Är det det, ta bort den."),
    ("plate", "block"): _(
        "Ta bort registreringsnumret. Skriv fordonets typ och färg om det behövs."
    ),
    ("plate", "warn"): _("Det här kan vara ett registreringsnummer. Är det det, ta bort det."),
    ("partial", "hint"): _(
        "Det här kan vara en del av ett telefonnummer eller registreringsnummer. "
        "Är det det, ta bort det."
    ),
    ("full_name", "warn"): _NAME,
    ("first_name", "warn"): _NAME,
    ("last_name", "warn"): _NAME,
    ("dwelling", "warn"): _(
        "Det här pekar ut en bostad. Skriv gatan, kvarteret eller trapphuset i stället."
    ),
    ("description", "hint"): _(
        "Det här beskriver en person. Beskriv vad som hände och var, inte hur någon ser ut."
    ),
}

# What the browser's guard says around a field (guard.mjs).
GUARD: Final = {
    "blocked": _("Ta bort personuppgifterna innan du skickar:"),
    "doubtful": _("Titta en gång till. Det här kan vara personuppgifter:"),
    "refused": _("Texten är inte skickad. Ta bort det som är märkt ”måste bort” och skicka igen."),
    "must_go": _("måste bort"),
    "show": _("Visa i texten"),
}
