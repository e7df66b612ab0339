"""Gaussians by nodes and filters, and the bound on what that is off.

Spreading replaces each kernel k(u) by its cubic interpolant on nodes r bandwidths apart. In one
dimension they differ by at most (9/16)/24 · r⁴ · max |k''''| over the four nodes, which is at most
A · N(0, s²)(u) for an A found by looking at all u. In two dimensions the difference is at most
(A + A' + A A') times a density with bandwidths s times as wide, and that is the density itself
blurred: it has no higher peak. Near corrected edges a blur looks outside, where the density is at
most what it is at the nearest point of the edge; `_edge_gain` is what division by the edge factor
can then add.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from lagesbild.kde._edges import corrected_weights
from lagesbild.kde._problem import Cells, Floats, Problem

REACH = 6.5  # bandwidths; beyond, a Gaussian is below 1e-9 of its height
FINEST = 64
_BLUR = 1.5  # s above
_LONG_FILTER = 120  # nodes; beyond, a Fourier transform is quicker


def fineness_for(problem: Problem) -> int:
    """How many nodes to a cell's side."""
    narrow = min(problem.widths)
    if not problem.is_gaussian:
        return int(np.ceil(32 * problem.cells.cell / narrow))
    for fineness in range(1, FINEST + 1):
        if spread_error(problem, fineness) <= 0.98 * problem.tolerance:
            return fineness
    return FINEST + 1


def spread_error(problem: Problem, fineness: int) -> float:
    """The bound in the module's heading."""
    area, cells = problem.area, problem.cells
    is_divided = area is not None and not problem.by_event
    parts = []
    for width, count in zip(problem.widths, (cells.columns, cells.rows), strict=True):
        part = _interpolation_error(round(cells.cell / fineness / width, 9))
        gain = _edge_gain(round(cells.cell / width, 9), count) if is_divided else 1.0
        parts.append(part * gain)
    return parts[0] + parts[1] + parts[0] * parts[1]


@lru_cache(maxsize=4096)
def _interpolation_error(ratio: float) -> float:
    """A: the most that the cubic interpolant of a Gaussian is off, in wider Gaussians."""
    from scipy import ndimage

    step = 0.01
    u = np.arange(-12, 12 + step / 2, step)
    fourth = np.abs(u**4 - 6 * u**2 + 3) * np.exp(-0.5 * u**2)
    # The nodes lie at most two steps from the event; one more place for those in between.
    reach = int(np.ceil(2 * ratio / step)) + 1
    if reach > u.size // 2:
        return np.inf
    highest = ndimage.maximum_filter1d(fourth, 2 * reach + 1, mode="nearest")
    looked_at = np.abs(u) <= 10
    share = highest * np.exp(0.5 * (u / _BLUR) ** 2) * _BLUR
    return float(9 / 16 / 24 * ratio**4 * share[looked_at].max())


@lru_cache(maxsize=4096)
def _edge_gain(cell: float, count: int) -> float:
    """How much higher a blurred density can stand over the edge factor than an unblurred one.

    cell   in bandwidths; `count` of them lie side by side
    """
    from scipy import special

    width = cell * count
    nodes, weights = np.polynomial.hermite_e.hermegauss(48)
    near = np.linspace(0, min(width / 2, 8.0), 200)

    def share(u: Floats) -> Floats:
        return np.asarray(special.ndtr(u) + special.ndtr(width - u) - 1)

    around = near[:, None] + np.sqrt(_BLUR**2 - 1) * nodes
    blurred = share(np.clip(around, 0, width)) @ weights / weights.sum()
    return max(1.0, 1.01 * float((blurred / share(near)).max()))


def nodes_for(
    problem: Problem, fineness: int, pads: tuple[int, int]
) -> tuple[Floats, Floats, float]:
    """Nodes of zeros, where the first lies, and the step between them."""
    cells = problem.cells
    step = cells.cell / fineness
    wide = fineness * (cells.columns - 1) + 1 + 2 * pads[0]
    high = fineness * (cells.rows - 1) + 1 + 2 * pads[1]
    origin = np.array([cells.x[0] - pads[0] * step, cells.y[0] - pads[1] * step])
    return np.zeros((high, wide)), origin, step


def reaches(problem: Problem, fineness: int, bandwidths: float) -> list[int]:
    """How many nodes the kernel reaches, and no more than lie between any event and any cell."""
    cells, area, found = problem.cells, problem.area, []
    if area is None:
        box = [(float(each.min()), float(each.max())) for each in (problem.x, problem.y)]
    else:  # all events lie within it
        box = [(area.west, area.east), (area.south, area.north)]
    for width, centres, (least, most) in zip(problem.widths, (cells.x, cells.y), box, strict=True):
        low, high = min(float(centres[0]), least), max(float(centres[-1]), most)
        farthest = min(bandwidths * width, high - low + cells.cell)
        found.append(int(np.ceil(farthest * fineness / cells.cell)) + 3)
    return found


def filtered(problem: Problem, fineness: int) -> Floats:
    from lagesbild.kde import _kernels as kernels

    taps = []
    for width, reach in zip(problem.widths, reaches(problem, fineness, REACH), strict=True):
        ratio = problem.cells.cell / fineness / width
        taps.append(np.exp(-0.5 * (np.arange(reach + 1) * ratio) ** 2))
    # Room for the four nodes of an event that the kernel just reaches, or half a cell outside.
    rim = fineness // 2 + 4
    pads = (taps[0].size - 1 + rim, taps[1].size - 1 + rim)
    nodes, origin, step = nodes_for(problem, fineness, pads)
    kernels.spread(problem.x, problem.y, corrected_weights(problem), origin, step, nodes)
    if max(each.size for each in taps) > _LONG_FILTER:
        kernel = np.outer(np.r_[taps[1][:0:-1], taps[1]], np.r_[taps[0][:0:-1], taps[0]])
        found = convolved(nodes, kernel, pads, fineness, problem.cells)
        return np.maximum(found, 0) * problem.height
    rows, columns = problem.cells.rows, problem.cells.columns
    across = np.empty((rows, nodes.shape[1]))
    kernels.filter_rows(nodes, taps[1] * problem.height, pads[1], fineness, across)
    values = np.empty((rows, columns))
    kernels.filter_columns(across, taps[0], pads[0], fineness, values)
    return values


def convolved(
    nodes: Floats, kernel: Floats, pads: tuple[int, int], fineness: int, cells: Cells
) -> Floats:
    """At the cells' centres. What wraps around stays within the pads, which nobody reads."""
    from scipy import fft

    shape = tuple(fft.next_fast_len(size, real=True) for size in nodes.shape)
    held = np.zeros(shape)
    half = (kernel.shape[0] // 2, kernel.shape[1] // 2)
    held[: kernel.shape[0], : kernel.shape[1]] = kernel
    held = np.roll(held, (-half[0], -half[1]), axis=(0, 1))
    product = fft.rfft2(nodes, shape) * fft.rfft2(held)
    found = fft.irfft2(product, shape)
    rows = pads[1] + fineness * np.arange(cells.rows)
    columns = pads[0] + fineness * np.arange(cells.columns)
    return np.asarray(found[np.ix_(rows, columns)])
