"""Words of a file as our own codes, in Swedish and English."""

from functools import cache

from django.utils.translation import override

from kraftsamling.kit.languages import SOURCE_LANGUAGE
from kraftsamling.places.kinds import AreaKind, CoordinateQuality, PlaceKind
from kraftsamling.places.texts import fold

_PLACE_WORDS = {
    PlaceKind.LIBRARY: ("bibliotek", "library", "filialbibliotek"),
    PlaceKind.MUSEUM: ("museum", "museer", "konsthall"),
    PlaceKind.THEATRE: ("teater", "scen", "theatre", "theater", "konserthus", "kulturhus"),
    PlaceKind.YOUTH_CENTRE: ("fritidsgård", "ungdomsgård", "fritidsgårdar", "youth centre"),
    PlaceKind.MEETING_PLACE: ("mötesplats", "träffpunkt", "meeting place", "medborgarkontor"),
    PlaceKind.LEARNING_CENTRE: ("lärcentrum", "vuxenutbildning", "learning centre"),
    PlaceKind.ASSOCIATION_HOUSE: ("föreningslokal", "föreningshus", "bygdegård", "folkets hus"),
    PlaceKind.SCHOOL: ("skola", "grundskola", "gymnasium", "förskola", "school"),
    PlaceKind.SPORTS: ("idrott", "idrottsplats", "idrottshall", "sporthall", "simhall", "sport"),
    PlaceKind.WORSHIP: ("kyrka", "moské", "gudstjänstlokal", "church", "mosque", "worship"),
    PlaceKind.POLICE: ("polis", "polisstation", "police"),
    PlaceKind.FIRE_STATION: ("brandstation", "räddningstjänst", "fire station"),
    PlaceKind.HOSPITAL: ("sjukhus", "vårdcentral", "hospital"),
    PlaceKind.SHOPPING: ("handel", "köpcentrum", "centrum", "galleria", "shopping"),
    PlaceKind.TRANSPORT: ("resecentrum", "station", "hållplats", "knutpunkt", "transport"),
    PlaceKind.PARK: ("park", "lekplats", "grönområde"),
    PlaceKind.SQUARE: ("torg", "square"),
    PlaceKind.SCIENCE: ("vetenskap", "innovation", "science", "science park"),
    PlaceKind.TOWN_HALL: ("kommunhus", "rådhus", "myndighet", "stadshus", "town hall"),
    PlaceKind.OTHER: ("annan", "annat", "övrigt", "other"),
}
_QUALITY_WORDS = {
    CoordinateQuality.SURVEYED: ("inmätt", "mätt", "gps", "survey"),
    CoordinateQuality.MAPPED: ("karta", "kartan", "osm", "geonames", "wikipedia", "map"),
    CoordinateQuality.ESTIMATED: ("uppskattat", "estimate", "ungefärlig", "approximate"),
    CoordinateQuality.UNKNOWN: ("okänt", "okänd", "vet ej"),
}
_YES = frozenset({"ja", "yes", "j", "y", "1", "true", "sant", "x"})
_NO = frozenset({"nej", "no", "n", "0", "false", "falskt"})
_UNKNOWN = frozenset({"", "okänt", "okand", "okant", "unknown", "vet ej", "none", "null"})


@cache
def _kind_words() -> dict[str, str]:
    words: dict[str, str] = {}
    with override(SOURCE_LANGUAGE):
        for kind in PlaceKind:
            for word in (kind.value, str(kind.label), *_PLACE_WORDS[kind]):
                words.setdefault(fold(word), kind.value)
    return words


def place_kind(text: str) -> str:
    """The kind that a word means. Raises ValueError holding the words that would do."""
    found = _kind_words().get(fold(text))
    if found is None:
        raise ValueError(", ".join(str(kind.label) for kind in PlaceKind))
    return found


def quality(text: str) -> str:
    """How coordinates are known; empty means that nobody said. Raises ValueError."""
    if not text:
        return CoordinateQuality.UNKNOWN.value
    wanted = fold(text)
    with override(SOURCE_LANGUAGE):
        for known in CoordinateQuality:
            words = (known.value, str(known.label), *_QUALITY_WORDS[known])
            if wanted in {fold(word) for word in words}:
                return str(known.value)
    raise ValueError(f"unknown quality: {text!r}")


def accessibility_fact(text: str) -> bool | None:
    """Yes, no, or None for unknown. Raises ValueError for another word."""
    word = fold(text)
    if word in _YES:
        return True
    if word in _NO:
        return False
    if word in _UNKNOWN:
        return None
    raise ValueError(f"neither yes nor no: {text!r}")


def area_kind(text: str) -> str:
    """The kind of area that a word means. Raises ValueError holding the words that would do."""
    wanted = fold(text)
    also = {"est": AreaKind.EST, "est omrade": AreaKind.EST, "kommun": AreaKind.MUNICIPALITY}
    with override(SOURCE_LANGUAGE):
        for kind in AreaKind:
            if wanted in (kind.value, fold(str(kind.label))) or also.get(wanted) == kind:
                return str(kind.value)
    raise ValueError(", ".join(str(kind.label) for kind in AreaKind))
