"""Finds numbers and addresses that point at one person, by the declared rules."""

from collections.abc import Iterator
from re import Pattern
from typing import Final

from .checks import CHECKS, Tables
from .claims import Claim
from .folding import Folded
from .rulebook import Rule, Rulebook, Verdict

BEFORE: Final = 40  # characters that bars and cues see before a match ...
AFTER: Final = 25  # ... and after it


def claims(folded: Folded, book: Rulebook) -> Iterator[Claim]:
    """Claims of all rules, the rules in their order; they never overlap."""
    taken = bytearray(len(folded.text))
    for rule in book.identifiers:
        if rule.needs is None or rule.needs.search(folded.lower):
            yield from _claims_of(rule, folded, book.tables, taken)


def _claims_of(rule: Rule, folded: Folded, tables: Tables, taken: bytearray) -> Iterator[Claim]:
    """What one rule claims of the characters that are not `taken`; those it gets are marked."""
    text = folded.lower if rule.in_lower else folded.text
    position = 0
    while match := rule.pattern.search(text, position):
        # A group stands last and is what is claimed; what comes before it is its cue.
        start, end = match.span(rule.pattern.groups)
        overlap = taken.find(1, start, end)
        if overlap >= 0:
            # To weigh a match costs more than to find it: go on behind what is claimed already.
            free = taken.find(0, overlap)
            if free < 0:
                return
            position = max(free, match.start() + 1)
            continue
        verdict = _verdict(rule, start, end, folded, tables)
        if verdict:
            taken[start:end] = b"\1" * (end - start)
            yield Claim(verdict.kind, start, end, verdict.level, verdict.confidence)
        # After a refusal the right match may begin one character later: no look-behind is needed.
        position = match.end() if verdict else match.start() + 1


def _verdict(rule: Rule, start: int, end: int, folded: Folded, tables: Tables) -> Verdict | None:
    word = CHECKS[rule.check](folded.text[start:end], tables)
    plain = rule.verdicts.get(word)
    cued = rule.verdicts.get(f"{word} with cue", plain)
    if cued is None:
        return None
    before = folded.lower[max(0, start - BEFORE) : start]
    after = folded.lower[end : end + AFTER]
    if _occurs(rule.barred_by, before) or _occurs(rule.barred_after, after):
        return None
    if _occurs(rule.cue_before, before) or _occurs(rule.cue, before) or _occurs(rule.cue, after):
        return cued
    if _occurs(rule.barred_without_cue, before):
        return rule.verdicts.get(f"{word} barred")
    return plain


def _occurs(pattern: Pattern[str] | None, text: str) -> bool:
    return pattern is not None and pattern.search(text) is not None
