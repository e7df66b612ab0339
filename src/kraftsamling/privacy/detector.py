"""Finds personal data in Swedish free text. Pure: no clock, no database, no framework.

    >>> [finding.kind for finding in find("Ring 070-1740605")]
    ['phone']

The browser's detector.mjs gives the same findings for the same text and context; the tests hold the
two together. What the detector does not find is told in docs/privacy-detector.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from . import descriptions, dwellings, identifiers, names, words
from .claims import Claim, settled
from .folding import Folded, fold
from .rulebook import rulebook
from .tokens import tokens_of

Level = Literal["block", "warn", "hint"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Characters `start` to `end` (code points) that look like personal data.

    `confidence` is between 0 and 1. `level` says what a form should do: `block` refuses the text,
    `warn` asks for a reason to keep it, `hint` only advises. `advice` is a Swedish message id.
    """

    kind: str
    start: int
    end: int
    confidence: float
    level: Level
    advice: str


@dataclass(frozen=True)
class Context:
    """What the caller knows: make it once and use it for many texts.

    `names` are places, streets and organisations, which are never taken for persons. `allowed` are
    identifiers that are public, such as a function's own e-mail address or a switchboard.
    """

    names: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()
    phrases: Mapping[str, tuple[tuple[str, ...], ...]] = field(
        init=False, repr=False, compare=False
    )
    allowed_keys: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "phrases", _phrases(self.names))
        object.__setattr__(self, "allowed_keys", frozenset(map(_key, self.allowed)))


def find(text: str, *, context: Context | None = None) -> tuple[Finding, ...]:
    """Everything in `text` that looks like personal data, by place; takes linear time.

    Identifiers, dwellings and names never overlap each other; a description may contain them.
    """
    context = context or Context()
    folded = fold(text)
    tokens = tokens_of(folded)
    book = rulebook()
    claims = settled(
        [
            *_not_allowed(identifiers.claims(folded, book), folded, context),
            *dwellings.claims(folded, tokens, book.dwellings),
            *names.claims(tokens, book.names, context.phrases),
        ],
        len(folded.text),
    )
    claims += descriptions.claims(folded, tokens, book.descriptions)
    claims.sort(key=lambda claim: (claim.start, claim.end))
    return tuple(_finding(claim, folded) for claim in claims)


def blocking(text: str) -> tuple[Finding, ...]:
    """The findings of `find` that a text must not be stored with; quick where there are none.

    Only an identifier is ever certain enough, so names are not looked for before one is there.
    """
    claims = identifiers.claims(fold(text), rulebook())
    if not any(claim.level == "block" for claim in claims):
        return ()
    return tuple(finding for finding in find(text) if finding.level == "block")


def has_blocking(findings: Iterable[Finding]) -> bool:
    """Whether the text must not be stored as it is."""
    return any(finding.level == "block" for finding in findings)


def redact(text: str, findings: Iterable[Finding]) -> str:
    """The text with every finding replaced by what was removed; overlapping ones become one."""
    pieces = []
    position = 0
    for finding in sorted(findings, key=lambda finding: (finding.start, -finding.end)):
        if finding.start >= position:
            pieces += [text[position : finding.start], words.REMOVED[finding.kind]]
        position = max(position, finding.end)
    return "".join([*pieces, text[position:]])


def _finding(claim: Claim, folded: Folded) -> Finding:
    start, end = folded.span(claim.start, claim.end)
    level = cast(Level, claim.level)
    advice = words.ADVICE[claim.kind, claim.level]
    return Finding(claim.kind, start, end, claim.confidence, level, advice)


def _not_allowed(claims: Iterable[Claim], folded: Folded, context: Context) -> Iterable[Claim]:
    if not context.allowed_keys:
        return claims
    return (
        claim
        for claim in claims
        if _key(folded.text[claim.start : claim.end]) not in context.allowed_keys
    )


def _key(identifier: str) -> str:
    """Two ways of writing one identifier have the same key."""
    return "".join(c for c in fold(identifier).lower if c not in " -/.()")


def _phrases(known: Iterable[str]) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Known names as lower-case words, by their first word."""
    by_first: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for name in known:
        phrase = tuple(token.lower for token in tokens_of(fold(name)))
        if phrase:
            by_first[phrase[0]].add(phrase)
    return {first: tuple(sorted(phrases)) for first, phrases in by_first.items()}
