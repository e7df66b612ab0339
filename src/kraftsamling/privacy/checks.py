"""Gives a matched text its verdict. The same functions stand in the browser's checks.mjs."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from re import Pattern
from typing import Final

DAYS_IN_MONTH: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
COORDINATION: Final = 60  # is added to the day of birth in a samordningsnummer
# Invoices and cases are numbered by date and serial number too: 260811-0042 of these years.
RECENT: Final = range(18, 30)
LETTERS_READ_AS_DIGITS: Final = str.maketrans("oOlI", "0011")
# Digits after the area code, by its length; no area is 0 long.
SUBSCRIBER: Final = {0: (0, -1), 2: (6, 8), 3: (5, 7), 4: (5, 6)}
TENS: Final = ("tjugo", "trettio", "fyrtio", "femtio", "sextio", "sjuttio", "åttio", "nittio")


@dataclass(frozen=True, slots=True)
class Tables:
    """The lists that the checks look things up in."""

    public_prefixes: tuple[str, ...]
    three_digit_areas: frozenset[str]
    four_digit_areas: frozenset[str]
    not_numbers: Sequence[Pattern[str]]
    plate_words: frozenset[str]
    plate_codes: frozenset[str]
    plate_rooms: frozenset[str]
    models: frozenset[str]
    model_numbers: frozenset[str]


def personnummer(text: str, tables: Tables) -> str:
    """Judge 10 or 12 digits: valid, serial, read, unread, typo, coordination, clock or no date.

    `read`: right, once letters are read as the digits they look like; `unread`: not even then.
    `recent`: right, but of the years that dates are of; `serial`: and it ends as a serial number
    does. A wrong check digit is a `typo`.
    """
    number = digits_of(text.translate(LETTERS_READ_AS_DIGITS))
    if len(number) not in (10, 12):
        return ""
    last_ten = number[-10:]
    day = int(last_ten[4:6])
    coordination = day > COORDINATION
    if not _is_date(last_ten[2:4], day - COORDINATION if coordination else day):
        return "no date"
    if not coordination and _is_date_and_clock(text, number):
        return "clock"
    right = luhn(last_ten)
    has_letters = len(digits_of(text)) < len(number)
    if coordination:
        return "coordination" if right and not has_letters else "coordination typo"
    if has_letters:
        return "read" if right else "unread" if _mostly_digits(text) else ""
    return _dated(number) if right else f"{_dated(number)} typo".removeprefix("valid ")


def personnummer_in_pieces(text: str, tables: Tables) -> str:
    """As `personnummer`, but nothing where the digits look like a row of figures.

    One kind of gap throughout may stand anywhere; gaps of several kinds only where the parts of a
    personnummer meet, so that a table's 10-14,1,2024,109 is none.
    """
    groups: list[str] = re.findall("[0-9oOlI]+", text)
    gaps = {gap.strip() for gap in re.findall("[^0-9oOlI]+", text.strip("()"))}
    length = sum(map(len, groups))
    joints = {length - 10, length - 8, length - 6, length - 4, length - 2}
    ends = set(accumulate(len(group) for group in groups[:-1]))
    alike = len(gaps) < 2 and gaps != {","}
    return personnummer(text, tables) if alike or ends <= joints else ""


def _dated(number: str) -> str:
    if not _is_recent(number):
        return "valid"
    return "serial" if number[-4] == "0" else "recent"


def birth_date(text: str, tables: Tables) -> str:
    """`date` when the digits begin with a date of six or eight digits, else `no date`."""
    number = digits_of(text)
    six = number[2:8] if number[:2] in ("19", "20") and len(number) in (8, 12) else number[:6]
    month, day = six[2:4], int(six[4:6] or "0")
    return "date" if _is_date(month, day) or _is_date(month, day - COORDINATION) else "no date"


def landline(text: str, tables: Tables) -> str:
    """`found` when area code and length fit the Swedish numbering plan and it is not public.

    `odd` and, for the shortest, `short` when the digits are grouped as nobody groups a number.
    """
    plain = text.translate(LETTERS_READ_AS_DIGITS)
    number = national_number(plain)
    if not _is_dialled(number, tables) or any(each.fullmatch(text) for each in tables.not_numbers):
        return ""
    if _leading_digits(plain) in (number[: _area_length(number, tables)], number):
        return "found"
    # Grouped like this the ten digits of a personnummer are one, though 060 is an area too.
    if personnummer(plain, tables) in ("valid", "recent"):
        return ""
    return "odd" if len(number) > 8 else "short"


def _is_dialled(number: str, tables: Tables) -> bool:
    """Whether the numbering plan has such numbers, and they may be somebody's own."""
    area = _area_length(number, tables)
    shortest, longest = SUBSCRIBER[area]
    if number.startswith("07"):
        shortest = longest
    elif number[area : area + 1] == "0":
        return False
    fits = shortest <= len(number) - area <= longest
    return fits and not number.startswith(tables.public_prefixes)


def _area_length(number: str, tables: Tables) -> int:
    """How long the area code is, with its zero; 0 when there is no such area."""
    if number.startswith("08"):
        return 2
    if number[:3] in tables.three_digit_areas or re.match("07[02369]", number):
        return 3
    return 4 if number[:4] in tables.four_digit_areas else 0


def _leading_digits(text: str) -> str:
    """The first group of digits as in a national number: 031 of +46 (0)31-39 00."""
    groups: list[str] = re.findall("[0-9]+", text)
    if is_international(text):
        first = groups[0].removeprefix("00").removeprefix("46")
        groups = [first, *groups[1:]] if first else groups[1:]
        if groups[0] == "0":
            groups = groups[1:]
        return "0" + groups[0].removeprefix("0") if groups else ""
    return groups[0]


def any_number(text: str, tables: Tables) -> str:
    """`found` for anything but a public number."""
    return "" if national_number(text).startswith(tables.public_prefixes) else "found"


def foreign_number(text: str, tables: Tables) -> str:
    """`found` for an international number that is not Swedish."""
    number = digits_of(text).removeprefix("00")
    return "" if number.startswith("46") else "found"


def plate(text: str, tables: Tables) -> str:
    """`upper` or `lower`, then `word` or `code` where the letters are one, perhaps `joined`.

    A car's model is nothing. Two digits and a letter after a word in capitals are hardly chance.
    """
    case = "upper" if text == text.upper() else "lower"
    signs = _signs(text)
    letters, number = signs[:3], signs[3:]
    joined = " joined" if len(text) == len(signs) else ""
    if letters in tables.models and number in tables.model_numbers:
        return ""
    if number[2].isdigit() or case == "lower":
        is_code, is_word = letters in tables.plate_codes, letters in tables.plate_words
    else:
        is_code, is_word = letters in tables.plate_rooms, False
    return f"{case} code{joined}" if is_code else f"{case} word{joined}" if is_word else case


def foreign_plate(text: str, tables: Tables) -> str:
    """`found` for capitals and digits together, six or more, that are no word with a number."""
    letters = re.findall("[a-zåäö]+|[0-9]+", text.lower())[0]
    if text != text.upper() or len(_signs(text)) < 6:
        return ""
    return "" if letters in tables.plate_words | tables.plate_codes else "found"


def partial_plate(text: str, tables: Tables) -> str:
    """`found` when a sign or two of a plate are hidden and enough is left."""
    letters, rest = text[:3], text[3:]
    hidden = any(c in text for c in "?*_") or any(sign in rest for sign in ("x", "..", "…"))
    left = sum("A" <= c <= "Z" for c in letters) + sum("0" <= c <= "9" for c in rest)
    is_common = letters.lower() in tables.plate_words | tables.plate_codes
    return "found" if hidden and left >= 3 and not is_common else ""


def plate_beginning(text: str, tables: Tables) -> str:
    """`found` unless the letters are an abbreviation or a model, or a word with a number."""
    letters = re.sub("[^a-z]", "", text.lower())[:3]
    common = tables.plate_words | tables.plate_codes | tables.models
    return "" if letters in common and digits_of(text) else "found"


def partial_phone(text: str, tables: Tables) -> str:
    """`found` when a Swedish number breaks off, or hides two digits or more, and four are left."""
    number = national_number(text)
    hidden = re.search("[xX*?_]", text)
    is_cut = not hidden and not "0" <= text[-1] <= "9"
    if len(number) < 4 or not (is_cut or re.search("[xX*?_][ -]?[xX*?_]", text)):
        return ""
    return "found" if _area_length(number, tables) else ""


def number_words(text: str, tables: Tables) -> str:
    """`found` when digits said in words make a number as long as a phone number."""
    words = re.findall("[a-zåäö]+|[0-9]+", text.lower())
    length = sum(map(_digits_said, words))
    spoken = sum(not "0" <= word[0] <= "9" for word in words)
    return "found" if 8 <= length <= 13 and spoken > 2 else ""


def _digits_said(word: str) -> int:
    if "0" <= word[0] <= "9":
        return len(word)
    if "hundra" in word:
        return 3
    return (
        2 if word.startswith(TENS) or word in ("tio", "elva", "tolv") or word[-3:] == "ton" else 1
    )


def found(text: str, tables: Tables) -> str:
    """Nothing to check: the pattern says it all."""
    return "found"


CHECKS: Final[Mapping[str, Callable[[str, Tables], str]]] = {
    "personnummer": personnummer,
    "personnummer_in_pieces": personnummer_in_pieces,
    "birth_date": birth_date,
    "landline": landline,
    "any_number": any_number,
    "foreign_number": foreign_number,
    "number_words": number_words,
    "plate": plate,
    "foreign_plate": foreign_plate,
    "partial_plate": partial_plate,
    "plate_beginning": plate_beginning,
    "partial_phone": partial_phone,
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


def is_international(text: str) -> bool:
    """Whether a Swedish number is written with the country code."""
    return text.lstrip("(").startswith("+") or digits_of(text).startswith(("0046", "46"))


def national_number(text: str) -> str:
    """A Swedish number from its leading zero, whatever it began with."""
    number = digits_of(text)
    if is_international(text):
        number = "0" + number.removeprefix("00").removeprefix("46").removeprefix("0")
    return number


def _signs(text: str) -> str:
    """Only letters and digits, in lower case."""
    return re.sub("[^0-9a-zåäö]", "", text.lower())


def _mostly_digits(text: str) -> bool:
    return 2 * len(digits_of(text)) > len(text)


def _is_recent(number: str) -> bool:
    century = number[:2] if len(number) == 12 else "20"
    return century == "20" and int(number[-10:-8]) in RECENT


def _is_date(month: str, day: int) -> bool:
    return "01" <= month <= "12" and 1 <= day <= DAYS_IN_MONTH[int(month) - 1]


def _is_date_and_clock(text: str, number: str) -> bool:
    """20240312 1430 is when something happened, not who somebody is."""
    this_century = number.startswith("20") if len(number) == 12 else _is_recent(number)
    return this_century and text[-5:-4] == " " and number[-4:-2] < "24" and number[-2:] < "60"
