"""Large data folded into a few kilobytes, so that their fingerprint costs no more than a look.

SHA-256 reads about a gigabyte a second; a million events are two hundredths of a second, as much
as their whole density. Here words of 8 bytes are mixed into 1024 lanes, each step a bijection of
its lane (exclusive or, a product with an odd number, a shift), and SHA-256 is left the lanes. No
two data that differ in one lane alone give the same lane; beyond that the chance is about 2^-64.
It guards against mistakes, not against somebody who searches for a collision.
"""

import sys

import numpy as np
from numpy.typing import NDArray

LANES = 1024
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
SHIFT = np.uint64(29)
Words = NDArray[np.uint64]


def fold(words: Words) -> Words:
    """(LANES,) states after all `words`, whose number is a multiple of LANES."""
    lanes = np.arange(LANES, dtype=np.uint64)
    rows = words.reshape(-1, LANES)
    if "numba" in sys.modules:  # never worth importing for this alone
        from lagesbild._folding_kernel import fold_rows

        fold_rows(rows, lanes)
    else:
        fold_plainly(rows, lanes)
    return lanes


def fold_plainly(rows: Words, lanes: Words) -> None:
    """What the compiled loop does, in numpy: some five times as slow."""
    shifted = np.empty_like(lanes)
    for row in rows:
        np.bitwise_xor(lanes, row, out=lanes)
        np.multiply(lanes, MULTIPLIER, out=lanes)
        np.right_shift(lanes, SHIFT, out=shifted)
        np.bitwise_xor(lanes, shifted, out=lanes)
