"""Work is cut into parts that leave nothing out, and comes back in their order."""

import numpy as np
import pytest

from lagesbild import _threads
from lagesbild.surveillance import farrington_flexible, glr_poisson


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 1_000, 100_003])
@pytest.mark.parametrize(("least", "most"), [(1, None), (64, None), (64, 500)])
def test_shares_hold_each_row_once(size: int, least: int, most: int | None) -> None:
    shares = _threads.shares(size, least, most)
    assert np.concatenate([np.arange(size)[one] for one in shares]).tolist() == list(range(size))
    assert all(one.stop - one.start >= least for one in shares[:-1])
    assert most is None or max(one.stop - one.start for one in shares) <= most


@pytest.mark.parametrize("threads", [1, 3])
def test_outcomes_stand_in_the_order_of_the_parts(threads: int) -> None:
    assert _threads.each(lambda part: part * part, range(9), threads) == [n * n for n in range(9)]


def test_many_series_are_answered_as_each_by_itself() -> None:
    draw = np.random.default_rng(1)
    counts = draw.poisson(draw.gamma(2, 2, (150, 1)), (150, 330))
    for together, alone in (
        (farrington_flexible(counts), [farrington_flexible(one) for one in counts[::29]]),
        (glr_poisson(counts, weeks=range(300, 330)),
         [glr_poisson(one, weeks=range(300, 330)) for one in counts[::29]]),
    ):  # fmt: skip
        for row, one in enumerate(alone):
            assert one.upper_bound.tobytes() == together.upper_bound[29 * row].tobytes()
