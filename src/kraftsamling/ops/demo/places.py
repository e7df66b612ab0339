"""The demo city's areas and places, and the letter's weekend laid on the calendar."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from kraftsamling.kit.actor import Actor
from kraftsamling.ops.demo.data_files import data_file, read_csv, texts_in
from kraftsamling.places.actions import (
    ExceptionDetails,
    add_exception,
    import_areas,
    import_localities,
    import_opening_hours,
    import_places,
    import_population,
    import_streets,
)
from kraftsamling.places.models import Place

Progress = Callable[[str, int, int], None]
_SATURDAY = 5

_IMPORTS = (
    ("Areas", import_areas, "areas.geojson"),
    ("Population", import_population, "population.csv"),
    ("Places", import_places, "places.csv"),
    ("Localities", import_localities, "localities.csv"),
    ("Streets", import_streets, "streets.csv"),
    ("Opening hours", import_opening_hours, "opening_hours.csv"),
)


def load_places(*, today: date, at: datetime, by: Actor, progress: Progress) -> None:
    """Areas, population, places, street register, opening hours and the weekend's exceptions."""
    for step, load, name in _IMPORTS:
        progress(step, 0, 1)
        load(data_file(name), file_name=name, by=by, at=at)
        progress(step, 1, 1)
    _load_exceptions(saturday_of(today), at=at, by=by, progress=progress)


def saturday_of(today: date) -> date:
    """The Saturday of the weekend that is, or else of the one that comes."""
    return today + timedelta(days=_SATURDAY - today.weekday())


def _load_exceptions(saturday: date, *, at: datetime, by: Actor, progress: Progress) -> None:
    places = {place.slug: place for place in Place.objects.all()}
    rows = read_csv("opening_exceptions.csv")
    for done, row in enumerate(rows):
        progress("The weekend", done, len(rows))
        place = places[row["slug"]]
        add_exception(place, details=_exception(row, saturday, places), by=by, at=at)
    progress("The weekend", len(rows), len(rows))


def _exception(
    row: Mapping[str, str], saturday: date, places: Mapping[str, Place]
) -> ExceptionDetails:
    return ExceptionDetails(
        kind=row["kind"],
        days_from=saturday + timedelta(days=int(row["weekday_offset_from"])),
        days_until=saturday + timedelta(days=int(row["offset_until"])),
        opens=time.fromisoformat(row["opens"]) if row["opens"] else None,
        closes=time.fromisoformat(row["closes"]) if row["closes"] else None,
        moved_to=places[row["moved_to"]] if row["moved_to"] else None,
        reason=texts_in(row, "reason"),
    )
