"""The search for weights, compiled. Importing this imports numba, which is slow."""

import numpy as np
from numpy.typing import NDArray

from lagesbild._compiling import compiled

Floats = NDArray[np.float64]


@compiled
def frank_wolfe(gram: Floats, start: Floats, rest: float, iterations: int) -> Floats:
    """Weights x >= 0 that sum to one and make x' gram x small, from `start`.

    Each step goes towards the corner with the steepest descent, as far as pays; after at least
    two steps it rests when one gains no more than `rest`. Gradient and value are carried along, so
    that a step costs one pass over the weights.
    """
    x = start.copy()
    gradient = gram @ x
    value = 0.0
    for j in range(x.size):
        value += x[j] * gradient[j]
    for iteration in range(iterations):
        corner = 0
        for j in range(1, x.size):
            if gradient[j] < gradient[corner]:
                corner = j
        descent = value - gradient[corner]
        curvature = gram[corner, corner] - 2.0 * gradient[corner] + value
        if descent <= 0.0 or curvature <= 0.0:
            break
        step = min(1.0, descent / curvature)
        for j in range(x.size):
            x[j] *= 1.0 - step
            gradient[j] += step * (gram[corner, j] - gradient[j])
        x[corner] += step
        gain = 2.0 * step * descent - step * step * curvature
        value -= gain
        if iteration > 0 and gain <= rest:
            break
    return x
