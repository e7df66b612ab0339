"""Numbers, days and sentences in the reader's language; the sentences stand in `_catalogue`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from lagesbild._results import Basis
from lagesbild.plot._catalogue import CAVEATS, METHODS, MONTHS, NOUNS, SENTENCES

LANGUAGES = ("sv", "en")
Period = tuple[Any, Any]
NARROW, WIDE = "\u202f", "\u00a0"  # spaces where no line breaks


class Words:
    """What a figure says, in one language. Raises ValueError for a language that is not known."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"language: one of {', '.join(LANGUAGES)} wanted, {language!r} given")
        self.language = language
        self._column = LANGUAGES.index(language)

    def __call__(self, key: str, **values: Any) -> str:
        return SENTENCES[key][self._column].format(**values)

    def capital(self, key: str) -> str:
        """As it stands at the head of a column; a symbol stays small."""
        said = self(key)
        return said if len(said) < 2 else said[0].upper() + said[1:]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Words) and other.language == self.language

    def __hash__(self) -> int:
        return hash(self.language)

    # Numbers -------------------------------------------------------------------------------------

    def number(self, value: float, *, digits: int | None = None) -> str:
        """Three figures that count, thousands apart: 12 345, 3,46, 0,012."""
        if not np.isfinite(value):
            return "–" if np.isnan(value) else "∞" if value > 0 else "−∞"
        if digits is None:
            size = abs(value)
            whole = float(value).is_integer()
            digits = 0 if whole or size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3
        said = f"{value:,.{digits}f}"
        if "." in said:
            said = said.rstrip("0").rstrip(".")
        said = "0" if said in ("-0", "0") else said.replace("-", "−")
        if self.language == "sv":
            return said.replace(",", NARROW).replace(".", ",")
        return said

    def share(self, value: float, *, digits: int = 0) -> str:
        """Per cent; what is not quite none or all does not read as such."""
        if not np.isfinite(value):
            return "–"
        gap = WIDE if self.language == "sv" else ""
        step = 10.0 ** (-digits - 2)
        if 0 < value < step / 2:
            return f"< {self.number(step * 100)}{gap}%"
        if 1 - step / 2 < value < 1:
            return f"> {self.number(100 - step * 100)}{gap}%"
        return f"{self.number(round(100 * value, digits))}{gap}%"

    def plain_p(self, value: float) -> str:
        """A p- or q-value without its letter."""
        if not np.isfinite(value):
            return "–"
        return (
            f"<{WIDE}{self.number(0.001)}" if value < 0.001 else self.number(round(float(value), 3))
        )

    def p(self, value: float) -> str:
        said = self.plain_p(value)
        return f"p {said}" if said.startswith("<") else f"p = {said}"

    def count(self, noun: str, n: int) -> str:
        """'1 händelse', '12 345 händelser'."""
        one, many = NOUNS[noun][self._column]
        return f"{self.number(n)}{WIDE}{one if n == 1 else many}"

    def metres(self, value: float) -> str:
        if value >= 1000:
            return f"{self.number(round(value / 1000, 1))}{WIDE}km"
        return f"{self.number(round(value, 0 if value >= 10 else 1))}{WIDE}m"

    def days(self, value: float) -> str:
        return f"{self.number(value)}{WIDE}{self('days')}"

    # Days ----------------------------------------------------------------------------------------

    def date(self, day: Any, *, year: bool = True) -> str:
        """'3 mars 2025'; anything that is no date as it is."""
        if not is_date(day):
            return str(day)
        y, m, d = (int(part) for part in str(np.datetime64(day).astype("datetime64[D]")).split("-"))
        said = f"{d} {MONTHS[self._column][m - 1]}"
        return f"{said} {y}" if year else said

    def span(self, first: Any, last: Any) -> str:
        """'3-9 mars 2025', as short as it can be said."""
        if not (is_date(first) and is_date(last)):
            return str(first) if str(first) == str(last) else f"{first}–{last}"
        start, end = (np.datetime64(day).astype("datetime64[D]") for day in (first, last))
        if start == end:
            return self.date(end)
        if start.astype("datetime64[M]") == end.astype("datetime64[M]"):
            return f"{str(start)[8:].lstrip('0')}–{self.date(end)}"
        same_year = start.astype("datetime64[Y]") == end.astype("datetime64[Y]")
        return f"{self.date(start, year=not same_year)} – {self.date(end)}"

    def hours(self, first: int, last: int) -> str:
        """'kl. 20-24'; past midnight the clock begins anew."""
        return self("hours", first=f"{first % 24:02d}", last=f"{(last - 1) % 24 + 1:02d}")

    # What a figure rests on ----------------------------------------------------------------------

    def caption(
        self, basis: Basis, n: str, *, period: Period | None = None, more: Sequence[str] = ()
    ) -> str:
        """How to read it, then what it rests on: n, period, method, replicates, seed, data."""
        parts = [self("basis.n", n=n)]
        if period is not None:
            parts.append(self.span(*period))
        chance = ""
        if basis.replicates:
            noun = METHODS_DRAW.get(basis.method.split(",")[0], "replicates")
            chance = self.count(noun, basis.replicates)
        seed = self("basis.seed", seed=basis.seed) if basis.seed is not None else ""
        drawn = ", ".join(part for part in (chance, seed) if part)
        method = self("basis.method", method=self.method(basis))
        data = self("basis.data", fingerprint=basis.fingerprint) if basis.fingerprint else ""
        rest = ", ".join(parts) + ". " + method + (f" ({drawn})" if drawn else "") + ". " + data
        return " ".join(part for part in (*more, rest.strip()) if part)

    def method(self, basis: Basis) -> str:
        return METHODS.get(basis.method, (basis.method, basis.method))[self._column]

    def q_of(self, basis: Basis) -> str:
        """How p became q."""
        correction = basis.parameters.get("multiple_testing")
        return self(f"q.{correction}") if correction else self("q.None")

    def caveat(self, sentence: str) -> str:
        """A result's own caveat; one that has no translation stays as it is."""
        if self.language == "en":
            return sentence
        for pattern, said in CAVEATS:
            if found := re.fullmatch(pattern, sentence):
                return said.format(*found.groups())
        return sentence


METHODS_DRAW = {
    "aoristic weekday and hour": "resamples", "Getis-Ord Gi*": "permutations",
    "Getis-Ord Gi": "permutations", "Knox' test": "permutations",
    "space-time permutation scan": "permutations", "synthetic control": "placebos",
    "synthetic difference in differences": "placebos",
}  # fmt: skip


# Days on an axis ---------------------------------------------------------------------------------


def is_date(value: Any) -> bool:
    """A datetime64 or a date; years and column numbers are none."""
    if isinstance(value, np.datetime64):
        return not np.isnat(value)
    return hasattr(value, "isoformat")


def days_of(moment: Any) -> float:
    """Days since 1970."""
    return float(np.datetime64(moment).astype("datetime64[s]").astype(np.int64) / 86_400)


def dates_axis(axes: Any, low: float, high: float, words: Words) -> None:
    """At most six ticks on whole days, months or years, between days since 1970."""
    days = _days_to_mark(low, high)
    years = [day.astype("datetime64[Y]") for day in days]
    labels = [
        _label(day, i == 0 or years[i] != years[i - 1], days, words) for i, day in enumerate(days)
    ]
    axes.set_xticks([days_of(day) for day in days], labels)
    axes.set_xlim(low, high)


def _days_to_mark(low: float, high: float) -> list[Any]:
    first = np.datetime64(int(np.ceil(low)), "D")
    last = np.datetime64(int(np.floor(high)), "D")
    for step in (1, 2, 7, 14):
        if (high - low) / step <= 6:
            # Weeks are marked on Mondays; 1970-01-05 was one.
            offset = (4 - int(first.astype(int))) % 7 if step >= 7 else 0
            return list(np.arange(first + offset, last + 1, step)) or [first]
    for months in (1, 2, 3, 6, 12, 24, 60, 120):
        if (high - low) / 30.4 / months <= 6:
            start = first.astype("datetime64[M]")
            number = -(
                -(int(start.astype(int)) + int(start.astype("datetime64[D]") < first)) // months
            )
            at = np.arange(
                number * months, int(last.astype("datetime64[M]").astype(int)) + 1, months
            )
            return [np.datetime64(int(m), "M").astype("datetime64[D]") for m in at] or [first]
    return [first, last]


def _label(day: Any, says_year: bool, days: list[Any], words: Words) -> str:
    y, m, d = str(day).split("-")
    if len(days) > 1 and all(str(one).endswith("-01-01") for one in days):
        return y
    month = MONTHS[LANGUAGES.index(words.language)][int(m) - 1][:3]
    by_day = any(not str(one).endswith("-01") for one in days) or len(days) == 1
    said = f"{int(d)} {month}" if by_day else month
    return f"{said}\n{y}" if says_year else said
