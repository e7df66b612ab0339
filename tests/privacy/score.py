"""Scores a file of marked sentences: python -m tests.privacy.score FILE [--summary]

Prints recall and precision for every class and lists what was missed (-) and imagined (+). The
marks are those of corpus/tuning.txt; lines that begin with # are left out.
"""

import argparse
from pathlib import Path

from .scoring import CLASSES, gazetteer, read, rows, score


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--summary", action="store_true", help="leave the sentences out")
    options = parser.parse_args()
    sentences = read(options.file)
    print(f"{options.file.name}: {len(sentences)} sentences")
    print(f"{'class':<12} labels  recall  findings  precision")
    for name, tally in rows(score(sentences, gazetteer())):
        print(
            f"{name:<12} {tally.labels:>6}  {tally.recall:>6.3f}  "
            f"{tally.findings:>8}  {tally.precision:>9.3f}"
        )
        if name in CLASSES and not options.summary:
            for sign, shown in (("-", tally.missed), ("+", tally.imagined)):
                print(*(f"    {sign} {sentence}" for sentence in shown), sep="\n", end="")
                print(end="\n" if shown else "")


if __name__ == "__main__":
    main()
