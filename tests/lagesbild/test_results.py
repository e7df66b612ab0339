"""What results carry, above all the fingerprint of their data."""

import numpy as np
import pytest

from lagesbild._folding import LANES, fold_plainly
from lagesbild._folding_kernel import fold_rows
from lagesbild._results import fingerprint

LARGE = 200_003  # 1.6 MB: folded, with a rest


def column(size: int = LARGE) -> np.ndarray:
    return np.random.default_rng(4).normal(size=size)


def test_the_same_data_have_the_same_fingerprint_wherever_they_lie() -> None:
    strided = np.repeat(column(), 2)[::2]
    assert fingerprint(strided) == fingerprint(column().copy())


@pytest.mark.parametrize("size", [1_000, LARGE])
def test_any_small_change_shows(size: int) -> None:
    """Two signs turned in one lane are what a plain sum of products would not see."""
    before = column(size)
    swapped, nudged, turned, shorter = (before.copy() for _ in range(4))
    swapped[[3, 700]] = swapped[[700, 3]]
    nudged[-1] = np.nextafter(nudged[-1], 10)
    turned[[5, (5 + LANES) % size]] *= -1
    found = [fingerprint(each) for each in (before, swapped, nudged, turned, shorter[:-1])]
    found += [fingerprint(before, None), fingerprint(before.astype(np.float32))]
    assert len(set(found)) == len(found)


def test_columns_are_told_apart_by_their_place() -> None:
    x, y = column(), column()[::-1]
    assert fingerprint(x, y) != fingerprint(y, x)


def test_texts_and_times_have_fingerprints() -> None:
    texts = np.array(["Hageby", "Åby"], dtype=object)
    assert fingerprint(texts) == fingerprint(texts.astype(str)) != fingerprint(texts[::-1])
    assert len(fingerprint(np.array(["2026-01-01"], "datetime64[s]"), np.zeros(0))) == 16


def test_the_compiled_fold_is_the_plain_one() -> None:
    rows = np.random.default_rng(1).integers(0, 2**64, (50, LANES), dtype=np.uint64)
    plain, compiled = np.arange(LANES, dtype=np.uint64), np.arange(LANES, dtype=np.uint64)
    fold_plainly(rows, plain)
    fold_rows(rows, compiled)
    assert np.array_equal(plain, compiled)
