"""The shape that every readable file is brought into, and how large it may be."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from kraftsamling.kit.tabular.decoding import broken_characters
from kraftsamling.kit.tabular.problems import Problem, unreadable

_FORMULA = re.compile(r"^\s*(=|@|[+\-](?![\d\s.,]|$))")


@dataclass(frozen=True)
class Limits:
    """How much of a file is taken in."""

    bytes: int = 25 * 1024 * 1024
    rows: int = 50_000
    columns: int = 100
    cell: int = 10_000


@dataclass(frozen=True)
class Row:
    """One row: the number a spreadsheet shows for it, and a text for each column."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A file as rows of texts. `problems` are those of single rows, found while reading."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    format: str  # csv | excel | geojson
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    problems: tuple[Problem, ...] = field(default=())


def refuse_if_too_large(size: int, limits: Limits) -> None:
    """Raises UnreadableFile when a file of `size` bytes is over the limit."""
    if size > limits.bytes:
        raise unreadable(
            "too_large",
            _("Filen är %(size)s MB. Gränsen är %(limit)s MB.")
            % {"size": round(size / 1024 / 1024, 1), "limit": round(limits.bytes / 1024 / 1024)},
            _("Dela upp filen, eller be den som sköter driften att läsa in den."),
        )


def to_table(
    rows: Iterable[tuple[int, list[str]]], *, limits: Limits, format: str, **about: str
) -> Table:
    """A table from numbered rows of texts; the first that is not blank is the header.

    Raises UnreadableFile for a table without rows, too large, or with columns of the same name.
    """
    problems: list[Problem] = []
    header: tuple[str, ...] = ()
    kept: list[Row] = []
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if not header:
            header = _to_header(cells, number, limits)
            continue
        if len(kept) >= limits.rows:
            raise _too_many_rows(limits)
        problems += _problems_of(number, cells, header, limits)
        kept.append(Row(number, tuple(cell.strip() for cell in cells[: len(header)])))
    if not kept:
        raise unreadable(
            "empty",
            _("Filen har inga rader med uppgifter."),
            _("Den första raden ska vara rubriker och varje rad därefter en post."),
        )
    return Table(header, tuple(kept), format, problems=tuple(problems), **about)


def _too_many_rows(limits: Limits) -> Exception:
    return unreadable(
        "too_many_rows",
        _("Filen har fler än %(limit)s rader.") % {"limit": limits.rows},
        _("Dela upp filen i flera."),
    )


def _to_header(cells: list[str], number: int, limits: Limits) -> tuple[str, ...]:
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > limits.columns:
        raise unreadable(
            "too_many_columns",
            _("Filen har fler än %(limit)s kolumner.") % {"limit": limits.columns},
            _("Ta bort kolumner som inte behövs."),
            row=number,
        )
    names = [
        " ".join(cell.split())[:100] or _("Kolumn %(number)s") % {"number": index}
        for index, cell in enumerate(cells, start=1)
    ]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise unreadable(
            "column_twice",
            _("Två kolumner har samma rubrik."),
            _("Ge varje kolumn en egen rubrik."),
            row=number,
            column=twice,
        )
    return tuple(names)


def _problems_of(
    number: int, cells: list[str], header: tuple[str, ...], limits: Limits
) -> list[Problem]:
    if len(cells) < len(header) or any(cell.strip() for cell in cells[len(header) :]):
        return [
            Problem(
                "ragged_row",
                _("Raden har %(cells)s fält men rubrikraden %(columns)s.")
                % {"cells": len(cells), "columns": len(header)},
                _("Är filen avklippt, eller saknas citattecken runt en text med skiljetecken?"),
                row=number,
            )
        ]
    found = []
    for column, cell in zip(header, cells, strict=False):
        if problem := _problem_of_cell(cell, number, column, limits):
            found.append(problem)
    return found


def _problem_of_cell(cell: str, number: int, column: str, limits: Limits) -> Problem | None:
    if len(cell) > limits.cell:
        return Problem(
            "cell_too_long",
            _("Texten är längre än %(limit)s tecken.") % {"limit": limits.cell},
            _("Korta texten."),
            row=number,
            column=column,
            value=cell,
        )
    if cell and cell[0] in " \t=@+-" and _FORMULA.match(cell):
        return formula_problem(number, column, cell)
    return broken_characters(cell, row=number, column=column)


def formula_problem(number: int, column: str, value: str) -> Problem:
    return Problem(
        "formula",
        _("Cellen innehåller en formel."),
        _("Klistra in resultatet som värde, och spara om filen."),
        row=number,
        column=column,
        value=value,
    )
