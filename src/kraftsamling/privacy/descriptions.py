"""Finds descriptions of persons (signalement): words of age, clothes, looks and origin."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from .claims import Claim
from .folding import Folded
from .rulebook import DescriptionRules
from .tokens import Token, begins_word

WORN: Final = frozenset({"clothing", "looks"})


@dataclass(frozen=True, slots=True)
class Cue:
    """A word or phrase that says how somebody looks, or (`person`) that somebody is meant."""

    category: str
    weight: int
    start: int
    end: int


def claims(folded: Folded, tokens: Sequence[Token], rules: DescriptionRules) -> Iterator[Claim]:
    """Runs of cues close together that amount to a description."""
    for run in _runs(_cues(folded, tokens, rules), rules.longest_gap):
        if _describes(run, rules):
            end = max(cue.end for cue in run)
            yield Claim("description", run[0].start, end, "hint", rules.confidence)


def _cues(folded: Folded, tokens: Sequence[Token], rules: DescriptionRules) -> list[Cue]:
    found = [cue for index in range(len(tokens)) if (cue := _word_cue(tokens, index, rules))]
    for category, pattern in rules.patterns.items():
        for match in pattern.finditer(folded.lower):
            start, end = match.span()
            if begins_word(folded.lower, start):
                found.append(Cue(category, 0 if category == "person" else 1, start, end))
    return sorted(found, key=lambda cue: (cue.start, cue.end))


def _word_cue(tokens: Sequence[Token], index: int, rules: DescriptionRules) -> Cue | None:
    """What one word says, together with the colour and the linking word before it."""
    token = tokens[index]
    category = _category(token.lower, rules)
    needs_colour = token.lower in rules.coloured_clothing
    if category not in WORN and not needs_colour:
        weight = 0 if category == "person" else 1
        return Cue(category, weight, token.start, token.end) if category else None
    is_coloured = index > 0 and token.gap == " " and _is_colour(tokens[index - 1].lower, rules)
    if needs_colour and not is_coloured:
        return None
    first = index - is_coloured
    lead = tokens[first - 1].lower if first > 0 and tokens[first].gap == " " else ""
    if lead in rules.without:
        return None
    weight = 2 if is_coloured or lead in rules.links else 1
    return Cue(category or "clothing", weight, tokens[first].start, token.end)


def _category(word: str, rules: DescriptionRules) -> str:
    if category := rules.words.get(word):
        return category
    if word.endswith(rules.clothing_endings):
        return "clothing"
    return "looks" if word.endswith(rules.looks_endings) else ""


def _is_colour(word: str, rules: DescriptionRules) -> bool:
    return word in rules.colours or word.endswith(rules.colour_endings)


def _runs(cues: Sequence[Cue], longest_gap: int) -> Iterator[list[Cue]]:
    run: list[Cue] = []
    for cue in cues:
        if run and cue.start - run[-1].end > longest_gap:
            yield run
            run = []
        run.append(cue)
    if run:
        yield run


def _describes(run: Sequence[Cue], rules: DescriptionRules) -> bool:
    categories = {cue.category for cue in run}
    weight = sum(cue.weight for cue in run)
    if "person" not in categories:
        return weight >= rules.weight_without_person and len(categories) > 1
    return weight >= rules.weight_with_person or "origin" in categories
