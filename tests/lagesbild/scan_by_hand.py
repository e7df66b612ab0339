"""The scan as one would write it from the formula, window by window: slow, and plain to read."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

_64 = (1 << 64) - 1


def ratio_by_hand(count: float, size: float, cases: float, population: float = 0.0) -> float:
    """Kulldorff's log-likelihood ratio; Poisson, or Bernoulli when a population is given."""

    def term(part: float, whole: float) -> float:
        return part * float(np.log(part / whole)) if part > 0 else 0.0

    if not population:
        return term(count, size) + term(cases - count, cases - size)
    inside = term(count, size) + term(size - count, size)
    outside = term(cases - count, population - size)
    outside += term(population - size - cases + count, population - size)
    null = term(cases, population) + term(population - cases, population)
    return inside + outside - null


def windows_by_hand(
    counts: NDArray[np.int64],
    sizes: NDArray[np.float64],
    zones: Sequence[Sequence[int]],
    *,
    longest: int,
    any_end: bool,
    rates: str,
    least: int,
    population: float = 0.0,
    cases: int | None = None,
) -> Iterator[tuple[float, int, int, int, int, int]]:
    """(ratio, zone, size of the zone, first column, beyond, count); columns run backwards."""
    total = int(counts.sum()) if cases is None else cases
    whole = population or total
    columns = counts.shape[1]
    for number, zone in enumerate(zones):
        for size in range(1, len(zone) + 1):
            here, size_here = counts[zone[:size]].sum(axis=0), sizes[zone[:size]].sum(axis=0)
            for first in range(columns if any_end else 1):
                for beyond in range(first + 1, min(first + longest, columns) + 1):
                    count = int(here[first:beyond].sum())
                    measure = float(size_here[first:beyond].sum())
                    expected = measure * total / whole if population else measure
                    high = count > expected and count >= least and rates != "low"
                    low = count < expected and rates != "high"
                    if measure < whole * (1 - 1e-12) and (high or low):
                        ratio = ratio_by_hand(count, measure, total, population)
                        yield ratio, number, size, first, beyond, count


class GeneratorByHand:
    """xoshiro256++ in Python's whole numbers."""

    def __init__(self, words: NDArray[np.uint64]) -> None:
        self.words = [int(word) for word in words]

    def bits(self) -> int:
        s = self.words
        result = (_turned(s[0] + s[3] & _64, 23) + s[0]) & _64
        shifted = s[1] << 17 & _64
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= shifted
        s[3] = _turned(s[3], 45)
        return result

    def below(self, bound: int) -> int:
        product = (self.bits() >> 32) * bound
        while product % 2**32 < 2**32 % bound:
            product = (self.bits() >> 32) * bound
        return product >> 32

    def index(self, kept: NDArray[np.float32], other: NDArray[np.int32]) -> int:
        point = (self.bits() >> 11) * 2.0**-53 * len(kept)
        index = int(point)
        return index if point - index < kept[index] else int(other[index])


def _turned(word: int, by: int) -> int:
    return (word << by | word >> 64 - by) & _64
