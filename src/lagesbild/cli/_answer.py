"""An answer: text for people, a result for machines, a table, a map, a figure; and where to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, overload

import click
from numpy.typing import NDArray

WGS_84 = 4326
_PART = 50_000  # rows written at a time
Column = Sequence[Any] | NDArray[Any]


@dataclass(frozen=True)
class Rows(Sequence[Mapping[str, Any]]):
    """A table's rows as mappings, made one by one when they are asked for."""

    columns: Mapping[str, Column]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    @overload
    def __getitem__(self, index: int) -> Mapping[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> Rows: ...
    def __getitem__(self, index: int | slice) -> Mapping[str, Any] | Rows:
        part = {name: column[index] for name, column in self.columns.items()}
        return Rows(part) if isinstance(index, slice) else part


@dataclass(frozen=True)
class Features:
    """What can be drawn on a map: rings or points with properties; `epsg` is their plane."""

    kind: str  # 'Point' or 'Polygon'
    shapes: Column  # (x, y), or rings (n, 2)
    properties: Sequence[Mapping[str, Any]]
    epsg: int | None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a command found out.

    lines     for people
    result    with `to_dict`, for --json and .json
    columns   a table by column, for .csv and .parquet
    features  for .geojson
    drawn     options of `plot.figure` for .svg and .png; None: the result has no figure
    """

    lines: Sequence[str]
    result: Any
    columns: Mapping[str, Column] | None = None
    features: Features | None = None
    drawn: Mapping[str, Any] | None = field(default_factory=dict)


def deliver(answer: Answer, *, as_json: bool, out: Path | None, language: str) -> None:
    """Print the answer, and write it where it was asked for."""
    if out is not None:
        _write(answer, out, language)
    if as_json:
        click.echo(json.dumps(answer.result.to_dict(), ensure_ascii=False, allow_nan=False))
        return
    for line in answer.lines:
        click.echo(line)
    if out is not None:
        click.echo(f"\nWritten: {out}")


def writable(out: Path | None) -> None:
    """Raises click.BadParameter where no file can be put: before anything is computed."""
    if out is not None and not out.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {str(out.parent)!r}", param_hint="--out")


def _write(answer: Answer, out: Path, language: str) -> None:
    suffix = out.suffix.lower()
    if suffix == ".json":
        text = json.dumps(answer.result.to_dict(), ensure_ascii=False, allow_nan=False)
        out.write_text(text + "\n", "utf-8")
    elif suffix == ".csv":
        write_csv(out, _there(answer.columns, "table", out))
    elif suffix == ".parquet":
        write_parquet(out, _there(answer.columns, "table", out))
    elif suffix == ".geojson":
        write_geojson(out, _there(answer.features, "map", out))
    else:
        from lagesbild import plot  # Matplotlib: only when a figure is wanted

        options = _there(answer.drawn, "figure", out)
        plot.figure(answer.result, language=language, **options).save(out.with_suffix(suffix))


def _there(part: Any, what: str, out: Path) -> Any:
    if part is None:
        raise click.BadParameter(f"this has no {what} for {out.suffix}", param_hint="--out")
    return part


def write_csv(out: Path, columns: Mapping[str, Column]) -> None:
    """Columns with their names as CSV; what there is not is empty."""
    import csv

    size = len(next(iter(columns.values())))
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for begin in range(0, size, _PART):
            parts = (_cells(column[begin : begin + _PART]) for column in columns.values())
            writer.writerows(zip(*parts, strict=True))


def write_parquet(out: Path, columns: Mapping[str, Column]) -> None:
    """Columns with their names as Parquet."""
    import numpy as np
    import polars as pl

    arrays = {name: np.asarray(column) for name, column in columns.items()}
    # Polars knows no whole seconds.
    fine = {
        name: array.astype("datetime64[us]") if array.dtype.kind == "M" else array
        for name, array in arrays.items()
    }
    pl.DataFrame(fine).write_parquet(out)


def _cells(column: Column) -> Iterable[Any]:
    from lagesbild._results import to_plain

    return ["" if value is None else value for value in to_plain(list(column))]


def write_geojson(out: Path, features: Features) -> None:
    """A FeatureCollection in WGS 84. Raises click.BadParameter where the plane is not known."""
    if features.epsg is None:
        raise click.BadParameter(
            "GeoJSON wants longitude and latitude, and the coordinates' system is not known; "
            "say it with --crs", param_hint="--out",
        )  # fmt: skip
    with out.open("w", encoding="utf-8", newline="\n") as file:
        file.write('{"type": "FeatureCollection", "features": [')
        for begin in range(0, len(features.shapes), _PART):
            part = slice(begin, begin + _PART)
            shapes = _degrees(features.shapes[part], features)
            rows = zip(shapes, features.properties[part], strict=True)
            texts = (_feature(features.kind, shape, properties) for shape, properties in rows)
            file.write(("," if begin else "") + ",".join(f"\n{text}" for text in texts))
        file.write("\n]}\n")


def _feature(kind: str, shape: Any, properties: Mapping[str, Any]) -> str:
    from lagesbild._results import to_plain

    feature = {
        "type": "Feature",
        "properties": to_plain(dict(properties)),
        "geometry": {"type": kind, "coordinates": shape},
    }
    return json.dumps(feature, ensure_ascii=False, allow_nan=False)


def _degrees(shapes: Column, features: Features) -> list[Any]:
    """Coordinates as GeoJSON nests them, in WGS 84 with seven decimals: a centimetre."""
    import numpy as np
    from pyproj import Transformer

    points = features.kind == "Point"
    rings = [np.atleast_2d(np.asarray(shape, dtype=float)) for shape in shapes]
    transformer = Transformer.from_crs(features.epsg, WGS_84, always_xy=True)
    flat = np.concatenate(rings)
    degrees = np.round(np.column_stack(transformer.transform(flat[:, 0], flat[:, 1])), 7)
    parts = np.split(degrees, np.cumsum([len(ring) for ring in rings])[:-1])
    return [part[0].tolist() if points else [part.tolist()] for part in parts]
