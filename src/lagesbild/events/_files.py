"""Files as batches of columns, whatever their format, encoding and separator.

CSV and Parquet are streamed, so that memory holds one batch and what is kept of the others.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

BATCH = 500_000  # rows
ROW, MORE, GEOMETRY = "__row", "__more", "__geometry"
_SEPARATORS = ";,\t|"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Source:
    """An opened file.

    names        its columns
    batches      from columns wanted to frames: these, `__row` (as a spreadsheet numbers them),
                 and `__more` (a field beyond the columns) or `__geometry` (what is not a point)
    described    format, encoding, separator, for the report
    crs          EPSG code said by the file itself
    known        columns that the format itself gives a meaning
    notes        what was noticed
    """

    names: tuple[str, ...]
    batches: Callable[[Sequence[str]], Iterator[pl.DataFrame]]
    described: Mapping[str, str]
    crs: int | None = None
    known: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@contextmanager
def opened(
    path: Path, *, separator: str | None, encoding: str | None, header: bool
) -> Iterator[Source]:
    """The file as a source. Raises ValueError for what is not CSV, Parquet or GeoJSON."""
    if path.is_dir():
        raise ValueError(f"{path}: a folder, not a file")
    with path.open("rb") as file:
        head = file.read(_CHUNK)
    if not head.strip():
        raise ValueError(f"{path}: the file is empty")
    kind = _kind(path, head)
    try:
        if kind == "parquet":
            yield _parquet(path)
        elif kind == "geojson":
            yield _geojson(path, encoding)
        else:
            with _as_utf8(path, head, encoding) as (readable, name):
                yield _csv(path, readable, name, separator, header)
    except pl.exceptions.PolarsError as error:
        raise ValueError(f"{path}: {_in_words(error, kind)}") from error


def _kind(path: Path, head: bytes) -> str:
    if head[:4] == b"PAR1":
        return "parquet"
    if head[:4] == b"PK\x03\x04":
        raise ValueError(f"{path}: a workbook or archive; save the sheet as CSV first")
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        raise ValueError(f"{path}: not Parquet, whatever its name says")
    text = head.lstrip(codecs.BOM_UTF8 + b" \t\r\n")
    if suffix in (".geojson", ".json") or text[:1] == b"{":
        return "geojson"
    return "csv"


def _in_words(error: Exception, kind: str) -> str:
    text = str(error)
    if "not properly escaped" in text:
        return "a quotation mark is opened and never closed; is the file cut short?"
    if kind == "parquet":
        return f"not readable as Parquet; is the file cut short? ({text.splitlines()[0]})"
    return f"not readable ({text.splitlines()[0]})"


# Text -------------------------------------------------------------------------------------------


@contextmanager
def _as_utf8(path: Path, head: bytes, encoding: str | None) -> Iterator[tuple[Path, str]]:
    """A file in UTF-8 with the same text, and what the encoding was: a copy unless it is so."""
    name = encoding or _encoding(path, head)
    if codecs.lookup(name).name in ("utf-8", "utf-8-sig", "ascii"):
        if encoding and not _is_utf8(path):
            raise ValueError(f"encoding: {path} is not {encoding}")
        yield path, "UTF-8"
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "utf8.csv"
        with path.open("rb") as given, copy.open("wb") as written:
            decoder = codecs.getincrementaldecoder(name)()
            try:
                while chunk := given.read(_CHUNK):
                    written.write(decoder.decode(chunk).encode())
                written.write(decoder.decode(b"", final=True).encode())
            except UnicodeError as error:
                raise ValueError(f"{path}: not readable as {name} ({error})") from error
        yield copy, name.upper()


def _encoding(path: Path, head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = head[:4000]
    if b"\0" in sample:
        odd, even = sample[1::2].count(0), sample[::2].count(0)
        if max(odd, even) < len(sample) / 4:
            raise ValueError(f"{path}: not a text file, nor Parquet")
        return "utf-16-le" if odd > even else "utf-16-be"
    # Windows' superset of Latin-1, with the five bytes that mean nothing there let through.
    return "utf-8" if _is_utf8(path) else "latin-1"


def _is_utf8(path: Path) -> bool:
    """The whole file: one å far down is enough to make it something else."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


# CSV --------------------------------------------------------------------------------------------


def _csv(path: Path, readable: Path, encoding: str, separator: str | None, header: bool) -> Source:
    with readable.open("rb") as file:
        head = file.read(_CHUNK)
        file.seek(-1, io.SEEK_END)
        last_byte = file.read(1)
    text = head.decode("utf-8-sig", errors="ignore")
    line_end = "\n" if "\n" in text else "\r"
    chosen = separator or _separator(text)
    first, skipped = _first_record(path, text, chosen)
    names = _unique(first) if header else tuple(str(n + 1) for n in range(len(first)))
    skip = skipped if header else 0
    if header and not any(name and not _is_number(name) for name in first):
        raise ValueError(
            f"{path}: the first row holds no names; give it some, or say that there is no header "
            "and which columns are x, y and start by their position"
        )
    schema = {**dict.fromkeys(names, pl.String), MORE: pl.String}

    def batches(wanted: Sequence[str]) -> Iterator[pl.DataFrame]:
        frame = pl.scan_csv(
            readable, separator=chosen, has_header=False, skip_lines=skip, schema=schema,
            row_index_name=ROW, row_index_offset=skip + 1, missing_columns="insert",
            extra_columns="ignore", empty_string_is_null=True, eol_char=line_end, glob=False,
        )  # fmt: skip
        yield from frame.select(ROW, MORE, *dict.fromkeys(wanted)).collect_batches(chunk_size=BATCH)

    notes = () if last_byte in b"\r\n" else ("The last row does not end in a line break.",)
    shown = {"\t": "tab", " ": "space"}.get(chosen, chosen)
    return Source(names, batches, {"format": "CSV", "encoding": encoding, "separator": shown},
                  notes=notes)  # fmt: skip


def _separator(text: str) -> str:
    """What splits the first line most often; of equals the first, so that 1,5;2,5 is two."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    counts = [len(next(csv.reader([first], delimiter=each), [])) for each in _SEPARATORS]
    return _SEPARATORS[counts.index(max(counts))]


def _first_record(path: Path, text: str, separator: str) -> tuple[list[str], int]:
    """The first row that holds anything, and how many lines lie before the next."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for record in reader:
            # A spreadsheet's own first line, 'sep=;', says only what separates.
            if any(value.strip() for value in record) and not record[0].startswith("sep="):
                return [value.strip() for value in record], reader.line_num
    except csv.Error as error:
        raise ValueError(f"{path}: not readable as CSV ({error})") from error
    raise ValueError(f"{path}: the file holds nothing but blank lines")


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    """Names made different, as the table needs them: the second 'x' is 'x (2)'."""
    seen: dict[str, int] = {}
    found = []
    for place, name in enumerate(names):
        name = name or f"(column {place + 1})"
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(found)


def _is_number(text: str) -> bool:
    return bool(text) and all(letter in "0123456789.,+-:/ T" for letter in text)


# Parquet ----------------------------------------------------------------------------------------


def _parquet(path: Path) -> Source:
    frame = pl.scan_parquet(path, glob=False, row_index_name=ROW, row_index_offset=1)
    names = tuple(name for name in frame.collect_schema().names() if name != ROW)

    def batches(wanted: Sequence[str]) -> Iterator[pl.DataFrame]:
        yield from frame.select(ROW, *dict.fromkeys(wanted)).collect_batches(chunk_size=BATCH)

    return Source(names, batches, {"format": "Parquet"})


# GeoJSON ----------------------------------------------------------------------------------------


def _geojson(path: Path, encoding: str | None) -> Source:
    features, crs = _features(path, encoding)
    names = tuple(dict.fromkeys(key for one in features for key in _properties(one)))
    inner = [_point(one) for one in features]
    x_name, y_name = "(geometry, east)", "(geometry, north)"

    def batches(wanted: Sequence[str]) -> Iterator[pl.DataFrame]:
        columns: dict[str, Any] = {
            ROW: range(1, len(features) + 1),
            GEOMETRY: [kind for _, _, kind in inner],
            x_name: [x for x, _, _ in inner],
            y_name: [y for _, y, _ in inner],
        }
        for name in wanted:
            if name not in columns:
                columns[name] = [_text(_properties(one).get(name)) for one in features]
        types: dict[str, Any] = dict.fromkeys(columns, pl.String)
        types |= {ROW: pl.UInt32, x_name: pl.Float64, y_name: pl.Float64}
        yield pl.DataFrame(columns, schema=types)

    is_metric = crs not in (None, 4326)
    fields = ("x", "y") if is_metric else ("longitude", "latitude")
    return Source(
        (*names, x_name, y_name), batches, {"format": "GeoJSON"}, crs=crs,
        known=dict(zip(fields, (x_name, y_name), strict=True)),
    )  # fmt: skip


def _features(path: Path, encoding: str | None) -> tuple[list[dict[str, Any]], int | None]:
    try:
        text = path.read_bytes().decode(encoding or "utf-8-sig")
        whole = json.loads(text)
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: GeoJSON must be UTF-8 ({error})") from error
    except json.JSONDecodeError as error:
        raise ValueError(
            f"{path}: broken or cut short at line {error.lineno} ({error.msg})"
        ) from error
    features = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(features, list):
        raise ValueError(f"{path}: a GeoJSON FeatureCollection wanted")
    if not all(isinstance(one, dict) for one in features):
        raise ValueError(f"{path}: features that are none")
    return features, _code(whole.get("crs"))


def _code(crs: Any) -> int | None:
    """The EPSG code in a GeoJSON file's old-fashioned crs, if any; degrees are CRS84 there."""
    try:
        name = str(crs["properties"]["name"])
    except (TypeError, KeyError):
        return None
    digits = name.rsplit(":", 1)[-1]
    return int(digits) if digits.isdigit() else None


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    properties = feature.get("properties")
    return properties if isinstance(properties, dict) else {}


def _point(feature: dict[str, Any]) -> tuple[float | None, float | None, str | None]:
    """East, north, and for what is not a point what it is instead."""
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict):
        return None, None, "no geometry"
    if geometry.get("type") != "Point":
        return None, None, str(geometry.get("type"))
    try:
        x, y = geometry["coordinates"][:2]
        return float(x), float(y), None
    except (KeyError, TypeError, ValueError):
        return None, None, "a point without coordinates"


def _text(value: Any) -> str | None:
    return None if value is None else value if isinstance(value, str) else json.dumps(value)
