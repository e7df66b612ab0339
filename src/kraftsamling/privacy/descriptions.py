"""Finds descriptions of persons (signalement): words of age, clothes, looks and origin."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .claims import Claim
from .folding import Folded
from .rulebook import DescriptionRules
from .tokens import Token, begins_word


@dataclass(frozen=True, slots=True)
class Cue:
    """A word or phrase that says how somebody looks, or (`person`) that somebody is meant."""

    category: str
    start: int
    end: int


def claims(folded: Folded, tokens: Sequence[Token], rules: DescriptionRules) -> Iterator[Claim]:
    """Runs of cues close together that amount to a description."""
    for run in _runs(_cues(folded, tokens, rules), rules.longest_gap):
        if _describes(run, rules):
            end = max(cue.end for cue in run)
            yield Claim("description", run[0].start, end, "hint", rules.confidence)


def _cues(folded: Folded, tokens: Sequence[Token], rules: DescriptionRules) -> list[Cue]:
    found = [
        Cue(category, token.start, token.end)
        for token in tokens
        if (category := _category(token.lower, rules))
    ]
    for category, pattern in rules.patterns.items():
        for match in pattern.finditer(folded.lower):
            start, end = match.span()
            if begins_word(folded.lower, start):
                found.append(Cue(category, start, end))
    return sorted(found, key=lambda cue: (cue.start, cue.end))


def _category(word: str, rules: DescriptionRules) -> str:
    return rules.words.get(word) or ("clothing" if word.endswith(rules.clothing_endings) else "")


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
    cues = sum(cue.category != "person" for cue in run)
    if "person" not in categories:
        return cues >= rules.cues_without_person and len(categories) > 1
    return cues >= rules.cues_with_person or "origin" in categories
