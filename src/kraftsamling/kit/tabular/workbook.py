"""Excel workbooks (.xlsx), looked through before they are opened.

A workbook is a zip of XML, and a small one can unfold into gigabytes: one cell in the last corner
of a sheet is enough. So the parts are measured and scanned first; calamine reads what is left.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from kraftsamling.kit.tabular.problems import Problem, unreadable
from kraftsamling.kit.tabular.table import Limits, Table, formula_problem, to_table

_MOST_PARTS = 2000
_MOST_UNPACKED = 120 * 1024 * 1024
_MOST_CELLS = 5_000_000
# All that zipfile raises for archives that were cut, flipped or made to harm.
_ZIP_ERRORS = (
    zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, OSError,
    OverflowError, RuntimeError, ValueError, struct.error,
)  # fmt: skip
_CELL = re.compile(
    rb'<(?:\w+:)?c\s(?:[^>]*?\s)?r="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*(<(?:\w+:)?f[\s>/])?'
)
_SHEET = re.compile(rb'<(?:\w+:)?sheet\s[^>]*?r:id="([^"]+)"')
_RELATION = re.compile(rb"<Relationship\s[^>]*>")


def read_workbook(data: bytes, *, limits: Limits) -> Table:
    """Read the first sheet. Raises UnreadableFile for what is broken, hostile or too large."""
    parts = _unpacked_parts(data)
    sheet_part = parts.get(_first_sheet(parts), b"")
    formulas = list(_formulas(sheet_part, limits))
    for name, part in parts.items():
        if name.startswith("xl/worksheets/") and part is not sheet_part:
            list(_formulas(part, limits))  # for its refusal of sheets that are too large
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet_name = workbook.sheet_names[0]
        sheet = workbook.get_sheet_by_name(sheet_name)
        rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    except (CalamineError, IndexError, OSError, ValueError) as error:
        raise _broken() from error
    table = to_table(
        ((number, [_to_text(cell) for cell in row]) for number, row in enumerate(rows, start=1)),
        limits=limits,
        format="excel",
        sheet=sheet_name,
    )
    return _with_formulas(table, formulas)


def _broken() -> Exception:
    return unreadable(
        "broken_workbook",
        _("Excelfilen är skadad eller avklippt."),
        _("Hämta eller skicka filen på nytt. Öppna den i Excel och spara om den."),
    )


def _unpacked_parts(data: bytes) -> dict[str, bytes]:
    """Every XML part, unpacked under a common limit: what the zip says of sizes may be a lie."""
    left, parts = _MOST_UNPACKED, {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if len(names) > _MOST_PARTS or "xl/workbook.xml" not in names:
                raise _broken()
            for name in names:
                with archive.open(name) as part:
                    content = part.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise _too_much()
                if name.endswith((".xml", ".rels")):
                    parts[name] = content
    except _ZIP_ERRORS as error:
        raise _broken() from error
    if any(b"<!DOCTYPE" in part or b"<!ENTITY" in part for part in parts.values()):
        raise _broken()
    return parts


def _too_much() -> Exception:
    return unreadable(
        "too_large_unpacked",
        _("Excelfilen är för stor när den packas upp."),
        _("Ta bort blad, bilder och tomma kolumner, eller spara bladet som CSV UTF-8."),
    )


def _first_sheet(parts: dict[str, bytes]) -> str:
    """The part that holds the first sheet, by way of the workbook's relations."""
    first = _SHEET.search(parts.get("xl/workbook.xml", b""))
    wanted = first.group(1) if first else b""
    for relation in _RELATION.findall(parts.get("xl/_rels/workbook.xml.rels", b"")):
        target = re.search(rb'Target="([^"]+)"', relation)
        if b'Id="' + wanted + b'"' in relation and target:
            path = target.group(1).decode("utf-8", "replace")
            return path.lstrip("/") if path.startswith("/") else f"xl/{path}"
    return "xl/worksheets/sheet1.xml"


def _formulas(sheet: bytes, limits: Limits) -> Iterator[tuple[int, int]]:
    """(row, column), from 1, of each cell with a formula. Refuses a sheet of too large extent."""
    last_row = last_column = 0
    for match in _CELL.finditer(sheet):
        row, column = int(match.group(2)), _column_number(match.group(1))
        last_row, last_column = max(last_row, row), max(last_column, column)
        if match.group(3):
            yield row, column
    if last_row > limits.rows * 2 or last_row * last_column > _MOST_CELLS:
        raise unreadable(
            "too_many_rows",
            _("Bladet sträcker sig till rad %(row)s, kolumn %(column)s.")
            % {"row": last_row, "column": last_column},
            _("Ta bort det som står långt nedanför eller till höger om tabellen."),
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _with_formulas(table: Table, formulas: list[tuple[int, int]]) -> Table:
    cells = {row.number: row.cells for row in table.rows}
    problems: list[Problem] = []
    for row, column in formulas:
        if row in cells and column <= len(table.header):
            name, value = table.header[column - 1], cells[row][column - 1]
            problems.append(formula_problem(row, name, value))
    return Table(
        table.header,
        table.rows,
        table.format,
        sheet=table.sheet,
        problems=(*table.problems, *problems),
    )


def _to_text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat(timespec="minutes")
    return str(cell)
