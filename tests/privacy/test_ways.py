"""However an identifier is grouped, it is found; however another number is written, it is not."""

import random
from collections.abc import Callable

import pytest

from kraftsamling.privacy.detector import find

from . import ways
from .scoring import CLASSES, IDENTIFIERS, Sentence

ALL_KINDS = frozenset().union(*(CLASSES[name] for name in IDENTIFIERS))
AMOUNT = 400


def drawn(write: Callable[[random.Random], Sentence]) -> list[Sentence]:
    rng = random.Random(11)
    return [write(rng) for _ in range(AMOUNT)]


def is_found(sentence: Sentence) -> bool:
    """Whether one finding covers the identifier, whichever it is taken for: 060 is an area code and
    may be a date of birth as well.
    """
    (label,) = sentence.labels
    return any(
        finding.kind in ALL_KINDS and finding.start <= label.start and label.end <= finding.end
        for finding in find(sentence.text)
    )


@pytest.mark.parametrize(
    "write",
    [
        ways.plate_in_any_form,
        ways.plate_of_a_word,
        ways.plate_after_its_cue,
        ways.phone_in_any_groups,
    ],
)
def test_a_whole_plate_or_phone_number_is_found_in_any_grouping(write):
    missed = [sentence.text for sentence in drawn(write) if not is_found(sentence)]
    assert len(missed) <= AMOUNT // 200, missed


def test_a_whole_personnummer_is_found_in_any_grouping():
    missed = [s.text for s in drawn(ways.personnummer_in_any_groups) if not is_found(s)]
    assert len(missed) <= AMOUNT // 50, missed


def test_the_number_of_something_else_is_left_alone():
    imagined = [
        sentence.text
        for sentence in drawn(ways.number_of_something_else)
        if any(finding.kind in ALL_KINDS for finding in find(sentence.text))
    ]
    assert imagined == []


@pytest.mark.parametrize(
    "text",
    [
        "svart BMW 320 utan skyltar",
        "en KTM 125 vrålar varje natt",
        "borrhammare DHR242 borta från bygget",
        "projektorn EPS 980 ger rosa bild",
        "taggen KSB 011 sprejad på bron",
        "LED 150 watt borde räcka",
        "vi ringde SOS 112 när bilen brann",
        "skyltat MAX 120 KM på motorvägen",
        "sal 204 och 206 utan lås",
        "Mätarställning 0317 4402 i undercentralen",
        "öppet 08-17, lör 10-14",
        "ärende 260811-0042 och 260814-0107 gäller hissen",
    ],
)
def test_models_measures_and_cases_are_no_identifiers(text):
    assert [finding for finding in find(text) if finding.kind in ALL_KINDS] == []


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("vit Skoda DAG 365 stod snett, samma förare", "DAG 365"),
        ("WER 55T, LOK 902 o JMS 041 står alltid där", "LOK 902"),
        ("reg nr: K U F 1 3 6", "K U F 1 3 6"),
        ("snabbt antecknat: m n p 4 0 2", "m n p 4 0 2"),
        ("Kalle Ludvig Martin 45 Harald läste vakten upp", "Kalle Ludvig Martin 45 Harald"),
        ("Rudolf Petter Sigurd ett två tre", "Rudolf Petter Sigurd ett två tre"),
        ("plåten KUF→136", "KUF→136"),
        ("HEJ12O på skylten", "HEJ12O"),
    ],
)
def test_a_plate_is_found_spelt_misread_or_made_of_a_word(text, quoted):
    assert quoted in [text[f.start : f.end] for f in find(text) if f.kind == "plate"]


@pytest.mark.parametrize(
    "text",
    [
        "noll sju noll ett sju fyra noll sex noll fem",
        "noll trettioett trettionio noll noll sex tjugotvå",
        "070 ett sju fyra noll sex noll fem",
        "O7O-174 O6 O5",
        "0 31 39 00 633",
    ],
)
def test_a_phone_number_is_found_in_words_and_with_letters_for_digits(text):
    assert [(f.kind, text[f.start : f.end]) for f in find(text)] == [("phone", text)]


@pytest.mark.parametrize(
    "text", ["84O3O9-2383", "l9840309-2383", "840309 streck 2383", "840309, sista fyra 2383"]
)
def test_a_personnummer_is_found_misspelt_and_with_words_inside(text):
    assert [(f.kind, text[f.start : f.end]) for f in find(text)] == [("personnummer", text)]


@pytest.mark.parametrize(
    "text",
    [
        "såg bara RPS 9, resten var lera",
        "Ser ut som ZUG 3?9 men skymt av snö",
        "skylten började på GT",
        "070-17 nånting skrev hon",
        "numret slutade på 605",
        "070-174 xx xx stod det",
    ],
)
def test_a_part_of_a_number_is_a_hint_and_no_identifier(text):
    assert [(f.kind, f.level) for f in find(text)] == [("partial", "hint")]


@pytest.mark.parametrize(
    "text",
    [
        "gubbe i kilt skrek åt bussen",
        "tant med lila hatt blev rånad",
        "två killar, en i orange väst och en i kamouflagebyxor",
        "den ena var lång o smal m rödrutig skjorta",
        "170 cm, spenslig, grön hoodie, vita sneakers",
        "okänd kille typ 19, bruten svenska, skinnjacka",
    ],
)
def test_clothes_build_and_age_together_are_a_description(text):
    assert "description" in [finding.kind for finding in find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "svart jacka strl 164 kvarglömd på fritids",
        "kille utan hjälm på moped",
        "ca 25 ungdomar vid macken, god stämning",
        "vita sneakers hänger i ledningen över gatan",
        "vuxen person sov i trapphuset",
        "katten är randig o har vita tassar",
    ],
)
def test_lost_clothes_and_ordinary_people_are_no_description(text):
    assert "description" not in [finding.kind for finding in find(text)]
