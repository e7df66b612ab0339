"""Rules that no linter of others knows: each message names the right way."""

import ast
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src/kraftsamling"
ROOMS = (
    "trail",
    "privacy",
    "people",
    "places",
    "reports",
    "analysis",
    "measures",
    "campaigns",
    "pledges",
    "cycle",
    "operation",
)
THIN = ("web", "api", "ops", "project")
_WRITES = {
    "save", "delete", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create",
    "acreate", "asave", "adelete", "abulk_create", "force_insert",
}  # fmt: skip
_NOT_OF_A_TABLE = ("drawing", "drawn", "image", "picture", "scaled", "stream", "workbook")
_CLOCKS = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
    ("time", "time"), ("timezone", "now"),
}  # fmt: skip
_CHANCE = {("random", name) for name in ("random", "choice", "randint", "shuffle", "seed")}


def _modules(*rooms: str) -> list[Path]:
    found = [path for room in rooms for path in sorted((SOURCE / room).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def _calls(path: Path) -> Iterator[tuple[int, str, str]]:
    """(line, what it is called on, name) of every attribute call: `date.today()`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            on = node.func.value
            owner = on.id if isinstance(on, ast.Name) else getattr(on, "attr", "")
            yield node.lineno, owner, node.func.attr


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module


def _at(path: Path, line: int) -> str:
    return f"{path.relative_to(SOURCE)}:{line}"


@pytest.mark.parametrize("path", [p for p in _modules(*ROOMS) if p.name == "rules.py"], ids=str)
def test_rules_are_plain_python(path):
    """An auditor can re-implement them, and they are tested without a database."""
    foreign = [
        f"{_at(path, line)} imports {name}"
        for line, name in _imports(path)
        if name.split(".")[0] not in sys.stdlib_module_names
        and not name.startswith("kraftsamling.kit")
        and not (name.startswith("kraftsamling.") and name.endswith(".rules"))
    ]
    assert not foreign, "rules.py uses the standard library and other rules only"


def _is_write(owner: str, name: str) -> bool:
    if name == "update":  # of a queryset; dict.update and hash.update are no writes
        return owner in ("objects", "filter", "exclude", "all")
    return name in _WRITES


def test_only_actions_write():
    """One change to the world, one named action: that is where the trail is written."""
    writing = [
        f"{_at(path, line)}: .{name}()"
        for path in _modules(*ROOMS, *THIN)
        if "actions" not in (path.stem, *path.parent.parts) and path.name != "models.py"
        for line, owner, name in _calls(path)
        if _is_write(owner, name) and owner not in _NOT_OF_A_TABLE
    ]
    assert not writing, "move the write into the room's actions.py and call that:\n" + "\n".join(
        writing
    )


def test_the_clock_is_read_in_the_thin_layers_only():
    reading = [
        f"{_at(path, line)}: {owner}.{name}()"
        for path in _modules(*ROOMS, "kit")
        for line, owner, name in _calls(path)
        if (owner, name) in _CLOCKS
    ]
    assert not reading, "take `at` as an argument instead:\n" + "\n".join(reading)


def test_chance_comes_in_as_an_argument():
    rolling = [
        f"{_at(path, line)}: {owner}.{name}()"
        for path in _modules(*ROOMS, "kit")
        for line, owner, name in _calls(path)
        if (owner, name) in _CHANCE
    ]
    assert not rolling, "take `rng` as an argument instead:\n" + "\n".join(rolling)


def test_no_module_has_grown_out_of_its_clothes():
    """At about four hundred lines a module becomes a package of the same name."""
    grown = {
        path.relative_to(SOURCE).as_posix(): lines
        for path in _modules(*ROOMS, *THIN, "kit")
        if (lines := path.read_text("utf-8").count("\n")) > 450
    }
    assert grown == {}


def _forms() -> Iterator[type]:
    """Every form class of the product, once all its modules are imported."""
    from django.forms import BaseForm

    for path in _modules("web"):
        importlib.import_module(
            "kraftsamling." + ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        )
    waiting = [BaseForm]
    while waiting:
        known = waiting.pop().__subclasses__()
        waiting += known
        yield from (form for form in known if form.__module__.startswith("kraftsamling."))


def test_every_text_a_person_types_has_a_limit():
    from django.forms import CharField

    unlimited = {
        f"{form.__module__}.{form.__qualname__}.{name}"
        for form in _forms()
        for name, field in form.base_fields.items()
        if isinstance(field, CharField)
        and field.max_length is None
        # What the sign-in library declares, it checks: our subclasses only dress it.
        and not form.__module__.endswith("account.library_forms")
    }
    assert unlimited == set(), "give these fields a max_length"


@pytest.mark.parametrize("path", _modules(*ROOMS, "kit"), ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_room_catches_nothing_it_does_not_name(path):
    """`except Exception` hides the next mistake, unless it is raised on or logged whole."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            caught = getattr(node.type, "id", None)
            reraises = any(isinstance(each, ast.Raise) for each in ast.walk(node))
            # One listener's failure must not stop the next; it is told, with its trace.
            tells = path.name == "events.py" and "logger.exception" in ast.unparse(node)
            assert (
                reraises
                or tells
                or caught not in (None, "Exception", "BaseException")
                or isinstance(node.type, ast.Tuple | ast.Attribute)
            ), f"{_at(path, node.lineno)}: name the error"
