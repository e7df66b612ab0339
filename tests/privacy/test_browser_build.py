"""The browser's detector is the server's: same rules, same findings, little to carry."""

import dataclasses
import gzip
import random

from kraftsamling.privacy.build import STATIC, build
from kraftsamling.privacy.detector import Context, find

from . import generated, ways
from .browser_engine import browser_findings
from .scoring import CORPORA, corpus, gazetteer

ODD = "ABCabc åäöÅ 0123456789 -+.@/()\n:,'\u00ad\u200b\u0308😀٣İǅſ\u212aẞ𝟘\u2028\x85\x1c\ufffd"


def every_text() -> list[str]:
    """All corpora, a share of everything generated, and noise."""
    texts = [s.text for part in CORPORA for s in corpus(part)]
    for name in ("pnr", "tel", "mail", "reg", "door"):
        texts += [s.text for _, s in generated.positives(name, 350, seed=7)]
    for name in ("full", "first"):
        texts += [s.text for s in generated.named(name, 250, seed=7)]
    texts += [s.text for s in generated.clean(1000, seed=7)]
    rng = random.Random(3)
    for write in ways.ALL:
        texts += [write(rng).text for _ in range(200)]
    return texts + ["".join(rng.choices(ODD, k=60)) for _ in range(1000)]


def test_the_committed_build_is_the_one_the_rules_give(tmp_path):
    for fresh in build(tmp_path):
        committed = STATIC / fresh.name
        assert committed.read_bytes() == fresh.read_bytes(), (
            f"{committed.name} is out of date: run python -m kraftsamling.privacy.build"
        )


def test_building_twice_gives_the_same_bytes(tmp_path):
    first = [path.read_bytes() for path in build(tmp_path)]
    assert first == [path.read_bytes() for path in build(tmp_path)]


def test_server_and_browser_find_the_same_in_every_text():
    context = Context(gazetteer().names, frozenset({"070-1740605", "info.lotta@example.se"}))
    texts = every_text()
    for text, in_browser in zip(texts, browser_findings(texts, context), strict=True):
        on_server = [dataclasses.asdict(finding) for finding in find(text, context=context)]
        assert in_browser == on_server, text


def test_the_browser_carries_less_than_150_kilobytes():
    compressed = sum(
        len(gzip.compress(file.read_bytes(), 9)) for file in STATIC.iterdir() if file.is_file()
    )
    assert compressed <= 150_000
