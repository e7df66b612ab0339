"""What the detector promises, one sentence at a time."""

import dataclasses
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kraftsamling.privacy.detector import Context, Finding, blocking, find, has_blocking, redact


def seen(text: str, **context: frozenset[str]) -> list[tuple[str, str, str]]:
    """Kind, level and quoted text of every finding."""
    findings = find(text, context=Context(**context))
    return [(f.kind, f.level, text[f.start : f.end]) for f in findings]


@pytest.mark.parametrize(
    "written",
    ["840309-2383", "19840309-2383", "8403092383", "840309 2383", "840309.2383", "840309+2383"],
)
def test_a_personnummer_with_the_right_check_digit_blocks_however_it_is_written(written):
    assert seen(f"Det gäller {written}.") == [("personnummer", "block", written)]


@pytest.mark.parametrize("written", ["840309-2384", "840309-XXXX", "84 03 09-2384"])
def test_a_near_miss_of_a_personnummer_warns(written):
    assert seen(f"Det gäller {written}.") == [("personnummer", "warn", written)]


def test_a_samordningsnummer_has_sixty_added_to_its_day():
    assert seen("Kortet: 840369-2380") == [("samordningsnummer", "block", "840369-2380")]


def test_an_organisation_number_is_no_personnummer():
    assert seen("Org.nr 556036-0793 på skylten.") == []


def test_a_date_with_a_time_is_no_personnummer():
    assert seen("Kvitto från 20240312 1430 bifogas.") == []


def test_two_personnummer_side_by_side_are_both_found():
    kinds = [kind for kind, _, _ in seen("19840322-9290/840369-2380")]
    assert kinds == ["personnummer", "samordningsnummer"]


@pytest.mark.parametrize(
    "written",
    ["070-1740605", "+46 70 174 06 05", "0046701740605", "(070) 174 06 05", "08-465 004 00"],
)
def test_a_phone_number_blocks_however_it_is_written(written):
    assert seen(f"Ring {written} nu") == [("phone", "block", written)]


@pytest.mark.parametrize(
    "text", ["Ring 112 eller 114 14.", "Mellan 08.30-16.30", "Tel 020-33 99 00", "Ring 116 111"]
)
def test_public_numbers_and_opening_hours_are_no_phone_numbers(text):
    assert seen(text) == []


def test_an_address_in_disguise_warns_and_a_plain_one_blocks():
    assert seen("lotta snabel-a example.se")[0][:2] == ("email", "warn")
    assert seen("lotta@example.se")[0][:2] == ("email", "block")


def test_a_plate_blocks_in_capitals_and_warns_in_lower_case():
    assert seen("MLB 84A stod kvar") == [("plate", "block", "MLB 84A")]
    assert seen("mlb84a stod kvar") == [("plate", "warn", "mlb84a")]
    assert seen("bilen mlb 84a stod kvar") == [("plate", "block", "mlb 84a")]


@pytest.mark.parametrize("text", ["MLI 842", "MLQ 842", "ÅLB 842", "rum 114", "SOS 112"])
def test_letters_that_plates_never_have_and_ordinary_words_make_no_plate(text):
    assert seen(f"Det står {text} här") == []


@pytest.mark.parametrize("text", ["lgh 1203", "Bredgatan 12 B, 3 tr", "port 4 våning 2"])
def test_a_dwelling_warns(text):
    assert seen(f"Ljud från {text}.") == [("dwelling", "warn", text)]


def test_a_street_with_a_number_is_a_public_place():
    assert seen("Klotter på Kungsgatan 54.") == []


def test_names_are_found_by_lexicon_and_context():
    assert seen("Vi mötte Ahmed där.") == [("first_name", "warn", "Ahmed")]
    assert seen("Enligt Anna von Platen") == [("full_name", "warn", "Anna von Platen")]
    assert seen("Vaktmästare Lundgren kom.") == [("last_name", "warn", "Lundgren")]


@pytest.mark.parametrize(
    "text",
    [
        "Sten kastades mot bussen.",
        "Maj månad är lugn.",
        "Wilhelm Wibergs gata är mörk.",
        "Café Linnea stängde.",
        "Lindströms Bygg AB lämnade en ställning.",
        "S:t Olofs kyrka var öppen.",
        "Trappan till Gustaf Adolfsskolan.",
    ],
)
def test_words_places_and_organisations_are_no_persons(text):
    assert seen(text) == []


def test_the_callers_places_are_no_persons():
    assert seen("Bråk utanför Viktoria i går.") == [("first_name", "warn", "Viktoria")]
    assert seen("Bråk utanför Viktoria i går.", names=frozenset({"Viktoria"})) == []


def test_what_the_caller_allows_is_left_alone_however_it_is_written():
    allowed = frozenset({"070-174 06 05"})
    assert seen("Jour 0701740605", allowed=allowed) == []
    assert len(seen("Jour 0701740606", allowed=allowed)) == 1


def test_a_description_of_a_person_is_only_a_hint():
    findings = find("En man, ca 40 år, i röd jacka sprang.")
    assert [(f.kind, f.level) for f in findings] == [("description", "hint")]
    assert not has_blocking(findings)


@pytest.mark.parametrize("text", ["Ungdomar 13-16 år på torget.", "Personal i gula västar."])
def test_a_crowd_or_a_uniform_is_no_description(text):
    assert seen(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "８４０３０９-２３８３",
        "840309\u20112383",
        "84\u00ad0309-2383",
        "840309\u00a02383",
        "840309-\u200b2383",
    ],
)
def test_odd_unicode_hides_nothing(text):
    assert [(kind, quoted) for kind, _, quoted in seen(f"😀 {text}!")] == [("personnummer", text)]


def test_decomposed_letters_are_read_as_whole_ones():
    text = "Vi mötte A\u030asa Ho\u0308gberg där"
    assert [quoted for _, _, quoted in seen(text)] == ["A\u030asa Ho\u0308gberg"]


def test_redacting_replaces_every_finding_once():
    text = "Ring Anna Berg, 070-1740605!"
    redacted = redact(text, find(text))
    assert redacted == "Ring [namn borttaget], [telefonnummer borttaget]!"


def test_redacting_overlapping_findings_keeps_no_part_of_either():
    one = Finding("full_name", 0, 9, 0.9, "warn", "")
    other = Finding("description", 5, 14, 0.6, "hint", "")
    assert redact("Anna Berg lång!", [other, one]) == "[namn borttaget]!"


def test_a_finding_is_frozen_and_carries_swedish_advice():
    (finding,) = find("070-1740605")
    assert finding.advice.startswith("Ta bort telefonnumret.")
    with pytest.raises(dataclasses.FrozenInstanceError):
        finding.start = 3


@given(st.text(max_size=300) | st.text(alphabet="abAB12 -+@.()åÅ\u00ad😀\n0", max_size=300))
def test_any_text_gives_findings_in_order_inside_it(text):
    findings = find(text)
    assert all(0 <= f.start < f.end <= len(text) and 0 < f.confidence <= 1 for f in findings)
    assert [f.start for f in findings] == sorted(f.start for f in findings)
    sharp = [f for f in findings if f.kind != "description"]
    assert all(one.end <= other.start for one, other in pairwise(sharp))


@given(
    st.text(max_size=30),
    st.sampled_from(["840309-2383", "070-1740605", "anna@example.se"]),
    st.text(max_size=30),
)
def test_no_blocking_finding_is_left_after_redacting(before, identifier, after):
    text = f"{before} {identifier} {after}"
    redacted = redact(text, find(text))
    assert identifier not in redacted
    assert not has_blocking(find(redacted))


@pytest.mark.parametrize("number", range(60))
def test_the_quick_look_for_what_blocks_gives_what_the_whole_one_gives(number):
    line = [
        "Ring Anna Andersson på 070-1740605 eller 011-15 00 00",
        "Skriv till anna@exempel.se, Storgatan 5 lgh 1203",
        "anna snabel-a exempel punkt se",
        "Bilen ABC123 stod vid torget, abc 123 också",
        "811218-9876 och 811218-9877, kl 10:00-18:00",
        "Öppet hus med fika och musik",
    ][number % 6]
    text = line[number // 6 :]
    assert blocking(text) == tuple(each for each in find(text) if each.level == "block")
