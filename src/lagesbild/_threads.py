"""Work in threads: the compiled loops let go of the interpreter's lock."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from lagesbild._checks import at_least

Part = TypeVar("Part")
Outcome = TypeVar("Outcome")


def workers(threads: int | None) -> int:
    """So many threads, or one for each core that this process may use."""
    if threads is not None:
        return at_least("threads", threads, 1)
    if hasattr(os, "sched_getaffinity"):  # the cores this process may use; Linux only
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def shares(size: int, least: int, most: int | None = None) -> list[slice]:
    """Rows 0 to `size`, cut into a few parts for each core, of `least` (but the last) to `most`.

    For loops whose rows do not know of one another: however they are cut, the outcome is the same.
    numba's own `parallel=True` compiles three times as long, and with some of its ways of running
    threads the process dies when two of them call at once.
    """
    step = max(least, -(-size // (4 * workers(None))))
    step = min(step, most or step)
    return [slice(first, min(first + step, size)) for first in range(0, max(size, 1), step)]


def each(work: Callable[[Part], Outcome], parts: Iterable[Part], threads: int) -> list[Outcome]:
    """The outcome of every part, in the order of the parts, whatever the number of threads."""
    listed = list(parts)
    if threads == 1 or len(listed) < 2:
        return [work(part) for part in listed]
    with ThreadPoolExecutor(min(threads, len(listed))) as pool:
        return list(pool.map(work, listed))
