"""Sentences by the thousand: every way of writing an identifier, and everyday text without any.

The values are the Tax Agency's test numbers and PTS's numbers for fiction, or follow from them;
plates and persons are drawn at random from a seeded generator.
"""

import csv
import gzip
import os
import random
import tomllib
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from .scoring import CORPUS, Label, Sentence, marked

# A handful of the Tax Agency's fictitious personnummer, for machines without the full list.
TEST_NUMBERS = (
    "195812092830", "198403092383", "198403229290", "198411202396", "199901022385",
    "199902222398", "199903312396", "200304292386", "200308012392", "200604092387",
    "200610042392", "200810062398", "200810162388", "200811112390",
)  # fmt: skip

DATA = tomllib.loads((CORPUS / "templates.toml").read_text(encoding="utf-8"))


def shared_data(*path: str) -> Path:
    """A file of the data that is too large for the repository; it may be missing."""
    beside = Path(__file__).resolve().parents[2].parent / "shared" / "data"
    return Path(os.environ.get("KRAFTSAMLING_SHARED_DATA", beside)).joinpath(*path)


def full_list_of_test_numbers() -> list[str] | None:
    """All of the Tax Agency's test numbers, where the shared data lies beside the repository."""
    file = shared_data("personnummer-test", "skatteverket_testpersonnummer.txt")
    return file.read_text().split() if file.exists() else None


@cache
def population(*lists: str) -> tuple[list[str], list[int]] | None:
    """Names and how many bear them, from SCB's complete lists, where the shared data is here."""
    names: dict[str, int] = {}
    for title in lists:
        file = shared_data("names-sv", f"{title}.csv.gz")
        if not file.exists():
            return None
        with gzip.open(file, "rt", encoding="utf-8", newline="") as rows:
            table = csv.reader(rows)  # half a million rows: a dictionary for each takes a second
            columns = next(table)
            named, borne = columns.index("name"), columns.index("persons")
            for row in table:
                names[row[named]] = names.get(row[named], 0) + int(row[borne])
    return list(names), list(names.values())


def check_digit(nine: str) -> str:
    """The tenth digit of a personnummer."""
    total = sum(sum(map(int, str(int(d) * (2 - i % 2)))) for i, d in enumerate(nine))
    return str(-total % 10)


def coordination_number(number: str) -> str:
    """A samordningsnummer made of a twelve-digit personnummer."""
    nine = number[2:6] + str(int(number[6:8]) + 60) + number[8:11]
    return number[:2] + nine + check_digit(nine)


def with_typo(number: str) -> str:
    """The number with a wrong check digit."""
    return number[:11] + str((int(number[11]) + 3) % 10)


PERSONNUMMER_FORMATS: dict[str, Callable[[str], str]] = {
    "yymmdd-nnnn": lambda n: f"{n[2:8]}-{n[8:]}",
    "yyyymmdd-nnnn": lambda n: f"{n[:8]}-{n[8:]}",
    "yymmddnnnn": lambda n: n[2:],
    "yyyymmddnnnn": lambda n: n,
    "yymmdd nnnn": lambda n: f"{n[2:8]} {n[8:]}",
    "yyyymmdd nnnn": lambda n: f"{n[:8]} {n[8:]}",
    "yymmdd+nnnn": lambda n: f"{n[2:8]}+{n[8:]}",
    "yymmdd.nnnn": lambda n: f"{n[2:8]}.{n[8:]}",
    "yy-mm-dd-nnnn": lambda n: f"{n[2:4]}-{n[4:6]}-{n[6:8]}-{n[8:]}",
    "yyyy-mm-dd-nnnn": lambda n: f"{n[:4]}-{n[4:6]}-{n[6:8]}-{n[8:]}",
    "yyyy-mm-dd nnnn": lambda n: f"{n[:4]}-{n[4:6]}-{n[6:8]} {n[8:]}",
    "yy mm dd nnnn": lambda n: f"{n[2:4]} {n[4:6]} {n[6:8]} {n[8:]}",
    "yymmdd - nnnn": lambda n: f"{n[2:8]} - {n[8:]}",
    "yymmdd–nnnn": lambda n: f"{n[2:8]}–{n[8:]}",
    "yymmdd-nn nn": lambda n: f"{n[2:8]}-{n[8:10]} {n[10:]}",
    "full-width": lambda n: f"{n[2:8]}-{n[8:]}".translate({48 + i: 0xFF10 + i for i in range(10)}),
    "soft hyphen": lambda n: f"{n[2:5]}\u00ad{n[5:8]}-{n[8:]}",
    "no-break space": lambda n: f"{n[2:8]}\u00a0{n[8:]}",
}

PHONE_FORMATS: dict[str, Callable[[str, str], str]] = {
    "plain": lambda a, s: f"{a}{s}",
    "area-number": lambda a, s: f"{a}-{s}",
    "area number": lambda a, s: f"{a} {s}",
    "area-3 2 2": lambda a, s: f"{a}-{_grouped(s, ' ')}",
    "area 3 2 2": lambda a, s: f"{a} {_grouped(s, ' ')}",
    "area - 3 2 2": lambda a, s: f"{a} - {_grouped(s, ' ')}",
    "(area) 3 2 2": lambda a, s: f"({a}) {_grouped(s, ' ')}",
    "area/number": lambda a, s: f"{a}/{s}",
    "dots": lambda a, s: f"{a}.{_grouped(s, '.')}",
    "+46 plain": lambda a, s: f"+46{a[1:]}{s}",
    "+46 grouped": lambda a, s: f"+46 {a[1:]} {_grouped(s, ' ')}",
    "+46 (0)": lambda a, s: f"+46 (0){a[1:]}-{_grouped(s, ' ')}",
    "+46-area-number": lambda a, s: f"+46-{a[1:]}-{s}",
    "0046 plain": lambda a, s: f"0046{a[1:]}{s}",
    "0046 grouped": lambda a, s: f"0046 {a[1:]}-{_grouped(s, ' ')}",
    "no-break hyphen": lambda a, s: f"{a}‑{_grouped(s, ' ')}",
    "no-break spaces": lambda a, s: f"{a}-{_grouped(s, chr(0xA0))}",
    "zero-width": lambda a, s: f"{a}-{s[:3]}\u200b{s[3:]}",
}

MAIL_FORMATS: dict[str, Callable[[str, str], str]] = {
    "plain": lambda n, h: f"{n}@{h}",
    "upper": lambda n, h: f"{n}@{h}".upper(),
    "angle brackets": lambda n, h: f"<{n}@{h}>",
    "mailto": lambda n, h: f"mailto:{n}@{h}",
    "full-width at": lambda n, h: f"{n}＠{h}",
    "(at)": lambda n, h: f"{n}(at){h}",
    "spaced (at)": lambda n, h: f"{n} (at) {h}",
    "[at]": lambda n, h: f"{n}[at]{h}",
    "snabel-a": lambda n, h: f"{n} snabel-a {h}",
    "snabela": lambda n, h: f"{n} snabela {h}",
    "at dot": lambda n, h: f"{n} at {h.replace('.', ' dot ')}",
    "punkt": lambda n, h: f"{n}(at){h.replace('.', ' punkt ')}",
    "(a)": lambda n, h: f"{n}(a){h}",
    "spaced at sign": lambda n, h: f"{n} @ {h}",
    "zero-width": lambda n, h: f"{n}\u200b@{h}",
}

PLATE_LETTERS = "ABCDEFGHJKLMNPRSTUWXYZ"
PLATE_LAST = "0123456789ABCDEFGHJKLMNPRSTUWXYZ"
PLATE_FORMATS: dict[str, Callable[[str, str], str]] = {
    "ABC123": lambda a, b: f"{a}{b}",
    "ABC 123": lambda a, b: f"{a} {b}",
    "ABC-123": lambda a, b: f"{a}-{b}",
    "ABC - 123": lambda a, b: f"{a} - {b}",
    "reg ABC123": lambda a, b: f"reg {a}{b}",
    "regnr: ABC 123": lambda a, b: f"regnr: {a} {b}",
    "regnr abc123": lambda a, b: f"regnr {a.lower()}{b.lower()}",
    "bil abc 123": lambda a, b: f"bil {a.lower()} {b.lower()}",
    "moped Abc 123": lambda a, b: f"moped {a.capitalize()} {b}",
    "no-break space": lambda a, b: f"{a}\u00a0{b}",
    "soft hyphen": lambda a, b: f"{a}\u00ad{b}",
    "full-width": lambda a, b: "".join(chr(ord(c) + 0xFEE0) for c in a + b),
}

DOOR_FORMATS: dict[str, Callable[[str, int, int, str], str]] = {
    "lgh": lambda s, n, f, d: f"lgh {d}",
    "lgh nr": lambda s, n, f, d: f"lgh nr {d}",
    "lägenhet": lambda s, n, f, d: f"lägenhet {d}",
    "lgh.": lambda s, n, f, d: f"lgh.{d}",
    "street lgh": lambda s, n, f, d: f"{s} {n} lgh {d}",
    "street, lgh": lambda s, n, f, d: f"{s} {n}, lgh {d}",
    "street tr": lambda s, n, f, d: f"{s} {n}, {f} tr",
    "street B tr": lambda s, n, f, d: f"{s} {n} B, {f} tr",
    "street tr upp": lambda s, n, f, d: f"{s} {n}, {f} trappor upp",
    "street våning": lambda s, n, f, d: f"{s} {n}, våning {f}",
    "street vån": lambda s, n, f, d: f"{s} {n}A vån {f}",
    "port våning": lambda s, n, f, d: f"port {n} våning {f}",
    "våning i port": lambda s, n, f, d: f"våning {f} i port {n}",
    "uppgång plan": lambda s, n, f, d: f"uppgång B, plan {f}",
    "bor på": lambda s, n, f, d: f"bor på {s} {n}",
    "lower case": lambda s, n, f, d: f"{s.lower()} {n} lgh {d}",
    "floor and side": lambda s, n, f, d: f"{f} tr höger",
}


def _grouped(subscriber: str, separator: str) -> str:
    """1740605 → 174 06 05, 46500400 → 465 004 00, 319200 → 31 92 00."""
    first = {6: (2, 4), 7: (3, 5), 8: (3, 6)}[len(subscriber)]
    a, b = first
    return separator.join((subscriber[:a], subscriber[a:b], subscriber[b:]))


@cache
def fictitious_phones() -> list[tuple[str, str]]:
    """PTS's numbers for films and books, as area code and subscriber number."""
    return [
        *(("070", f"17406{n:02}") for n in range(5, 100)),
        *(("031", f"39006{n:02}") for n in range(100)),
        *(("08", f"465004{n:02}") for n in range(100)),
        *(("0980", f"3192{n:02}") for n in range(100)),
    ]


def positives(name: str, amount: int, *, seed: int) -> Iterator[tuple[str, Sentence]]:
    """`amount` sentences of one class, each with the format it is written in."""
    rng = random.Random(seed)
    formats = list(_WRITERS[name])
    for index in range(amount):
        written_as = formats[index % len(formats)]
        value = _WRITERS[name][written_as](rng)
        opening, closing = rng.choice(DATA["openings"]), rng.choice(DATA["closings"])
        label = _label(name, value, len(opening))
        yield written_as, Sentence(opening + value + closing, (label,))


def _label(name: str, value: str, offset: int) -> Label:
    """The personal part of the value: without the words and brackets around it."""
    start = 0
    for leading in ("regnr: ", "regnr ", "reg ", "bil ", "moped ", "mailto:", "<"):
        if value.startswith(leading):
            start = len(leading)
    end = len(value) - value.endswith(">")
    return Label(name, offset + start, offset + end)


def _numbers() -> list[str]:
    return full_list_of_test_numbers() or list(TEST_NUMBERS)


def _personnummer_writers() -> dict[str, Callable[[random.Random], str]]:
    numbers = _numbers()
    writers: dict[str, Callable[[random.Random], str]] = {}
    for title, write in PERSONNUMMER_FORMATS.items():
        writers[title] = lambda rng, write=write: write(rng.choice(numbers))
        writers[f"{title}, samordning"] = lambda rng, write=write: write(
            coordination_number(rng.choice(numbers))
        )
        if title not in ("yymmddnnnn", "yyyymmdd nnnn", "yyyy-mm-dd nnnn"):
            writers[f"{title}, typo"] = lambda rng, write=write: write(
                with_typo(rng.choice(numbers))
            )
    return writers


def _plate(rng: random.Random) -> tuple[str, str]:
    letters = "".join(rng.choices(PLATE_LETTERS, k=3))
    return letters, f"{rng.randrange(100):02}{rng.choice(PLATE_LAST)}"


def _door(rng: random.Random) -> tuple[str, int, int, str]:
    floor = rng.randrange(1, 9)
    return (
        rng.choice(DATA["streets"]),
        rng.randrange(1, 180),
        floor,
        f"1{floor - 1}0{rng.randrange(1, 9)}",
    )


_WRITERS: dict[str, dict[str, Callable[[random.Random], str]]] = {
    "pnr": _personnummer_writers(),
    "tel": {
        title: lambda rng, write=write: write(*rng.choice(fictitious_phones()))
        for title, write in PHONE_FORMATS.items()
    },
    "mail": {
        title: lambda rng, write=write: write(
            rng.choice(DATA["mail_names"]), rng.choice(DATA["mail_hosts"])
        )
        for title, write in MAIL_FORMATS.items()
    },
    "reg": {
        title: lambda rng, write=write: write(*_plate(rng))
        for title, write in PLATE_FORMATS.items()
    },
    "door": {
        title: lambda rng, write=write: write(*_door(rng)) for title, write in DOOR_FORMATS.items()
    },
}


def named(name: str, amount: int, *, seed: int) -> Iterator[Sentence]:
    """`amount` sentences with a full name (`full`) or a lone first name (`first`)."""
    rng = random.Random(seed)
    first_names, surnames = DATA["first_names"].split(), DATA["surnames"].split()
    for index in range(amount):
        yield _about(name, index, rng.choice(first_names), rng.choice(surnames))


def named_as_the_population(name: str, amount: int, *, seed: int) -> list[Sentence] | None:
    """As `named`, but persons are drawn as often as SCB counts them, rare names and all."""
    given = population("tilltalsnamn-kvinnor", "tilltalsnamn-man")
    family = population("efternamn")
    if given is None or family is None:
        return None
    rng = random.Random(seed)
    first_names = rng.choices(given[0], given[1], k=amount)
    surnames = rng.choices(family[0], family[1], k=amount)
    return [_about(name, i, first_names[i], surnames[i]) for i in range(amount)]


def _about(name: str, index: int, first_name: str, surname: str) -> Sentence:
    templates = DATA[f"{name}_name_templates"]
    person = f"{first_name} {surname}" if name == "full" else first_name
    return marked(templates[index % len(templates)].replace("@", person))


def clean(amount: int, *, seed: int) -> Iterator[Sentence]:
    """`amount` everyday sentences full of numbers and proper nouns but without personal data."""
    rng = random.Random(seed)
    templates = DATA["clean_templates"]
    for index in range(amount):
        yield Sentence(_filled(templates[index % len(templates)], rng), ())


def _filled(template: str, rng: random.Random) -> str:
    text = template
    while "{" in text:
        before, _, rest = text.partition("{")
        slot, _, after = rest.partition("}")
        text = before + _value(slot, rng) + after
    return text


def _value(slot: str, rng: random.Random) -> str:
    if slot[0] == "n" and slot[1:].isdigit():
        digits = int(slot[1:])
        return str(rng.randrange(10 ** (digits - 1), 10**digits))
    choices: dict[str, Callable[[], str]] = {
        "n": lambda: str(rng.randrange(1, 24)),
        "year": lambda: str(rng.randrange(2019, 2027)),
        "date": lambda: str(date(2019, 1, 1) + timedelta(days=rng.randrange(2900))),
        "clock": lambda: f"kl {rng.randrange(24):02}.{rng.randrange(60):02}",
        "place": lambda: rng.choice(DATA["places"]),
        "street": lambda: rng.choice(DATA["streets"]),
        "org": lambda: rng.choice(DATA["organisations"]),
        "thing": lambda: rng.choice(DATA["things"]),
        "things": lambda: rng.choice(DATA["things_inside"]),
    }
    return choices[slot]()
