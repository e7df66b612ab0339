"""Gives a matched text its verdict. The same functions stand in the browser's checks.mjs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from re import Pattern
from typing import Final

DAYS_IN_MONTH: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
COORDINATION: Final = 60  # is added to the day of birth in a samordningsnummer


@dataclass(frozen=True, slots=True)
class Tables:
    """The lists that the checks look things up in."""

    public_prefixes: tuple[str, ...]
    three_digit_areas: frozenset[str]
    not_numbers: Sequence[Pattern[str]]
    plate_words: frozenset[str]


def personnummer(text: str, tables: Tables) -> str:
    """Judge 10 or 12 digits: valid, typo, coordination, coordination typo, clock or no date."""
    number = digits_of(text.replace("o", "0").replace("O", "0"))
    if len(number) not in (10, 12):
        return ""
    last_ten = number[-10:]
    day = int(last_ten[4:6])
    coordination = day > COORDINATION
    if not _is_date(last_ten[2:4], day - COORDINATION if coordination else day):
        return "no date"
    valid = luhn(last_ten) and "o" not in text.lower()
    if not coordination and _is_date_and_clock(text, number):
        return "clock"
    if coordination:
        return "coordination" if valid else "coordination typo"
    return "valid" if valid else "typo"


def birth_date(text: str, tables: Tables) -> str:
    """`date` when the digits begin with a date of six or eight digits, else `no date`."""
    number = digits_of(text)
    six = number[2:8] if number[:2] in ("19", "20") and len(number) in (8, 12) else number[:6]
    month, day = six[2:4], int(six[4:6] or "0")
    return "date" if _is_date(month, day) or _is_date(month, day - COORDINATION) else "no date"


def landline(text: str, tables: Tables) -> str:
    """`found` when area code and length fit the Swedish numbering plan and it is not public."""
    if any(pattern.fullmatch(text) for pattern in tables.not_numbers):
        return ""
    number = national_number(text)
    if number.startswith(tables.public_prefixes):
        return ""
    area = 2 if number.startswith("08") else 3 if number[:3] in tables.three_digit_areas else 4
    subscriber = number[area:]
    shortest, longest = {2: (6, 8), 3: (5, 7), 4: (5, 6)}[area]
    fits = shortest <= len(subscriber) <= longest and not subscriber.startswith("0")
    return "found" if fits and number[1] != "7" else ""


def any_number(text: str, tables: Tables) -> str:
    """`found` for anything but a public number."""
    return "" if national_number(text).startswith(tables.public_prefixes) else "found"


def foreign_number(text: str, tables: Tables) -> str:
    """`found` for an international number that is not Swedish."""
    number = digits_of(text).removeprefix("00")
    return "" if number.startswith("46") else "found"


def plate(text: str, tables: Tables) -> str:
    """`upper` or `lower`, then `word` where the letters are an ordinary word, perhaps `joined`."""
    case = "upper" if text == text.upper() else "lower"
    if text[:3].lower() not in tables.plate_words:
        return case
    return f"{case} word joined" if len(text) == 6 else f"{case} word"


def found(text: str, tables: Tables) -> str:
    """Nothing to check: the pattern says it all."""
    return "found"


CHECKS: Final[Mapping[str, Callable[[str, Tables], str]]] = {
    "personnummer": personnummer,
    "birth_date": birth_date,
    "landline": landline,
    "any_number": any_number,
    "foreign_number": foreign_number,
    "plate": plate,
    "found": found,
}


def luhn(number: str) -> bool:
    """Whether the last digit checks the others, as in personnummer."""
    total = 0
    for position, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + position % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def digits_of(text: str) -> str:
    """Only the digits of a folded text."""
    return "".join(c for c in text if "0" <= c <= "9")


def national_number(text: str) -> str:
    """A Swedish number from its leading zero, whatever it began with."""
    number = digits_of(text)
    if text.startswith("+") or number.startswith(("0046", "46")):
        number = "0" + number.removeprefix("00").removeprefix("46").removeprefix("0")
    return number


def _is_date(month: str, day: int) -> bool:
    return "01" <= month <= "12" and 1 <= day <= DAYS_IN_MONTH[int(month) - 1]


def _is_date_and_clock(text: str, number: str) -> bool:
    """20240312 1430 is when something happened, not who somebody is."""
    apart = text[-5:-4] == " " and len(number) == 12 and number.startswith("20")
    return apart and number[8:10] < "24" and number[10:] < "60"
