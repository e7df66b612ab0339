"""A claim: somebody's rule says that these folded characters are personal data."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """A span in folded characters, what it is, how serious and how sure."""

    kind: str
    start: int
    end: int
    level: str
    confidence: float


def settled(claims: Iterable[Claim], length: int) -> list[Claim]:
    """Let the first claim on a character have it, in the order given; return them by place.

    `length` is that of the folded text.
    """
    taken = bytearray(length)
    kept = []
    for claim in claims:
        if not any(taken[claim.start : claim.end]):
            taken[claim.start : claim.end] = b"\1" * (claim.end - claim.start)
            kept.append(claim)
    return sorted(kept, key=lambda claim: claim.start)
