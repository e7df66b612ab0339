"""From a result to its drawing.

By the name of its type: the module of a result at hand is loaded, those of the others need not be.
"""

from collections.abc import Callable
from typing import Any

from lagesbild.plot import _effects, _maps, _overviews, _scans, _tables, _times
from lagesbild.plot._sheet import Drawing

_DRAWINGS: dict[str, Callable[..., Drawing]] = {
    "Accuracy": _times.accuracy,
    "Audit": _tables.audit,
    "Cube": _overviews.cube,
    "Density": _maps.density,
    "DisplacementQuotient": _effects.displacement,
    "Effect": _effects.effect,
    "Hotspots": _maps.hotspots,
    "MergedAreas": _tables.merged_areas,
    "NearRepeat": _tables.knox,
    "Plan": _maps.plan,
    "RankedPlans": _maps.ranked_plans,
    "RateRatio": _effects.rate_ratio,
    "Release": _tables.release,
    "RollingEvaluation": _times.rolling,
    "Roster": _tables.roster,
    "ScanResult": _scans.scan,
    "Simulation": _overviews.simulation,
    "Surveillance": _times.surveillance,
    "SyntheticEffect": _effects.synthetic,
    "WeekdayHour": _times.weekday_hour,
}


def drawing_for(result: Any) -> Callable[..., Drawing]:
    """Raises TypeError for what is no result of this library."""
    for kind in type(result).__mro__:
        if kind.__module__.startswith("lagesbild.") and kind.__name__ in _DRAWINGS:
            return _DRAWINGS[kind.__name__]
    known = ", ".join(sorted(_DRAWINGS))
    raise TypeError(f"result: one of {known} wanted, {type(result).__name__} given")


def drawable() -> frozenset[str]:
    """The names of the results that have a figure."""
    return frozenset(_DRAWINGS)
