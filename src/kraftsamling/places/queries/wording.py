"""What a searcher's words may stand for besides a name: a kind of place, an area, being open.

'Fritidsgård i Hageby' names no place, and yet everyone knows what is meant. Each word may be a part
of a name or one of these, so that the order of the words does not matter and no name is lost.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from kraftsamling.places.kinds import PlaceKind
from kraftsamling.places.models import Area
from kraftsamling.places.texts import fold

MOST_WORDS = 6
_SHORTEST = 3

# Stems of how kinds are spoken of in Swedish, folded; each may carry one of the endings below.
_STEMS: Mapping[PlaceKind, tuple[str, ...]] = {
    PlaceKind.LIBRARY: ("bibliotek",),
    PlaceKind.MUSEUM: ("muse",),
    PlaceKind.THEATRE: ("teat", "teater", "scen"),
    PlaceKind.YOUTH_CENTRE: ("fritidsgard", "ungdomsgard"),
    PlaceKind.MEETING_PLACE: ("motesplats", "traffpunkt"),
    PlaceKind.LEARNING_CENTRE: ("larcentr",),
    PlaceKind.ASSOCIATION_HOUSE: ("foreningslokal",),
    PlaceKind.SCHOOL: ("skol", "grundskol", "gymnasie", "gymnasi"),
    PlaceKind.SPORTS: ("idrott", "idrottshall", "idrottsplats", "sporthall", "simhall"),
    PlaceKind.WORSHIP: ("kyrk", "moske", "synagog", "gudstjanstlokal"),
    PlaceKind.POLICE: ("polis", "polisstation"),
    PlaceKind.FIRE_STATION: ("brandstation",),
    PlaceKind.HOSPITAL: ("sjukhus", "vardcentral"),
    PlaceKind.SHOPPING: ("kopcentr", "handel"),
    PlaceKind.TRANSPORT: ("resecentr", "jarnvagsstation", "knutpunkt"),
    PlaceKind.PARK: ("park",),
    PlaceKind.SQUARE: ("torg",),
    PlaceKind.SCIENCE: ("vetenskap", "innovation"),
    PlaceKind.TOWN_HALL: ("kommunhus", "radhus", "myndighet"),
}
_ENDINGS = frozenset(
    {"", "a", "an", "ar", "arna", "e", "en", "er", "erna", "et", "n", "na", "or", "orna", "rn",
     "rar", "ret", "rum", "rumet", "s", "t", "um"}
)  # fmt: skip
_OPEN = frozenset({"oppet", "oppen", "oppna", "open"})
_STEP_FREE = frozenset({"stegfri", "stegfritt", "rullstol"})
# Words for less than the kind they belong to: who asks for one may find none of just that.
_NARROWER = ("simhall", "idrottshall", "idrottsplats", "sporthall", "moske", "synagog",
             "vardcentral", "radhus", "gymnasi", "grundskol")  # fmt: skip
# Below this a word with one wrong letter is as likely to be another word.
_SHORTEST_MISSPELT = 5
_FILLERS = frozenset(
    {"i", "pa", "vid", "nara", "och", "en", "ett", "for", "in", "at", "near", "the", "and", "a"}
)


@dataclass(frozen=True)
class Meaning:
    """One word, and what it may stand for: kinds of places, areas by id, open, step-free."""

    word: str
    kinds: frozenset[str] = frozenset()
    areas: frozenset[int] = frozenset()
    is_open: bool = False
    is_step_free: bool = False

    @property
    def narrower(self) -> str:
        """The stem of a word that means less than its kind: 'simhall' of 'simhallen'; else ''."""
        return next((stem for stem in _NARROWER if self.word.startswith(stem)), "")

    @property
    def is_plain(self) -> bool:
        """Whether the word can only be a part of a name."""
        return not (self.kinds or self.areas or self.is_open or self.is_step_free)


def words_of(text: str) -> list[str]:
    """The words to look for, folded; small words between them are dropped where others stand."""
    words = fold(text).split()
    return ([word for word in words if word not in _FILLERS] or words)[:MOST_WORDS]


def meanings_of(
    text: str,
    *,
    areas: Iterable[Area],
    kind_names: Mapping[str, str] | None = None,
    forgiving: bool = False,
) -> tuple[Meaning, ...]:
    """What each word of a search may mean. `kind_names` are the kinds in the reader's language.

    A `forgiving` reading takes a word with a typing error for the area or kind that is nearest:
    for a search that has found nothing as it stands.
    """
    named: dict[str, set[int]] = {}
    for area in areas:
        for name in area.name.by_language.values():
            for word in fold(name).split():
                named.setdefault(word, set()).add(area.pk)
    labels: dict[str, set[str]] = {}
    for kind, label in (kind_names or {}).items():
        for word in words_of(label):
            labels.setdefault(word, set()).add(kind)
    meanings = tuple(_meaning(word, named, labels) for word in words_of(text))
    if not forgiving:
        return meanings
    known = {*named, *labels, *(stem for stems in _STEMS.values() for stem in stems)}
    return tuple(
        replace(_meaning(_nearest(each.word, known), named, labels), word=each.word)
        if each.is_plain
        else each
        for each in meanings
    )


def _nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is at most a slip away (two in a long word), or the word itself."""
    if len(word) < _SHORTEST_MISSPELT:
        return word
    slips = 1 if len(word) < 2 * _SHORTEST_MISSPELT else 2
    likest = min((OSA.distance(word, each, score_cutoff=slips), each) for each in known)
    return likest[1] if likest[0] <= slips else word


def _meaning(word: str, named: Mapping[str, set[int]], labels: Mapping[str, set[str]]) -> Meaning:
    if len(word) < _SHORTEST:
        return Meaning(word)
    return Meaning(
        word,
        kinds=frozenset(labels.get(word, ())) | _kinds_called(word),
        areas=frozenset(named.get(word) or named.get(word.removesuffix("s")) or ()),
        is_open=word in _OPEN,
        is_step_free=word in _STEP_FREE,
    )


def _kinds_called(word: str) -> frozenset[str]:
    return frozenset(
        kind.value
        for kind, stems in _STEMS.items()
        if any(word.startswith(stem) and word[len(stem) :] in _ENDINGS for stem in stems)
    )
