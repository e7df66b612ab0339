"""The declared expectation: who gets where, written by people and compared by tests.

`audience_expectations.txt` has a line for each address, and a second one where the address carries
an object that may belong to another organisation. One letter for each persona says what happens:

    +   let in
    s   sent to the sign-in page
    x   refused: not for you (403)
    0   not found (404): it may exist, but you are not told
    t   asked for a token (401)
"""

from dataclasses import dataclass
from pathlib import Path

from tests.web.addresses import FOREIGN, OWN, PERSONAS

TABLE = Path(__file__).parent / "audience_expectations.txt"
LET_IN, SIGN_IN, REFUSED, NOT_FOUND, WANTS_TOKEN = "+sx0t"


@dataclass(frozen=True)
class Expectation:
    """What each persona should meet at one address with the objects of one organisation."""

    name: str
    filling: str
    relation: str
    outcomes: dict[str, str]


def declared_expectations() -> list[Expectation]:
    return [
        _read(number, line)
        for number, line in enumerate(TABLE.read_text("utf-8").splitlines(), 1)
        if line.strip() and not line.startswith("#")
    ]


def _read(number: int, line: str) -> Expectation:
    parts = line.split()
    if len(parts) != 3 + len(PERSONAS):
        raise ValueError(f"{TABLE.name}:{number}: {len(parts)} columns, not {3 + len(PERSONAS)}")
    name, filling, relation, *letters = parts
    if relation not in (OWN, FOREIGN):
        raise ValueError(f"{TABLE.name}:{number}: {relation} is neither {OWN} nor {FOREIGN}")
    if unknown := set(letters) - set("+sx0t"):
        raise ValueError(f"{TABLE.name}:{number}: no such outcome: {', '.join(sorted(unknown))}")
    return Expectation(name, filling, relation, dict(zip(PERSONAS, letters, strict=True)))
