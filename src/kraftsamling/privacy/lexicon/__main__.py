"""Make the lexicon anew from SCB's lists: `python -m kraftsamling.privacy.lexicon FOLDER`."""

import argparse
import csv
import gzip
import re
from collections import Counter
from pathlib import Path

from . import COMMON_GIVEN, RARE_GIVEN, SURNAME, encode

COMMON_FROM = 200
RARE_FROM = 20
SURNAME_FROM = 100

# A name the detector can meet as one word: Latin letters, at least two, perhaps with a hyphen.
ONE_WORD = re.compile(r"[a-zà-öø-ɏ]{2,}(?:['-][a-zà-öø-ɏ]+)*")


def bearers(folder: Path, *lists: str) -> Counter[str]:
    """How many bear each name, summed over the lists; names of several words are left out."""
    count: Counter[str] = Counter()
    for name in lists:
        with gzip.open(folder / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                count[row["name"].lower()] += int(row["persons"])
    return Counter({name: n for name, n in count.items() if ONE_WORD.fullmatch(name)})


def flags(folder: Path) -> dict[str, int]:
    """Which names to keep, and what each of them is."""
    result: Counter[str] = Counter()
    for name, persons in bearers(folder, "tilltalsnamn-kvinnor", "tilltalsnamn-man").items():
        if persons >= RARE_FROM and "-" not in name:  # Anna-Karin is found by her halves
            result[name] += COMMON_GIVEN if persons >= COMMON_FROM else RARE_GIVEN
    for name, persons in bearers(folder, "efternamn").items():
        if persons >= SURNAME_FROM:
            result[name] += SURNAME
    return dict(result)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where SCB's lists lie")
    names = flags(parser.parse_args().folder)
    target = Path(__file__).with_name("names.txt")
    target.write_text(encode(names), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
