"""Finds numbers and addresses that point at one person, by the declared rules."""

from collections.abc import Iterator
from re import Match, Pattern
from typing import Final

from .checks import CHECKS, Tables
from .claims import Claim
from .folding import Folded
from .rulebook import Rule, Rulebook, Verdict

BEFORE: Final = 40  # characters that barred_by and cue see before a match ...
AFTER: Final = 25  # ... and that a cue sees after it


def claims(folded: Folded, book: Rulebook) -> Iterator[Claim]:
    """Claims of all rules, the rules in their order."""
    for rule in book.identifiers:
        if rule.needs in folded.text:
            yield from _claims_of(rule, folded, book.tables)


def _claims_of(rule: Rule, folded: Folded, tables: Tables) -> Iterator[Claim]:
    position = 0
    while match := rule.pattern.search(folded.text, position):
        verdict = _verdict(rule, match, folded, tables)
        if verdict:
            yield Claim(verdict.kind, match.start(), match.end(), verdict.level, verdict.confidence)
        # After a refusal the right match may begin one character later: no look-behind is needed.
        position = match.end() if verdict else match.start() + 1


def _verdict(rule: Rule, match: Match[str], folded: Folded, tables: Tables) -> Verdict | None:
    before = folded.lower[max(0, match.start() - BEFORE) : match.start()]
    after = folded.lower[match.end() : match.end() + AFTER]
    has_cue = (
        _occurs(rule.cue, before) or _occurs(rule.cue, after) or _occurs(rule.cue_before, before)
    )
    if _occurs(rule.barred_by, before):
        return None
    if not has_cue and _occurs(rule.barred_without_cue, before):
        return None
    word = CHECKS[rule.check](match[0], tables)
    plain = rule.verdicts.get(word)
    return rule.verdicts.get(f"{word} with cue", plain) if has_cue else plain


def _occurs(pattern: Pattern[str] | None, text: str) -> bool:
    return pattern is not None and pattern.search(text) is not None
