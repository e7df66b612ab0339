"""The rules are fit for two engines: portable, bounded, linear, with advice for all they say."""

import re
import time
import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest

from kraftsamling.privacy import lexicon, words
from kraftsamling.privacy.checks import CHECKS
from kraftsamling.privacy.detector import find
from kraftsamling.privacy.folding import fold
from kraftsamling.privacy.rulebook import PATTERNS, declaration, rulebook

PATTERN_KEYS = {*PATTERNS, "street_number"}
HOSTILE = [
    "1", "0", "a", "A", "A1", " 1", "070 ", "Aa ", "@", "a@", "a.", "lgh 1 ", "3 tr ", "gatan 1 ",
    "840309-2383 ", "840309-", "(", "+46", "a-", "a'", "Anna ", "Café ", "anna andersson ", "S:t ",
    "\u0308", "man 20 år jacka ", "bor hos ", "a at a ", "snabel-a ", "personnummer ", "tel 0",
]  # fmt: skip


def patterns(declared: Any, key: str = "") -> Iterator[str]:
    """Every regular expression in the declared rules."""
    if isinstance(declared, dict):
        for name, value in declared.items():
            inside = "pattern" if key in ("parts", "patterns", "not_numbers") else name
            yield from patterns(value, inside)
    elif isinstance(declared, list):
        for value in declared:
            yield from patterns(value, "pattern" if key == "not_numbers" else key)
    elif isinstance(declared, str) and key in PATTERN_KEYS:
        yield declared


def all_patterns() -> list[str]:
    found = list(patterns(dict(declaration())))
    assert len(found) > 40
    return found


def without_classes(pattern: str) -> str:
    """The pattern with escapes and character classes blanked out."""
    return re.sub(r"\[(?:\\.|[^\]])*\]", "C", re.sub(r"\\[^\[\]]", "E", pattern))


@pytest.mark.parametrize("pattern", all_patterns())
def test_patterns_use_only_what_python_and_javascript_read_alike(pattern):
    assert "{{" not in pattern, "a macro was not filled in"
    assert not re.search(r"\\[A-Za-mo-z0-9]", pattern), r"\d, \w, \b and \s differ between engines"
    groups = re.findall(r"\(\?(.{1,2})", without_classes(pattern))
    assert all(group[0] in ":!" for group in groups), "only (?: ) and (?! ) are portable here"


@pytest.mark.parametrize("pattern", all_patterns())
def test_repetition_in_patterns_is_bounded(pattern):
    bare = without_classes(pattern)
    assert not re.search(r"[*+]|\{\d+,\}", bare), "unbounded repetition may take quadratic time"
    assert all(int(most) <= 80 for most in re.findall(r"\{(?:\d+,)?(\d+)\}", bare))


@pytest.mark.parametrize("piece", HOSTILE)
def test_fifty_hostile_kilobytes_take_linear_time(piece):
    def seconds(length: int) -> float:
        text = (piece * (length // len(piece) + 1))[:length]
        begun = time.process_time()
        find(text)
        return time.process_time() - begun

    seconds(1000)  # the first call reads rules and lexicon
    assert seconds(50_000) < 2


def test_doubling_a_hostile_text_does_not_quadruple_the_time():
    def seconds(length: int) -> float:
        begun = time.process_time()
        find(("840309-" * length)[:length])
        return time.process_time() - begun

    seconds(1000)
    assert min(seconds(20_000) for _ in range(3)) < 3 * min(seconds(10_000) for _ in range(3))


def test_every_rule_names_a_check_and_every_verdict_has_words():
    for rule in rulebook().identifiers:
        assert rule.check in CHECKS, rule.name
        for verdict in rule.verdicts.values():
            assert (verdict.kind, verdict.level) in words.ADVICE, rule.name
    assert {kind for kind, _ in words.ADVICE} == set(words.KINDS) == set(words.REMOVED)


def test_a_word_is_either_never_a_name_or_sometimes():
    lists = rulebook().names.lists
    assert not lists["never"] & lists["ambiguous"]


def test_the_lists_of_words_are_lower_case_and_folded():
    for name, listed in rulebook().names.lists.items():
        for word in listed:
            assert fold(word).lower == word, f"{word} in {name}"


def test_the_lexicon_is_read_as_it_was_written():
    names = {"anna": 5, "annabella": 1, "bo": 2, "åsa": 1, "östlund": 4}
    assert lexicon.decode(lexicon.encode(names).splitlines()) == names


def test_the_lexicon_knows_common_names_of_many_origins():
    names = lexicon.names()
    for name in ("anna", "mohammed", "fatima", "agnieszka", "zeynep", "amina"):
        assert names[name] & lexicon.COMMON_GIVEN, name
    for name in ("andersson", "hassan", "ahmadi", "nguyen", "kaya"):
        assert names[name] & lexicon.SURNAME, name


def test_the_lexicon_names_its_source():
    readme = resources.files("kraftsamling.privacy.lexicon").joinpath("README.md")
    assert "Källa: SCB" in readme.read_text(encoding="utf-8")


def test_every_rule_file_is_valid_toml_with_an_explanation_on_top():
    for file in resources.files("kraftsamling.privacy").joinpath("rules").iterdir():
        text = file.read_text(encoding="utf-8")
        assert text.startswith("# "), file.name
        assert tomllib.loads(text)
