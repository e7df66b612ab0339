"""The inner loops of kernel density, compiled. Importing this imports numba, which is slow.

A *node* is a point of the working grid that events are spread over; every cell centre of the
result is a node.
"""

import numpy as np
from numpy.typing import NDArray

from lagesbild._compiling import compiled_with

Floats = NDArray[np.float64]
# Of the liberties with floating point only those that leave NaN and infinity alone are taken.
compiled = compiled_with(fastmath={"contract", "reassoc", "nsz", "arcp"})
_UNDERFLOW = 1490.0  # exp(-r²/2) is zero beyond


@compiled
def spread(x: Floats, y: Floats, weight: Floats, origin: Floats, step: float, out: Floats) -> None:
    """Each event onto the 4 × 4 nodes around it, by the weights of cubic interpolation.

    Events whose nodes are not all there lie beyond the reach of the kernel, and are left out.
    """
    rows, columns = out.shape
    # Unsigned and flat: an index that might be negative costs a comparison at each of 16 nodes.
    flat, stride = out.reshape(-1), np.uint64(columns)
    west, south, scale = origin[0], origin[1], 1.0 / step
    most_u, most_v = columns - 2.0, rows - 2.0
    for i in range(x.size):
        u, v = (x[i] - west) * scale, (y[i] - south) * scale
        if not (u >= 1.0 and v >= 1.0 and u < most_u and v < most_v):
            continue
        a, b = np.int32(u), np.int32(v)
        s, t = u - a, v - b
        # Lagrange's polynomials on the nodes -1, 0, 1, 2.
        p, q = s * (s - 1.0), (s + 1.0) * (s - 2.0)
        x0, x1 = p * (s - 2.0) * (-1.0 / 6.0), q * (s - 1.0) * 0.5
        x2, x3 = q * s * -0.5, p * (s + 1.0) * (1.0 / 6.0)
        p, q = t * (t - 1.0) * weight[i], (t + 1.0) * (t - 2.0) * weight[i]
        y0, y1 = p * (t - 2.0) * (-1.0 / 6.0), q * (t - 1.0) * 0.5
        y2, y3 = q * t * -0.5, p * (t + 1.0) * (1.0 / 6.0)
        node = np.uint64(b - 1) * stride + np.uint64(a - 1)
        for part in (y0, y1, y2, y3):
            flat[node] += part * x0
            flat[node + np.uint64(1)] += part * x1
            flat[node + np.uint64(2)] += part * x2
            flat[node + np.uint64(3)] += part * x3
            node += stride


@compiled
def count(x: Floats, y: Floats, weight: Floats, origin: Floats, step: float, out: Floats) -> None:
    """Each event onto the node below and to the left of it."""
    rows, columns = out.shape
    for i in range(x.size):
        u, v = (x[i] - origin[0]) / step, (y[i] - origin[1]) / step
        if u >= 0.0 and v >= 0.0 and u < columns and v < rows:
            out[int(v), int(u)] += weight[i]


@compiled
def filter_rows(nodes: Floats, taps: Floats, pad: int, stride: int, out: Floats) -> None:
    """out[g] = sum over k of taps[|k|] · nodes[pad + g·stride + k], for whole rows.

    Three taps at a time, so that the sum is read and written a third as often.
    """
    rows, columns = out.shape
    reach = taps.size - 1
    for g in range(rows):
        c = pad + g * stride
        for q in range(columns):
            out[g, q] = taps[0] * nodes[c, q]
        k = 1
        while k + 2 <= reach:
            f, h, m = taps[k], taps[k + 1], taps[k + 2]
            for q in range(columns):
                out[g, q] += (
                    f * (nodes[c - k, q] + nodes[c + k, q])
                    + h * (nodes[c - k - 1, q] + nodes[c + k + 1, q])
                    + m * (nodes[c - k - 2, q] + nodes[c + k + 2, q])
                )
            k += 3
        while k <= reach:
            f = taps[k]
            for q in range(columns):
                out[g, q] += f * (nodes[c - k, q] + nodes[c + k, q])
            k += 1


@compiled
def filter_columns(nodes: Floats, taps: Floats, pad: int, stride: int, out: Floats) -> None:
    """out[r, g] = sum over k of taps[|k|] · nodes[r, pad + g·stride + k], and never below zero.

    The same as `filter_rows` of the transposed, without transposing. Cubic weights are negative
    here and there, and rounding may leave a hair below zero.
    """
    rows, columns = out.shape
    width = (columns - 1) * stride + 1
    line = np.empty(width)
    for r in range(rows):
        # Every node is computed where cells are wider: even steps are what a processor is good at.
        middle = nodes[r, pad : pad + width]
        for q in range(width):
            line[q] = taps[0] * middle[q]
        for k in range(1, taps.size - 1, 2):
            before, after = nodes[r, pad - k - 1 :], nodes[r, pad + k :]
            near, far = taps[k], taps[k + 1]
            for q in range(width):
                line[q] += near * (before[q + 1] + after[q]) + far * (before[q] + after[q + 1])
        if taps.size % 2 == 0:
            k = taps.size - 1
            before, after = nodes[r, pad - k :], nodes[r, pad + k :]
            for q in range(width):
                line[q] += taps[k] * (before[q] + after[q])
        for g in range(columns):
            out[r, g] = max(line[g * stride], 0.0)


@compiled
def direct_gaussian(
    x: Floats, y: Floats, weight: Floats, grid: Floats, bx: float, by: float, reach: float,
    out: Floats,
) -> None:  # fmt: skip
    """The sum itself of exp(-r²/2), each event onto the centres within `reach` bandwidths.

    grid   (west, south, cell)
    """
    rows, columns = out.shape
    west, south, cell = grid[0], grid[1], grid[2]
    along = np.empty(columns)
    for i in range(x.size):
        u, v = (x[i] - west) / cell - 0.5, (y[i] - south) / cell - 0.5
        first = max(0, int(np.ceil(u - reach * bx / cell)))
        last = min(columns - 1, int(np.floor(u + reach * bx / cell)))
        for c in range(first, last + 1):
            d = (c - u) * cell / bx
            along[c] = np.exp(-0.5 * d * d)
        bottom = max(0, int(np.ceil(v - reach * by / cell)))
        top = min(rows - 1, int(np.floor(v + reach * by / cell)))
        for r in range(bottom, top + 1):
            d = (r - v) * cell / by
            part = weight[i] * np.exp(-0.5 * d * d)
            for c in range(first, last + 1):
                out[r, c] += part * along[c]


@compiled
def direct_quartic(
    x: Floats, y: Floats, weight: Floats, grid: Floats, bx: float, by: float, out: Floats
) -> None:
    """The sum itself of (1 - r²)², each event onto the centres within its bandwidth."""
    rows, columns = out.shape
    west, south, cell = grid[0], grid[1], grid[2]
    for i in range(x.size):
        u, v = (x[i] - west) / cell - 0.5, (y[i] - south) / cell - 0.5
        bottom = max(0, int(np.ceil(v - by / cell)))
        top = min(rows - 1, int(np.floor(v + by / cell)))
        first = max(0, int(np.ceil(u - bx / cell)))
        last = min(columns - 1, int(np.floor(u + bx / cell)))
        for r in range(bottom, top + 1):
            d = (r - v) * cell / by
            left = 1.0 - d * d
            for c in range(first, last + 1):
                e = (c - u) * cell / bx
                height = max(0.0, left - e * e)
                out[r, c] += weight[i] * height * height


@compiled
def exact_sums(
    px: Floats, py: Floats, x: Floats, y: Floats, weight: Floats, bx: Floats, by: Floats,
    is_gaussian: bool, out: Floats,
) -> None:  # fmt: skip
    """The sum over all events at points, without any cut-off; bx and by (n,) each event's own.

    weight   already divided by whatever makes each kernel integrate to one
    """
    for j in range(px.size):
        total = 0.0
        for i in range(x.size):
            d, e = (px[j] - x[i]) / bx[i], (py[j] - y[i]) / by[i]
            r2 = d * d + e * e
            if is_gaussian:
                if r2 < _UNDERFLOW:
                    total += weight[i] * np.exp(-0.5 * r2)
            elif r2 < 1.0:
                total += weight[i] * (1.0 - r2) * (1.0 - r2)
        out[j] = total


@compiled
def leave_one_out(x: Floats, y: Floats, weight: Floats, out: Floats) -> None:
    """At each event the sum of exp(-r²/2) over those elsewhere; bandwidth 1 in both directions.

    Events at the very same place would foretell one another the better the narrower a kernel is.
    """
    out[:] = 0.0
    for i in range(x.size):
        for j in range(i):
            d, e = x[i] - x[j], y[i] - y[j]
            r2 = d * d + e * e
            if 0.0 < r2 < _UNDERFLOW:
                height = np.exp(-0.5 * r2)
                out[i] += weight[j] * height
                out[j] += weight[i] * height
