"""CSV and Excel from strangers."""

import io
import zipfile

import pytest

from kraftsamling.kit.tabular.numbers import to_number
from kraftsamling.kit.tabular.problems import Problem, UnreadableFile, problems_to_csv
from kraftsamling.kit.tabular.reading import read_table
from kraftsamling.kit.tabular.table import Limits
from kraftsamling.kit.tabular.writing import to_csv, to_safe_cell
from tests.rooms.places.files import GOOD_ROWS, HEADER, csv_of, workbook_of


def refusal(data: bytes, **limits: int) -> Problem:
    with pytest.raises(UnreadableFile) as refused:
        read_table(data, limits=Limits(**limits))
    return refused.value.problem


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_swedish_letters_survive_every_common_encoding(encoding, delimiter):
    table = read_table(csv_of(*GOOD_ROWS, encoding=encoding, delimiter=delimiter))
    assert table.header == HEADER
    assert table.rows[0].cells[0] == "Åby bibliotek"
    assert table.rows[0].cells[2] == "58,662086"
    assert table.problems == ()


def test_a_comma_file_keeps_quoted_commas_and_line_breaks():
    table = read_table(b'namn,adress\n"Huset, stora","Gatan 1\nStaden"\nB,C\n')
    assert [row.cells for row in table.rows] == [("Huset, stora", "Gatan 1\nStaden"), ("B", "C")]
    assert [row.number for row in table.rows] == [2, 3]


def test_the_hint_of_excel_on_the_first_line_is_obeyed():
    table = read_table(b"sep=,\nnamn,antal\nA,1\n")
    assert table.header == ("namn", "antal")
    assert table.rows[0].number == 3


def test_letters_of_a_dos_code_page_are_never_taken_for_ours():
    table = read_table(csv_of(("Björkhöjdens skola", "skola", "1", "2", ""), encoding="cp850"))
    assert [problem.code for problem in table.problems] == ["broken_characters"]
    # å in capitals has no letter at all in Windows-1252 there
    assert refusal(csv_of(("Åby", "skola", "1", "2", ""), encoding="cp850")).code == (
        "wrong_encoding"
    )


def test_letters_that_were_encoded_twice_are_reported_with_row_and_column():
    table = read_table(csv_of(("Ã…by bibliotek", "bibliotek", "1", "2", "")))
    [problem] = table.problems
    assert (problem.code, problem.row, problem.column) == ("broken_characters", 2, "namn")


def test_a_workbook_reads_like_a_csv_file():
    table = read_table(workbook_of(("Åby", "bibliotek", 58.66, 16, "")))
    assert table.rows[0].cells == ("Åby", "bibliotek", "58.66", "16", "")
    assert (table.format, table.sheet) == ("excel", "Platser")


def test_a_formula_in_a_workbook_is_named_by_row_and_column():
    table = read_table(workbook_of(("A", "park", "=58+0.5", 16, ""), ("B", "park", 58, 16, "")))
    assert [(p.code, p.row, p.column) for p in table.problems] == [("formula", 2, "lat")]


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "=HYPERLINK(0)", "+cmd|0", " =1"])
def test_a_formula_in_a_csv_file_is_named(cell):
    table = read_table(csv_of((cell, "park", "1", "2", "")))
    assert [problem.code for problem in table.problems] == ["formula"]


@pytest.mark.parametrize("cell", ["-12,5", "+46 11 15 00 00", "-", "a=b"])
def test_a_number_or_a_phone_number_is_no_formula(cell):
    assert read_table(csv_of((cell, "park", "1", "2", ""))).problems == ()


def test_a_workbook_cut_off_at_any_byte_is_refused():
    whole = workbook_of(*GOOD_ROWS)
    for share in (0.1, 0.5, 0.9, 0.99):
        assert refusal(whole[: int(len(whole) * share)]).code == "broken_workbook"


def test_a_workbook_with_one_cell_in_the_far_corner_is_refused_before_it_unfolds():
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook_of(*GOOD_ROWS))) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(
                    b"</sheetData>",
                    b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
                )
            new.writestr(name, content)
    assert refusal(target.getvalue()).code == "too_many_rows"


def test_a_zip_bomb_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", "<workbook/>")
        bomb.writestr("xl/worksheets/sheet1.xml", b" " * (130 * 1024 * 1024))
    assert len(target.getvalue()) < 200_000
    assert refusal(target.getvalue()).code == "too_large_unpacked"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"namn;lat\n", "empty"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "old_workbook"),
        (b"%PDF-1.7 ...", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n....", "not_a_table"),
        (b"namn;lat\nA\x00B;1\n", "not_text"),
        (b'namn;lat\n"A;1\nB;2\n', "broken_csv"),
        (b"namn;namn\nA;1\n", "column_twice"),
    ],
)
def test_what_is_no_table_is_refused_with_advice(data, code):
    problem = refusal(data)
    assert problem.code == code
    assert problem.advice


def test_a_row_that_stops_halfway_is_named():
    table = read_table(b"namn;slag;lat\nA;park;1\nB;pa")
    assert [(problem.code, problem.row) for problem in table.problems] == [("ragged_row", 3)]


def test_limits_of_bytes_rows_and_columns_are_kept():
    assert refusal(b"a;b\n" + b"1;2\n" * 100, bytes=50).code == "too_large"
    assert refusal(b"a;b\n" + b"1;2\n" * 100, rows=99).code == "too_many_rows"
    assert refusal(b"a;b;c\n1;2;3\n", columns=2).code == "too_many_columns"


@pytest.mark.parametrize(
    ("text", "number"),
    [("58,5942", 58.5942), ("1 234,5", 1234.5), ("6\u00a0495\u202f472", 6495472), ("\u22121", -1)],
)
def test_numbers_are_read_as_people_write_them(text, number):
    assert to_number(text) == number


@pytest.mark.parametrize("text", ["nan", "NaN", "inf", "-Infinity", "1e999", "1_000", "", "1,2,3"])
def test_what_is_no_finite_number_is_refused(text):
    with pytest.raises(ValueError, match="number"):
        to_number(text)


@pytest.mark.parametrize("cell", ["=1", "+x", "-x", "@x", "\tx", "\rx", "＝1", "＋1", "－1", "＠1"])
def test_cells_that_a_spreadsheet_would_run_are_neutralised(cell):
    assert to_safe_cell(cell) == f"'{cell}"
    assert to_safe_cell("-12,5") == "-12,5"


def test_the_report_of_problems_holds_no_formula():
    report = problems_to_csv([Problem("formula", "fel", "gör om", 3, "=A1", "=cmd|' /C calc'!A0")])
    line = report.decode("utf-8-sig").splitlines()[1]
    assert line.startswith("3;'=A1;'=cmd|")


def test_a_written_file_reads_back_as_it_was():
    data = to_csv(("namn", "text"), [("Åby", 'säger "hej"; och\nmer')])
    assert read_table(data).rows[0].cells == ("Åby", 'säger "hej"; och\nmer')
