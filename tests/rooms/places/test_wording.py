"""What the words of a search may stand for."""

import pytest

from kraftsamling.places.kinds import PlaceKind
from kraftsamling.places.models import Area
from kraftsamling.places.queries.wording import meanings_of, words_of
from tests.factories import sv

AREAS = [
    Area(pk=1, code="est-hageby", name=sv("Hageby")),
    Area(pk=2, code="0581R001", name=sv("Nordöstra Hageby")),
    Area(pk=3, code="0581R002", name=sv("Djäknepark-Gustav Adolf")),
]


def kinds_of(word: str) -> set[str]:
    return set(meanings_of(word, areas=AREAS)[0].kinds)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("bibliotek biblioteket biblioteken BIBLIOTEK", "library"),
        ("museum museet museer museerna", "museum"),
        ("fritidsgård fritidsgarden fritidsgårdar ungdomsgård", "youth_centre"),
        ("skola skolan skolor skolorna grundskola", "school"),
        ("kyrka kyrkan moské moskén", "worship"),
        ("park parken parker parkerna", "park"),
        ("torg torget", "square"),
    ],
)
def test_a_kind_is_known_in_the_forms_in_which_people_speak_of_it(words, kind):
    for word in words.split():
        assert kinds_of(word) == {kind}, word


@pytest.mark.parametrize("word", ["parkering", "bokhandlare", "kronan", "museispårvägen", "i"])
def test_what_only_begins_alike_is_no_kind(word):
    assert kinds_of(word) == set()


def test_an_area_is_known_by_any_word_of_its_name_and_in_the_genitive():
    assert meanings_of("Hagebys", areas=AREAS)[0].areas == {1, 2}
    assert meanings_of("djaknepark", areas=AREAS)[0].areas == {3}
    assert meanings_of("adolf", areas=AREAS)[0].areas == {3}


def test_small_words_are_dropped_where_others_stand():
    assert words_of("en fritidsgård i Hageby") == ["fritidsgard", "hageby"]
    assert words_of("i") == ["i"]


def test_a_kind_is_known_by_its_name_in_the_readers_language():
    names = {PlaceKind.YOUTH_CENTRE.value: "مركز شباب"}
    assert meanings_of("شباب", areas=AREAS, kind_names=names)[0].kinds == {"youth_centre"}
