"""Difference in differences for counts: a rate ratio, with errors that know areas are unlike."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lagesbild._checks import counts as checked_counts
from lagesbild._checks import finite
from lagesbild._results import Basis, fingerprint
from lagesbild.evaluation._results import FEWEST, Effect, verdict_of

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class RateRatio(Effect):
    """A difference in differences as a ratio of rates: `ratio` is exp(`estimate`)."""

    ratio: float
    ratio_interval: tuple[float, float]
    clusters: int
    dispersion: float


def difference_in_differences(
    counts: ArrayLike,
    *,
    treated: ArrayLike,
    after: ArrayLike,
    exposure: ArrayLike | None = None,
    level: float = 0.95,
    smallest_of_interest: float = 0.2,
) -> RateRatio:
    """Poisson difference in differences with area and period effects, clustered by area.

    counts    (areas, periods) whole numbers
    treated   (areas,) which areas had the measure; after: (periods,) from when on
    exposure  (areas, periods) such as active reporters; None: one

    The estimate is the log of the rate ratio. Standard errors are cluster-robust by area (CR3),
    with Student's t on the effective number of areas: valid whatever the over-dispersion, and
    honest about few areas. Areas or periods without any event say nothing about the ratio and
    stay out. Where one side of the comparison has no events at all the ratio is 0 or infinite,
    and nothing can be told.

    Raises ValueError without treated and untreated areas, periods before and after, or events.
    """
    from scipy import special

    if not 0 < level < 1:
        raise ValueError(f"level: between 0 and 1 wanted, {level!r} given")
    panel = _read(counts, treated, after, exposure)
    fit = _fit(panel)
    error, freedom = _clustered_error(fit)
    beta = fit.estimate
    quantile = float(special.stdtrit(freedom, 0.5 + level / 2))
    known = bool(np.isfinite(beta) and np.isfinite(error))
    low, high = (beta - quantile * error, beta + quantile * error) if known else (-np.inf, np.inf)
    z = beta / error if known and error > 0 else float("nan")
    too_small = fit.cells.min() < FEWEST or panel.treated.size < 4
    return RateRatio(
        basis=Basis(
            method="difference in differences, Poisson with area and period effects",
            parameters={"level": level, "smallest_of_interest": smallest_of_interest},
            n=int(panel.y.sum()),
            fingerprint=panel.fingerprint,
        ),
        estimate=beta,
        standard_error=error,
        z=z,
        p_value=float(2 * special.stdtr(freedom, -abs(z))) if np.isfinite(z) else 1.0,
        interval=(low, high),
        verdict=verdict_of(low, high, -np.log1p(-min(smallest_of_interest, 0.99)), too_small),
        caveats=_caveats(panel, fit),
        ratio=float(np.exp(beta)),
        ratio_interval=(float(np.exp(low)), float(np.exp(high))),
        clusters=int(panel.treated.size),
        dispersion=fit.dispersion,
    )


@dataclass(frozen=True)
class _Panel:
    """Counts of areas and periods that have any, untreated areas and periods before first."""

    y: Floats
    exposure: Floats | None
    treated: Mask
    after: Mask
    fingerprint: str

    @property
    def corner(self) -> tuple[slice, slice]:
        """Where the measure was at work."""
        return (slice(int((~self.treated).sum()), None), slice(int((~self.after).sum()), None))


def _read(
    counts: ArrayLike, treated: ArrayLike, after: ArrayLike, exposure: ArrayLike | None
) -> _Panel:
    y = checked_counts("counts", counts, dimensions=2)
    is_treated, is_after = np.asarray(treated, bool), np.asarray(after, bool)
    if is_treated.shape != y.shape[:1] or is_after.shape != y.shape[1:]:
        raise ValueError("treated, after: one value per area and per period wanted")
    base = None if exposure is None else finite("exposure", exposure, dimensions=2)
    if base is not None:
        if base.shape != y.shape or (base < 0).any():
            raise ValueError("exposure: as counts, zero or more")
        if ((base == 0) & (y > 0)).any():
            raise ValueError("exposure: zero where something was counted")
    for name, mask in (("treated", is_treated), ("after", is_after)):
        if mask.all() or not mask.any():
            raise ValueError(f"{name}: both kinds wanted, for a comparison")
    rows = np.argsort(is_treated, kind="stable")
    columns = np.argsort(is_after, kind="stable")
    rows = rows[y.sum(axis=1)[rows] > 0]
    columns = columns[y.sum(axis=0)[columns] > 0]
    for mask, kept in ((is_treated, rows), (is_after, columns)):
        if mask[kept].all() or not mask[kept].any():
            raise ValueError("counts: too few events to compare treated and untreated areas")
    return _Panel(
        _chosen(y, rows, columns),
        None if base is None else _chosen(base, rows, columns),
        is_treated[rows],
        is_after[columns],
        # A quarter of the bytes tells small counts apart as well.
        fingerprint(y.astype(np.uint16) if y.max() < 65536 else y, base, is_treated, is_after),
    )


def _chosen(values: Floats, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Floats:
    """Rows first, as they lie: columns are nearly always all of them, in order."""
    taken = values.take(rows, axis=0)
    in_order = columns.size == values.shape[1] and bool((np.diff(columns) > 0).all())
    return taken if in_order else np.ascontiguousarray(taken[:, columns])


@dataclass(frozen=True)
class _Fit:
    """The maximum of the likelihood, and what each area says about it.

    cells        events of untreated and treated areas (rows), before and after (columns)
    scores       each area's sum of residual treatment times residual count
    information  each area's sum of squared residual treatment times fitted count
    """

    estimate: float
    cells: Floats
    scores: Floats
    information: Floats
    dispersion: float


def _fit(panel: _Panel) -> _Fit:
    rows, columns = panel.corner
    sides = np.add.reduceat(panel.y, [0, columns.start], axis=1)  # of each area: before, after
    cells = np.add.reduceat(sides, [0, rows.start], axis=0)
    if not cells.all():
        nothing = np.zeros(panel.treated.size)
        falls = cells[0, 0] * cells[1, 1] < cells[0, 1] * cells[1, 0]
        sure = (cells[0, 0] * cells[1, 1] == 0) != (cells[0, 1] * cells[1, 0] == 0)
        infinite = -np.inf if falls else np.inf
        return _Fit(infinite if sure else np.nan, cells, nothing, nothing, np.nan)
    if panel.exposure is None:
        return _fit_alike(panel.y, sides, cells, panel.corner)
    return _fit_exposed(panel.y, panel.exposure, cells, panel.corner)


def _fit_alike(y: Floats, sides: Floats, cells: Floats, corner: tuple[slice, slice]) -> _Fit:
    """Without exposure the maximum has a closed form: four sums decide.

    Within each side of the comparison the fitted counts are those of independent rows and
    columns, so that the four sides' sums are fitted exactly; and the residual treatment is
    constant there, in proportion to one over the sum.
    """
    rows, columns = corner
    sign = np.array([[1.0, -1.0], [-1.0, 1.0]])
    residual = sign / cells / (1 / cells).sum()
    is_treated = (np.arange(y.shape[0]) >= rows.start).astype(int)
    of_group = cells.sum(axis=1)
    fitted = (sides.sum(axis=1) / of_group[is_treated])[:, None] * cells[is_treated]
    shape = y.sum(axis=0)
    shape[: columns.start] /= shape[: columns.start].sum()
    shape[columns] /= shape[columns].sum()
    squares = np.add.reduceat(y * y / shape, [0, columns.start], axis=1)
    pearson = (squares / fitted)[fitted > 0].sum() - y.sum()
    freedom = y.size - sum(y.shape)
    return _Fit(
        float(np.log(cells[1, 1] / cells[1, 0] * cells[0, 0] / cells[0, 1])),
        cells,
        (residual[is_treated] * (sides - fitted)).sum(axis=1),
        (residual[is_treated] ** 2 * fitted).sum(axis=1),
        float(pearson / max(freedom, 1)),
    )


def _fit_exposed(y: Floats, base: Floats, cells: Floats, corner: tuple[slice, slice]) -> _Fit:
    from lagesbild.evaluation._exposed import maximum  # numba: slow to import

    rows, columns = corner
    sides = np.add.reduceat(base, [0, columns.start], axis=1)
    rates = cells / np.add.reduceat(sides, [0, rows.start], axis=0)
    # Nearly there: the ratio of the ratios of the four sides' rates.
    guess = float(np.log(rates[1, 1] / rates[1, 0] * rates[0, 0] / rates[0, 1]))
    found = maximum(y, base, (rows.start, columns.start), guess)
    freedom = y.size - sum(y.shape)
    return _Fit(
        found.estimate, cells, found.scores, found.information, found.squares / max(freedom, 1)
    )


def _clustered_error(fit: _Fit) -> tuple[float, float]:
    """The jackknife-like CR3 standard error by area, and its effective degrees of freedom.

    CR3 weighs up areas that pull the estimate towards themselves; the plain sandwich is too small
    where few areas are treated. The degrees of freedom say over how many areas the information
    is truly spread (Satterthwaite).
    """
    if not np.isfinite(fit.estimate):
        return float("nan"), 1.0
    share = fit.information / fit.information.sum()
    clusters = share.size
    kept = np.maximum(1 - share, 1e-12)
    variance = (clusters - 1) / clusters * ((fit.scores / kept) ** 2).sum()
    freedom = max(1.0, min(clusters - 1.0, 1 / float((share**2).sum())))
    return float(np.sqrt(variance) / fit.information.sum()), freedom


def _caveats(panel: _Panel, fit: _Fit) -> tuple[str, ...]:
    few = min(int(panel.treated.sum()), int((~panel.treated).sum()))
    return tuple(
        sentence
        for says, sentence in (
            (fit.cells.min() < FEWEST,
             f"Fewer than {FEWEST} events on one side of the comparison."),
            (few < 4, "Fewer than 4 areas of one kind: clustered errors are then too small."),
            (panel.exposure is None, "Reporting effort was not taken into account."),
        )
        if says
    )  # fmt: skip
