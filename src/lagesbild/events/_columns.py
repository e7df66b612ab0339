"""Which column is what: by usual Swedish and English names, or as one says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

FIELDS = (
    "x", "y", "longitude", "latitude", "start", "start_clock", "end", "end_clock", "category",
    "weight", "location",
)  # fmt: skip

# Earlier names win over later ones. Compared in lower case, without diacritics and separators.
_USUAL: dict[str, tuple[str, ...]] = {
    "longitude": ("longitude", "longitud", "lon", "long", "lng", "wgs84lon", "lonwgs84"),
    "latitude": ("latitude", "latitud", "lat", "wgs84lat", "latwgs84"),
    "x": (
        "x", "xkoordinat", "xkoord", "xcoordinate", "xcoord", "east", "easting", "ost", "ostlig",
        "ostkoordinat", "ekoordinat", "ekoord", "swerefe", "sweref99e", "sweref99tme", "e",
        "pointx",
    ),
    "y": (
        "y", "ykoordinat", "ykoord", "ycoordinate", "ycoord", "north", "northing", "nord",
        "nordlig", "nordkoordinat", "nkoordinat", "nkoord", "swerefn", "sweref99n", "sweref99tmn",
        "n", "pointy",
    ),
    "start": (
        "start", "startat", "startdatetime", "datetime", "datumtid", "datumochtid", "timestamp",
        "tidpunkt", "startdate", "startdatum", "starttime", "starttid", "from", "fran", "fromdate",
        "frandatum", "fom", "begin", "begins", "began", "brottsdatum", "brottsdatumstart",
        "handelsedatum", "handelsetid", "eventdate", "occurred", "occurredat", "occurreddate",
        "happenedat", "fromdatum", "datumfran", "datumfrom", "brottstidfran", "brottstidfrom",
        "tidfran", "brottstidstart", "date", "datum", "dag", "day", "time", "tid", "month", "manad",
    ),
    "start_clock": (
        "starttime", "starttid", "brottstid", "brottstidstart", "timefrom", "fromtime", "frantid",
        "fromtid", "tidfran", "tidfrom", "eventtime", "klockslag", "kl", "time", "tid",
    ),
    "end": (
        "end", "slut", "endat", "enddatetime", "enddate", "slutdatum", "endtime", "sluttid", "to",
        "till", "todate", "tilldatum", "tom", "until", "ended", "brottsdatumslut",
        "datumtill", "brottstidtill", "tidtill", "brottstidslut",
    ),
    "end_clock": ("endtime", "sluttid", "brottstidslut", "timeto", "totime", "tilltid", "tidtill"),
    "category": (
        "category", "kategori", "type", "typ", "crimetype", "brottstyp", "primarytype",
        "offence", "offense", "handelsetyp", "brottskod", "kod", "klass", "class",
    ),
    "weight": ("weight", "vikt", "cases", "count", "antal", "number", "fall", "ncases", "numcases"),
    "location": (
        "location", "locationid", "locid", "plats", "platsid", "placeid", "place", "area",
        "areaid", "omrade", "omradesid", "omradeid", "deso", "tract",
    ),
}  # fmt: skip
_HOW = "--columns start=Datum on the command line, columns={'start': 'Datum'} in Python"
_PLAIN = str.maketrans("åäöéü", "aaoeu")
_DATE_ONLY = re.compile(r"(date|datum|dag|day|fom|from|fran|tom|until|till|to)$")


def plain(name: str) -> str:
    """A name as it is compared: 'X-koordinat' and 'x_koordinat' are the same."""
    return re.sub(r"[^a-z0-9]", "", name.casefold().translate(_PLAIN))


def chosen(names: Sequence[str], given: Mapping[str, str | int] | None) -> dict[str, str]:
    """The file's column for each field: those given, then by usual names.

    `given` values are names, or positions from 1. Raises ValueError naming the columns there are
    when one is missing, or when neither metres nor degrees, or no time, can be found.
    """
    found = _given(names, given or {})
    by_plain: dict[str, str] = {}
    for name in names:
        by_plain.setdefault(plain(name), name)
    taken = set(found.values())
    for field in FIELDS:
        if field in found or _is_settled(field, found):
            continue
        for usual in _USUAL[field]:
            name = by_plain.get(usual, "")
            if name and name not in taken:
                if field.endswith("_clock") and not _is_date_only(found, field):
                    break
                found[field] = name
                taken.add(name)
                break
    return _completed(found, names)


def _is_settled(field: str, found: Mapping[str, str]) -> bool:
    """Metres that were given make degrees unneeded, and the other way about."""
    if field in ("longitude", "latitude"):
        return "x" in found or "y" in found
    if field in ("x", "y"):
        return "longitude" in found and "latitude" in found
    return False


def _is_date_only(found: Mapping[str, str], field: str) -> bool:
    """Whether the moment's column is, by its name, a date that wants a clock beside it."""
    name = plain(found.get(field.removesuffix("_clock"), ""))
    return bool(_DATE_ONLY.search(name)) or ("datum" in name and "tid" not in name)


def _given(names: Sequence[str], given: Mapping[str, str | int]) -> dict[str, str]:
    found = {}
    for field, wanted in given.items():
        if field not in FIELDS:
            raise ValueError(f"columns: no field {field!r}; there are {', '.join(FIELDS)}")
        if isinstance(wanted, int):
            if not 1 <= wanted <= len(names):
                raise ValueError(f"columns: {field} is column {wanted} of {len(names)}")
            found[field] = names[wanted - 1]
            continue
        same = [name for name in names if name == wanted] or [
            name for name in names if plain(name) == plain(wanted)
        ]
        if not same:
            raise ValueError(f"columns: no column {wanted!r} for {field}; there are {_all(names)}")
        found[field] = same[0]
    return found


def _title(names: Sequence[str]) -> str:
    named = [name for name in names if not name.startswith("(column")]
    return " Is the first row a title? Then leave it out." if len(named) == 1 else ""


def _completed(found: dict[str, str], names: Sequence[str]) -> dict[str, str]:
    has_metres, has_degrees = "x" in found and "y" in found, _has_degrees(found)
    if not has_metres and not has_degrees:
        raise ValueError(
            "columns: cannot tell which hold the place: say which are x and y, or longitude and "
            f"latitude ({_HOW}); there are {_all(names)}.{_title(names)}"
        )
    for field in ("x", "y") if has_degrees else ("longitude", "latitude"):
        found.pop(field, None)
    if "start" not in found:
        raise ValueError(
            "columns: cannot tell which holds the time: say which is start "
            f"({_HOW}); there are {_all(names)}"
        )
    return found


def _has_degrees(found: Mapping[str, str]) -> bool:
    return "longitude" in found and "latitude" in found


def _all(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:20])
    return shown + (f" and {len(names) - 20} more" if len(names) > 20 else "")
