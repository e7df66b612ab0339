"""CSV that opens right in Swedish Excel, with cells that stay text."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

# What spreadsheets take for the start of a formula, the full-width twins included.
_STARTS_A_FORMULA = re.compile(r"^[=+\-@\t\r\n＝＋－＠]")
_IS_A_NUMBER = re.compile(r"^[+\-]?\d+([.,]\d+)?$")


def to_safe_cell(value: str) -> str:
    """The value, with an apostrophe before it where a spreadsheet would run it as a formula."""
    if _STARTS_A_FORMULA.match(value) and not _IS_A_NUMBER.match(value):
        return f"'{value}"
    return value


def to_csv(header: Sequence[str], rows: Iterable[Sequence[str]], *, delimiter: str = ";") -> bytes:
    """A CSV file in UTF-8 with a byte order mark: without it, Excel breaks å, ä and ö."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([to_safe_cell(cell) for cell in header])
    writer.writerows([to_safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
