"""CSV in the forms that spreadsheets write it."""

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from kraftsamling.kit.tabular.decoding import decode
from kraftsamling.kit.tabular.problems import unreadable
from kraftsamling.kit.tabular.table import Limits, Table, to_table

_DELIMITERS = (";", ",", "\t", "|")
_SAMPLE_ROWS = 30


def read_delimited(data: bytes, *, limits: Limits) -> Table:
    """Read a CSV file. Raises UnreadableFile."""
    decoded = decode(data)
    text, skipped, declared = _without_sep_line(decoded.text)
    delimiter = declared or _sniff(text)
    rows = _numbered_rows(text, delimiter, skipped)
    return to_table(
        rows, limits=limits, format="csv", encoding=decoded.encoding, delimiter=delimiter
    )


def _without_sep_line(text: str) -> tuple[str, int, str]:
    """Excel's own hint on the first line, 'sep=;', is obeyed and left out."""
    first, _newline, rest = text.partition("\n")
    hint = first.strip()
    if hint.lower().startswith("sep=") and len(hint) == 5:
        return rest, 1, hint[4]
    return text, 0, ""


def _sniff(text: str) -> str:
    """The delimiter that cuts the first rows into most columns of an even count.

    csv.Sniffer is not used: it takes letters for delimiters and dislikes addresses with commas.
    """
    best, best_score = _DELIMITERS[0], (0.0, 0)
    for delimiter in _DELIMITERS:
        widths = []
        try:
            for row in csv.reader(io.StringIO(text[:200_000]), delimiter=delimiter):
                if row:
                    widths.append(len(row))
                if len(widths) == _SAMPLE_ROWS:
                    break
        except csv.Error:
            continue
        if not widths or widths[0] == 1:
            continue
        evenness = widths.count(widths[0]) / len(widths)
        best, best_score = max(
            (best, best_score), (delimiter, (evenness, widths[0])), key=lambda pair: pair[1]
        )
    return best


def _numbered_rows(text: str, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = skipped
    try:
        for cells in reader:
            number += 1
            yield number, cells
    except csv.Error as error:
        raise unreadable(
            "broken_csv",
            _("Ett citattecken öppnas men stängs aldrig, eller så är filen avklippt."),
            _("Kontrollera raden och att hela filen följde med. Spara annars om den som Excel."),
            row=number + 1,
        ) from error
