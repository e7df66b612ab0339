"""Reads the labelled corpora and counts what the detector found, missed and imagined."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kraftsamling.privacy.detector import Context, Finding, find

CORPUS = Path(__file__).parent / "corpus"

# The corpus' marks → the kinds of finding that count as the right one. `part` is what was seen of a
# plate or heard of a phone number: no identifier yet, so that no class of those is asked for it.
NAMES = frozenset({"full_name", "first_name", "last_name"})
CLASSES = {
    "pnr": frozenset({"personnummer", "samordningsnummer"}),
    "tel": frozenset({"phone"}),
    "mail": frozenset({"email"}),
    "reg": frozenset({"plate"}),
    "part": frozenset({"partial", "plate", "phone", "personnummer"}),
    "door": frozenset({"dwelling"}),
    "full": NAMES,
    "first": NAMES,
    "last": NAMES,
    "sig": frozenset({"description"}),
}
# For precision every finding is counted once, in the class it claims to be.
CLASS_OF_KIND = {
    "personnummer": "pnr",
    "samordningsnummer": "pnr",
    "phone": "tel",
    "email": "mail",
    "plate": "reg",
    "partial": "part",
    "dwelling": "door",
    "full_name": "full",
    "first_name": "first",
    "last_name": "last",
    "description": "sig",
}
CORPORA = ("tuning", "heldout", "fresh", "final", "independent", "varied", "unseen")
# class → least recall, least precision
TARGETS = {
    "pnr": (0.995, 0.98),
    "tel": (0.99, 0.97),
    "mail": (0.999, 0.99),
    "reg": (0.98, 0.90),
    "door": (0.90, 0.85),
    "full": (0.85, 0.85),
    "first": (0.60, 0.70),
}
IDENTIFIERS = ("pnr", "tel", "mail", "reg")
MARK = re.compile(r"\{(" + "|".join(CLASSES) + r")\|([^}]*)\}")


@dataclass(frozen=True)
class Label:
    """Characters that a person reading the sentence would call personal data of this class."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """A text with its labels."""

    text: str
    labels: tuple[Label, ...]


@dataclass
class Tally:
    """What became of the labels and of the findings of one class."""

    labels: int = 0
    hits: int = 0
    findings: int = 0
    right: int = 0
    blocking: int = 0
    blocking_right: int = 0
    missed: list[str] = field(default_factory=list)
    imagined: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.hits / self.labels if self.labels else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.findings if self.findings else 1.0

    @property
    def blocking_precision(self) -> float:
        return self.blocking_right / self.blocking if self.blocking else 1.0


def marked(line: str) -> Sentence:
    """Read a line such as `Ring {tel|070-1740605} nu.`"""
    text, labels, position = "", [], 0
    for match in MARK.finditer(line):
        text += line[position : match.start()]
        labels.append(Label(match[1], len(text), len(text) + len(match[2])))
        text += match[2]
        position = match.end()
    return Sentence(text + line[position:], tuple(labels))


def corpus(name: str) -> list[Sentence]:
    """The sentences of corpus/`name`.txt."""
    return read(CORPUS / f"{name}.txt")


def read(file: Path) -> list[Sentence]:
    """The sentences of a marked file, one a line."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [marked(line) for line in lines if line and not line.startswith("#")]


def gazetteer() -> Context:
    """The places and organisations that a caller in Norrköping would pass."""
    lines = (CORPUS / "gazetteer.txt").read_text(encoding="utf-8").splitlines()
    return Context(names=frozenset(line for line in lines if line and not line.startswith("#")))


def score(sentences: Iterable[Sentence], context: Context) -> dict[str, Tally]:
    """Tallies by class; see `is_hit` for what counts."""
    tallies = {name: Tally() for name in CLASSES}
    for sentence in sentences:
        findings = find(sentence.text, context=context)
        for label in sentence.labels:
            tally = tallies[label.name]
            tally.labels += 1
            if any(is_hit(label, finding) for finding in findings):
                tally.hits += 1
            else:
                tally.missed.append(_shown(sentence, label.start, label.end))
        for finding in findings:
            _count_finding(tallies[CLASS_OF_KIND[finding.kind]], finding, sentence)
    return tallies


def is_hit(label: Label, finding: Finding) -> bool:
    """Whether the finding is of the right class and covers the whole label.

    Only a description and a part of a number, which have no sharp edges, need merely overlap.
    """
    if finding.kind not in CLASSES[label.name]:
        return False
    if label.name in ("sig", "part"):
        return overlaps(label, finding)
    return finding.start <= label.start and label.end <= finding.end


def overlaps(label: Label, finding: Finding) -> bool:
    return finding.start < label.end and label.start < finding.end


def together(tallies: Iterable[Tally]) -> Tally:
    """Several classes as one."""
    total = Tally()
    for tally in tallies:
        for name in ("labels", "hits", "findings", "right", "blocking", "blocking_right"):
            setattr(total, name, getattr(total, name) + getattr(tally, name))
        total.missed += tally.missed
        total.imagined += tally.imagined
    return total


def _count_finding(tally: Tally, finding: Finding, sentence: Sentence) -> None:
    right = any(
        finding.kind in CLASSES[label.name] | _softer(label) and overlaps(label, finding)
        for label in sentence.labels
    )
    blocks = finding.level == "block"
    tally.findings += 1
    tally.right += right
    tally.blocking += blocks
    tally.blocking_right += blocks and right
    if not right:
        tally.imagined.append(_shown(sentence, finding.start, finding.end))


def _softer(label: Label) -> frozenset[str]:
    """A hint at a part of a number is not imagined where the whole number stands."""
    return frozenset({"partial"}) if label.name in ("reg", "tel", "pnr") else frozenset()


def _shown(sentence: Sentence, start: int, end: int) -> str:
    return f"{sentence.text[:start]}»{sentence.text[start:end]}«{sentence.text[end:]}"


def rows(tallies: dict[str, Tally]) -> Iterator[tuple[str, Tally]]:
    """The classes in order, then the sums that the targets speak of."""
    yield from tallies.items()
    yield "identifiers", together(tallies[name] for name in IDENTIFIERS)
    yield "names", together(tallies[name] for name in ("full", "first", "last"))
