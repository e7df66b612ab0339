"""Every write to areas, places and opening hours: check, write, record, announce."""

from kraftsamling.places.actions.areas import import_areas, import_population, reassign_places
from kraftsamling.places.actions.drafts import (
    choose,
    discard_draft,
    discard_old_drafts,
    keep_draft,
)
from kraftsamling.places.actions.hours import (
    CLOSES_TOO_EARLY,
    ExceptionDetails,
    add_exception,
    change_exception,
    erase_exception_text,
    remove_exception,
    restore_exception,
    set_opening_hours,
)
from kraftsamling.places.actions.imports import (
    import_localities,
    import_opening_hours,
    import_places,
    import_streets,
)
from kraftsamling.places.actions.places import (
    PlaceDetails,
    add_place,
    change_place,
    deactivate_place,
    reactivate_place,
)
from kraftsamling.places.imports.places import PlaceChoices
from kraftsamling.places.queries.doubts import Unconfirmed

__all__ = [
    "CLOSES_TOO_EARLY",
    "ExceptionDetails",
    "PlaceChoices",
    "PlaceDetails",
    "Unconfirmed",
    "add_exception",
    "add_place",
    "change_exception",
    "change_place",
    "choose",
    "deactivate_place",
    "discard_draft",
    "discard_old_drafts",
    "erase_exception_text",
    "import_areas",
    "import_localities",
    "import_opening_hours",
    "import_places",
    "import_population",
    "import_streets",
    "keep_draft",
    "reactivate_place",
    "reassign_places",
    "remove_exception",
    "restore_exception",
    "set_opening_hours",
]
