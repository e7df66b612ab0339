"""Events from files: what is understood, what is left out and said, and what is refused."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from pyproj import Transformer

from lagesbild.events import Events, read

HEADER = "x,y,start"
ROW = "568940.5,6495420.25,2024-03-01 14:30"
FOUR_ROWS = [f"{568_000 + 100 * i},{6_495_000 + i},2024-03-0{i + 1} 14:30" for i in range(4)]


def written(folder: Path, *lines: str, encoding: str = "utf-8", name: str = "events.csv") -> Path:
    path = folder / name
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def moments(folder: Path, *texts: str, **options: Any) -> list[str]:
    rows = [f"568000;6495000;{text}" for text in texts]
    events = Events.read(written(folder, "x;y;start", *rows), **options)
    return [str(each) for each in events.start]


def test_a_file_is_events_and_an_account_of_them(tmp_path: Path) -> None:
    reading = read(written(tmp_path, HEADER, ROW, *FOUR_ROWS))
    assert reading.rows == len(reading.events) == 5
    assert reading.excluded == {}
    assert reading.epsg == 3006
    assert reading.columns == {"x": "x", "y": "y", "start": "start"}
    assert reading.events.x[0] == 568_940.5
    assert str(reading.events.start[0]) == "2024-03-01T14:30:00"
    assert json.dumps(reading.to_dict())


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
def test_separators_and_encodings_are_found(tmp_path: Path, separator: str, encoding: str) -> None:
    lines = (separator.join(cells) for cells in (
        ("Öst", "Nord", "Datum", "Kategori"),
        ("568940", "6495420", "2024-03-01 10:00", "Skadegörelse på gård"),
    ))  # fmt: skip
    reading = read(written(tmp_path, *lines, encoding=encoding))
    assert reading.events.category is not None
    assert reading.events.category.tolist() == ["Skadegörelse på gård"]


def test_one_letter_far_down_decides_the_encoding(tmp_path: Path) -> None:
    rows = [f"{ROW},a"] * 60_000
    path = written(tmp_path, f"{HEADER},category", *rows, f"{ROW},å", encoding="latin-1")
    reading = read(path)
    assert reading.file["encoding"] == "LATIN-1"
    assert reading.events.category is not None
    assert reading.events.category[-1] == "å"


def test_decimal_commas_and_spaced_thousands_are_numbers(tmp_path: Path) -> None:
    path = written(tmp_path, "x;y;start;vikt", "568 940,5;6 495\u00a0420,25;2024-03-01;1,5")
    events = Events.read(path)
    assert (events.x[0], events.y[0], events.weights[0]) == (568_940.5, 6_495_420.25, 1.5)


def test_decimal_commas_that_split_a_row_are_not_guessed_at(tmp_path: Path) -> None:
    reading = read(written(tmp_path, HEADER, ROW, "568940,5,6495420,25,2024-03-01"))
    assert reading.excluded["more fields than there are columns"].rows == (3,)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-03-01T14:30:15", "2024-03-01T14:30:15"),
        ("2024-03-01 14:30:15.250", "2024-03-01T14:30:15"),
        ("2024-03-01 kl. 14.30", "2024-03-01T14:30:00"),
        ("2024/3/1 9:05", "2024-03-01T09:05:00"),
        ("20240301 14:30", "2024-03-01T14:30:00"),
        ("1 mars 2024 14.30", "2024-03-01T14:30:00"),
        ("fredag den 1 mars 2024 14.30", "2024-03-01T14:30:00"),
        ("13/2 2024 14:30", "2024-02-13T14:30:00"),
        ("13.02.2024 14:30", "2024-02-13T14:30:00"),
        ("02/13/2024 02:30:00 PM", "2024-02-13T14:30:00"),
        ("02/13/2024 12:30 AM", "2024-02-13T00:30:00"),
        ("March 1, 2024 14:30", "2024-03-01T14:30:00"),
        ("2024-03-01T14:30Z", "2024-03-01T15:30:00"),
        ("2024-07-01T14:30:00+0000", "2024-07-01T16:30:00"),
        ("2024-07-01T14:30:00-05", "2024-07-01T21:30:00"),
    ],
)
def test_times_are_understood_as_they_are_written(tmp_path: Path, text: str, moment: str) -> None:
    assert moments(tmp_path, text) == [moment]


@pytest.mark.parametrize(
    "text", ["2024-02-30 10:00", "2024-03-01 25:00", "45352", "soon", "13/13/2024"]
)
def test_what_is_no_time_is_left_out_and_told(tmp_path: Path, text: str) -> None:
    reading = read(written(tmp_path, "x;y;start", "1;2;2024-03-01 10:00", f"1;2;{text}"))
    assert {reason: one.rows for reason, one in reading.excluded.items()} == {
        "start: no time": (3,)
    }


def test_a_later_row_decides_which_is_the_day(tmp_path: Path) -> None:
    assert moments(tmp_path, "03/04/2024 10:00", "04/25/2024 10:00")[0].startswith("2024-03-04")
    assert moments(tmp_path, "03/04/2024 10:00", "25/04/2024 10:00")[0].startswith("2024-04-03")
    assert moments(tmp_path, "03/04/2024 10:00", day_first=False)[0].startswith("2024-03-04")


def test_a_row_in_a_later_batch_decides_for_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lagesbild.events._files.BATCH", 2)
    found = moments(tmp_path, *["03/04/2024 10:00"] * 5, "04/25/2024 10:00")
    assert {each[:10] for each in found[:5]} == {"2024-03-04"}


def test_days_that_could_be_months_are_said_to_be_assumed(tmp_path: Path) -> None:
    reading = read(written(tmp_path, "x;y;start", "568000;6495000;03/04/2024 10:00"))
    assert any("nothing in the file tells" in note for note in reading.notes)


def test_days_both_first_and_second_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="which of the two is the day"):
        moments(tmp_path, "13/02/2024 10:00", "02/13/2024 10:00")


def test_a_day_without_a_time_is_known_within_that_day(tmp_path: Path) -> None:
    reading = read(written(tmp_path, HEADER, "1,2,2024-03-01", "1,2,2024-03-01 00:00"))
    assert reading.events.end is not None
    length = (reading.events.end - reading.events.start).astype(int)
    assert length.tolist() == [86_400, 0]
    assert "1 of 2 events have a day and no time of day: known within that day." in reading.notes


def test_a_last_day_lasts_until_its_end(tmp_path: Path) -> None:
    events = Events.read(written(tmp_path, "x,y,start,end", "1,2,2024-03-01 18:00,2024-03-04"))
    assert events.end is not None
    assert str(events.end[0]) == "2024-03-05T00:00:00"


def test_date_and_clock_in_columns_of_their_own_are_one_moment(tmp_path: Path) -> None:
    path = written(tmp_path, "x;y;Datum;Tid", "1;2;2024-03-01;14.30", "1;2;2024-03-01;0905",
                   "1;2;2024-03-01 00:00:00;7:15", "1;2;2024-03-01;")  # fmt: skip
    events = Events.read(path)
    assert [str(each)[11:16] for each in events.start] == ["14:30", "09:05", "07:15", "00:00"]


@pytest.mark.parametrize(
    ("names", "cells"),
    [
        ("Startdatum;Starttid;Slutdatum;Sluttid", "2024-03-01;14:30;2024-03-02;07:00"),
        ("start_date;start_time;end_date;end_time",
         "2024-03-01;2024-03-01 14:30;2024-03-02;2024-03-02 07:00"),
        ("starttid;sluttid", "2024-03-01 14:30;2024-03-02 07:00"),
        ("Brottsdatum start;Brottstid start;Brottsdatum slut;Brottstid slut",
         "2024-03-01;1430;2024-03-02;700"),
        ("fr.o.m.;t.o.m.", "2024-03-01 14.30;2024-03-02 07.00"),
    ],
)  # fmt: skip
def test_dates_and_clocks_find_each_other(tmp_path: Path, names: str, cells: str) -> None:
    events = Events.read(written(tmp_path, f"x;y;{names}", f"1;2;{cells}"))
    assert str(events.start[0]) == "2024-03-01T14:30:00"
    assert events.end is not None
    assert str(events.end[0]) == "2024-03-02T07:00:00"


@pytest.mark.parametrize(
    ("names", "cells"),
    [
        ("Brottstid från;Brottstid till", "2024-03-01 22:00;2024-03-02 06:00"),
        ("FromDatum;FromTid;TillDatum;TillTid", "2024-03-01;22:00;2024-03-02;06:00"),
        ("Datum från;Tid från;Datum till;Tid till", "2024-03-01;22:00;2024-03-02;06:00"),
    ],
)
def test_from_and_till_in_swedish_are_an_interval(tmp_path: Path, names: str, cells: str) -> None:
    events = Events.read(written(tmp_path, f"x;y;{names}", f"568000;6495000;{cells}"))
    assert events.end is not None
    assert (str(events.start[0]), str(events.end[0])) == (
        "2024-03-01T22:00:00", "2024-03-02T06:00:00",
    )  # fmt: skip


def test_a_column_that_cannot_be_found_names_the_way_to_say_it(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="--columns start=Datum"):
        read(written(tmp_path, "x,y,när", ROW))


def test_zones_beside_none_are_refused_with_their_rows(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"with a zone \(rows 3\) beside times without \(rows 2\)"):
        moments(tmp_path, "2024-03-01 10:00", "2024-03-01 10:00+01:00")


def test_each_row_left_out_has_one_reason_and_its_number(tmp_path: Path) -> None:
    path = written(
        tmp_path, "x,y,start,end,weight",
        "568000,6495000,2024-03-01 10:00,2024-03-01 11:00,1",
        "",
        ",6495000,2024-03-01 10:00,,1",
        "568000,north,2024-03-01 10:00,,1",
        "568000,6495000,,,1",
        "568000,6495000,2024-03-01 10:00,later,1",
        "568000,6495000,2024-03-01 10:00,2024-03-01 09:00,1",
        "568000,6495000,2024-03-01 10:00,,-1",
        "568000,6495000,2024-03-01 10:00,,",
        "0,0,2024-03-01 10:00,,1",
        "nan,6495000,2024-03-01 10:00,,1",
        "inf,6495000,2024-03-01 10:00,,1",
    )  # fmt: skip
    reading = read(path)
    assert {reason: one.rows for reason, one in reading.excluded.items()} == {
        "empty row": (3,), "x missing": (4,), "y: not a number": (5,), "start missing": (6,),
        "end: no time": (7,), "end before start": (8,), "weight negative": (9,),
        "weight missing": (10,), "coordinates 0, 0": (11,), "x: not a number": (12, 13),
    }  # fmt: skip
    assert len(reading.events) + reading.left_out == reading.rows == 12
    assert reading.events.excluded["x: not a number"] == 2


@pytest.mark.parametrize(
    ("row", "hint"),
    [
        ("1,2,45658,", "start: no time: row 3, such as '45658' (a spreadsheet's day number?"),
        ("1,2,250419,", "such as '250419' (a year of two digits?"),
        ("1,2,4/4-25,", "such as '4/4-25' (a year of two digits?"),
        ("one,2,2024-03-01,", "x: not a number: row 3, such as 'one'"),
        (
            "1,2,2024-03-01 22:00,2024-03-01 06:00",
            "such as '2024-03-01 22:00 to 2024-03-01 06:00' (past midnight?",
        ),
    ],
)
def test_a_row_left_out_shows_what_it_held_and_what_that_may_be(
    tmp_path: Path, row: str, hint: str
) -> None:
    reading = read(written(tmp_path, f"{HEADER},end", "1,2,2024-03-01,", row))
    told = [f"{reason}: {one}" for reason, one in reading.excluded.items()]
    assert len(told) == 1
    assert hint in told[0]


def test_decimal_commas_title_rows_and_separator_lines_are_recognised(tmp_path: Path) -> None:
    split = read(written(tmp_path, HEADER, ROW, "568940,5,6495420,2024-03-01"))
    assert any("decimal commas" in note for note in split.notes)
    with pytest.raises(ValueError, match="Is the first row a title"):
        read(written(tmp_path, "Events of 2024;;", "x;y;start", "1;2;2024-03-01"))
    assert len(Events.read(written(tmp_path, "sep=;", "x;y;start", "1,5;2,5;2024-03-01"))) == 1


def test_what_lies_far_from_the_rest_is_kept_and_told(tmp_path: Path) -> None:
    usual = [f"{568_000 + n},6495000,2024-03-{n % 28 + 1:02}" for n in range(200)]
    odd = ["5680000,6495000,2024-03-01", "568000,9999999,2024-03-01",
           "568000,6495000,1900-01-01", "568000,6495000,2052-01-01"]  # fmt: skip
    reading = read(written(tmp_path, HEADER, *usual, *odd))
    assert len(reading.events) == 204
    assert any("2 events lie outside Sweden (rows 202, 203)" in note for note in reading.notes)
    late = [note for note in reading.notes if "2 dates are far from the rest" in note]
    assert "1900-01-01, 2052-01-01" in late[0]
    assert "--until" in late[0]
    quiet = read(written(tmp_path, HEADER, *usual))
    assert not any("far" in note or "outside" in note for note in quiet.notes)


def test_many_numbers_taken_as_category_are_told(tmp_path: Path) -> None:
    rows = [f"{ROW},{n}" for n in range(300)]
    path = written(tmp_path, f"{HEADER},kod", *rows)
    assert any("'kod' was taken as the category" in note for note in read(path).notes)
    assert not any("'kod'" in note for note in read(path, columns={"category": "kod"}).notes)


def test_many_rows_left_out_are_counted_and_a_few_named(tmp_path: Path) -> None:
    reading = read(written(tmp_path, HEADER, ROW, *["x,y,z"] * 40))
    assert str(reading.excluded["x: not a number"]) == "rows 3, 4, 5, 6, 7 and 35 more, such as 'x'"


# Coordinates ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "names", ["lon,lat", "Longitud,Latitud", "x,y", "lat,lon", "easting,northing"]
)
def test_degrees_are_noticed_projected_and_said(tmp_path: Path, names: str) -> None:
    cells = "16.1858,58.5932" if names != "lat,lon" else "58.5932,16.1858"
    reading = read(written(tmp_path, f"{names},start", f"{cells},2024-03-01 10:00"))
    assert reading.events.x[0] == pytest.approx(568_926.5, abs=1)
    assert reading.events.y[0] == pytest.approx(6_495_364.8, abs=1)
    assert "EPSG:4326" in reading.crs


def test_swapped_degrees_and_surveyors_axes_are_put_right(tmp_path: Path) -> None:
    swapped = read(written(tmp_path, "lon,lat,start", "58.5932,16.1858,2024-03-01 10:00"))
    assert swapped.events.x[0] == pytest.approx(568_926.5, abs=1)
    assert any("swapped" in note for note in swapped.notes)
    northing = read(written(tmp_path, "X,Y,start", "6495365,568926,2024-03-01 10:00"))
    assert (northing.events.x[0], northing.events.y[0]) == (568_926, 6_495_365)
    assert any("northing" in note for note in northing.notes)


def test_old_swedish_metres_are_recognised(tmp_path: Path) -> None:
    reading = read(written(tmp_path, "x,y,start", "1521500,6495700,2024-03-01 10:00"))
    assert reading.epsg == 3006
    assert 560_000 < reading.events.x[0] < 580_000
    assert any("RT 90" in note for note in reading.notes)


def test_degrees_elsewhere_go_to_their_utm_zone(tmp_path: Path) -> None:
    path = written(tmp_path, "lon,lat,start", "-87.63,41.88,2024-03-01", "-87.63,41.89,2024-03-01")
    reading = read(path)
    assert reading.epsg == 32616
    assert np.ptp(reading.events.y) == pytest.approx(1110, abs=10)


def test_degrees_outside_the_globe_are_left_out(tmp_path: Path) -> None:
    rows = [f"16.{i},58.5,2024-03-01" for i in range(5)]
    reading = read(written(tmp_path, "lon,lat,start", *rows, "16.1,158.5,2024-03-01"))
    assert reading.excluded["outside ±180 or ±90 degrees"].rows == (7,)


def test_a_code_that_is_given_is_taken(tmp_path: Path) -> None:
    web = Transformer.from_crs(4326, 3857, always_xy=True).transform(16.1858, 58.5932)
    path = written(tmp_path, HEADER, f"{web[0]},{web[1]},2024-03-01 10:00")
    assert Events.read(path, crs="EPSG:3857").x[0] == pytest.approx(568_926.5, abs=1)
    with pytest.raises(ValueError, match="crs: an EPSG code"):
        Events.read(path, crs="sweref")
    with pytest.raises(ValueError, match="crs: EPSG:99999 is not known"):
        Events.read(path, crs=99999)


# Columns ----------------------------------------------------------------------------------------


def test_columns_are_named_by_name_or_position(tmp_path: Path) -> None:
    path = written(tmp_path, "a,b,c,d", "568000,6495000,2024-03-01 10:00,7")
    by_name = Events.read(path, columns={"x": "a", "y": "B", "start": "c", "weight": "d"})
    by_position = Events.read(path, columns={"x": 1, "y": 2, "start": 3, "weight": 4})
    assert by_name.fingerprint == by_position.fingerprint
    headless = written(tmp_path, "568000,6495000,2024-03-01 10:00,7", name="headless.csv")
    assert len(Events.read(headless, columns={"x": 1, "y": 2, "start": 3}, header=False)) == 1


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (None, "which hold the place.* there are 'a', 'b', 'c'"),
        ({"x": "a", "y": "b"}, "which holds the time"),
        ({"x": "east"}, "no column 'east' for x"),
        ({"z": "a"}, "no field 'z'"),
        ({"x": 9}, "column 9 of 3"),
    ],
)
def test_columns_that_cannot_be_found_are_refused(
    tmp_path: Path, columns: dict[str, Any] | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        read(written(tmp_path, "a,b,c", "1,2,2024-03-01"), columns=columns)


def test_two_columns_of_one_name_do_not_hide_each_other(tmp_path: Path) -> None:
    reading = read(written(tmp_path, "x,x,y,start,", "568000,1,6495000,2024-03-01 10:00,"))
    assert reading.events.x[0] == 568_000


# Broken files -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.csv", "the file is empty"),
        (b" \n\n", "a.csv", "the file is empty"),
        (b"x,y,start\n", "a.csv", "no rows below the names"),
        (b"568000,6495000,2024-03-01\n", "a.csv", "the first row holds no names"),
        (
            b'x,y,start,category\n1,2,2024-03-01,"cut',
            "a.csv",
            "never closed; is the file cut short",
        ),
        (
            b"x,y,start\n1,a,2024-03-01\n",
            "a.csv",
            r"no row can be used: y: not a number \(row 2, such as 'a'\)",
        ),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x01\x00", "a.csv", "not a text file"),
        (b"PK\x03\x04rest", "a.xlsx", "save the sheet as CSV"),
        (b"PAR1 cut short", "a.parquet", "not readable as Parquet; is the file cut short"),
        (b"x,y\n1,2", "a.parquet", "not Parquet"),
        (b'{"type": "FeatureCollection", "features": [', "a.geojson", "cut short at line 1"),
        (b'{"type": "Feature"}', "a.geojson", "a GeoJSON FeatureCollection wanted"),
    ],
)
def test_broken_files_are_refused_in_words(
    tmp_path: Path, content: bytes, name: str, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        read(path)


def test_a_last_row_that_is_cut_short_is_told(tmp_path: Path) -> None:
    reading = read(written(tmp_path, HEADER, ROW, "568940,6495"))
    assert reading.excluded["start missing"].rows == (3,)
    assert any("cut short" in note for note in reading.notes)


def test_a_file_that_is_not_there_or_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "nothing.csv")
    with pytest.raises(ValueError, match="a folder"):
        read(tmp_path)


# Other formats ----------------------------------------------------------------------------------


def test_parquet_has_the_same_events_as_the_csv_it_came_from(tmp_path: Path) -> None:
    lines = [f"{row},{kind}" for row, kind in zip(FOUR_ROWS, "abab", strict=True)]
    path = written(tmp_path, f"{HEADER},category", *lines)
    frame = pl.read_csv(path).with_columns(pl.col("start").str.to_datetime("%Y-%m-%d %H:%M"))
    frame.write_parquet(tmp_path / "events.parquet")
    assert Events.read(tmp_path / "events.parquet").fingerprint == Events.read(path).fingerprint


def test_parquets_own_types_dates_and_zones_are_taken(tmp_path: Path) -> None:
    frame = pl.DataFrame({
        "x": [1, 2, None], "y": [1.0, float("nan"), 3.0], "location": [7, 8, 9],
        "start": ["2024-07-01 10:00"] * 3,
    }).with_columns(pl.col("start").str.to_datetime("%Y-%m-%d %H:%M", time_zone="UTC"))  # fmt: skip
    frame.write_parquet(tmp_path / "events.parquet")
    reading = read(tmp_path / "events.parquet")
    assert str(reading.events.start[0]) == "2024-07-01T12:00:00"
    assert reading.events.location is not None
    assert reading.events.location.tolist() == [7]
    assert set(reading.excluded) == {"y missing", "x missing"}
    days = frame.with_columns(pl.col("start").dt.date())
    days.write_parquet(tmp_path / "days.parquet")
    assert Events.read(tmp_path / "days.parquet").end is not None


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def test_points_of_geojson_are_events_and_others_are_counted(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [16.1858, 58.5932]}
    line = {"type": "LineString", "coordinates": [[16, 58], [17, 59]]}
    features = [feature(point, start="2024-03-01T10:00", category="a", n=1), feature(line),
                feature(None), feature({"type": "Point"}, start="2024-03-01T10:00")]  # fmt: skip
    path = tmp_path / "events.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    reading = read(path)
    assert reading.events.x[0] == pytest.approx(568_926.5, abs=1)
    assert {reason: one.rows for reason, one in reading.excluded.items()} == {
        "geometry: LineString": (2,),
        "geometry: no geometry": (3,),
        "geometry: a point without coordinates": (4,),
    }


def test_geojson_in_metres_says_so_itself(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [568_926.0, 6_495_365.0]}
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3006"}}
    path = tmp_path / "events.geojson"
    collection = {"type": "FeatureCollection", "crs": crs,
                  "features": [feature(point, tid="2024-03-01T10:00")]}  # fmt: skip
    path.write_text(json.dumps(collection))
    assert Events.read(path).x[0] == 568_926.0


# Large files ------------------------------------------------------------------------------------


def test_batches_make_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        f"{568_000 + i},{6_495_000 + i},2024-03-01 10:{i % 60:02},c{i % 3}" for i in range(1000)
    ]
    lines[500] = "x,6495000,2024-03-01 10:00,c"
    path = written(tmp_path, f"{HEADER},category", *lines)
    whole = read(path)
    monkeypatch.setattr("lagesbild.events._files.BATCH", 64)
    seen: list[int] = []
    parts = read(path, progress=seen.append)
    assert parts.events.fingerprint == whole.events.fingerprint
    assert parts.excluded == whole.excluded
    assert seen == sorted(seen)
    assert seen[-1] == 1000
    assert len(seen) > 10


def test_rows_are_read_in_time_that_grows_no_faster_than_their_number(tmp_path: Path) -> None:
    """A proxy for ten million rows, which `bench/lagesbild_cli.py` reads."""
    import time

    def seconds(rows: int) -> float:
        path = written(tmp_path, HEADER, *FOUR_ROWS * (rows // 4), name=f"{rows}.csv")
        began = time.process_time()
        assert len(read(path).events) == rows
        return time.process_time() - began

    seconds(4000)
    assert seconds(160_000) < 40 * max(seconds(8_000), 0.005)
