"""Events: what happened, where and when, as columns; and how they are read from files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lagesbild.events._events import Events

if TYPE_CHECKING:
    from lagesbild.events._reading import read
    from lagesbild.events._report import Excluded, Reading

__all__ = ["Events", "Excluded", "Reading", "read"]


def __getattr__(name: str) -> Any:
    """`read` and what it returns, imported when asked for: Polars takes a tenth of a second."""
    if name == "read":
        from lagesbild.events import _reading

        return _reading.read
    if name in ("Excluded", "Reading"):
        from lagesbild.events import _report

        return getattr(_report, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
