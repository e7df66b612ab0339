"""One function over many partitions, such as the municipalities of a country, here or on Dask.

Every partition is computed by itself, with a seed derived from its name: the results are those of
a plain loop, whatever the cluster, its workers, their order and the other partitions.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lagesbild._checks import at_least
from lagesbild._labels import labelled
from lagesbild._results import Basis, Result, fingerprint
from lagesbild.events import Events


class PartitionsFailed(RuntimeError):
    """Some partitions have no result; says which, and why."""


@dataclass(frozen=True, kw_only=True)
class Partitioned(Result):
    """What came of every partition; each name is in one of the two, in the order given.

    results   by name
    failures  by name, what went wrong
    """

    results: Mapping[str, Any]
    failures: Mapping[str, str]

    def complete(self) -> Mapping[str, Any]:
        """The results, when no partition failed; raises PartitionsFailed otherwise."""
        if self.failures:
            told = "; ".join(f"{name}: {reason}" for name, reason in self.failures.items())
            raise PartitionsFailed(f"{len(self.failures)} of {self.basis.n} failed: {told}")
        return self.results


def compute(
    function: Callable[..., Any],
    partitions: Mapping[str, Any],
    *,
    client: Any = None,
    seed: int = 0,
    **options: Any,
) -> Partitioned:
    """function(partition, **options) for every partition, with those that failed told by name.

    partitions  by name: the function's argument, or a tuple of its arguments, or something to
                call that returns either (say a `functools.partial` that reads a file): it is
                called where the work is done, so that the data need not travel
    client      a `distributed.Client`, or None for one after the other in this process
    seed        each partition gets `seed_for(seed, name)`, if the function takes a seed

    Workers compute side by side already: give `threads=1` to functions that know it.

    Raises ValueError for no partitions, or names that are not texts.
    """
    if not partitions:
        raise ValueError("partitions: none")
    if any(not isinstance(name, str) for name in partitions):
        raise ValueError("partitions: names must be texts")
    at_least("seed", seed, 0)
    takes_seed = "seed" in inspect.signature(function).parameters

    def options_of(name: str) -> dict[str, Any]:
        return {**options, "seed": seed_for(seed, name)} if takes_seed else options

    if client is None:
        outcomes = {
            name: _attempt(function, data, options_of(name)) for name, data in partitions.items()
        }
    else:
        futures = {
            # Not pure: a partition that is asked for twice is computed twice, not remembered.
            name: client.submit(_outcome, function, data, options_of(name), pure=False)
            for name, data in partitions.items()
        }
        outcomes = {name: _awaited(future) for name, future in futures.items()}
    results = {name: one for name, (one, reason) in outcomes.items() if reason is None}
    return Partitioned(
        basis=Basis(
            method=f"{function.__module__}.{function.__qualname__} by partition",
            parameters=options,
            n=len(partitions),
            fingerprint=_fingerprint(partitions, results),
            seed=seed if takes_seed else None,
        ),
        results=results,
        failures={name: reason for name, (_, reason) in outcomes.items() if reason is not None},
    )


def seed_for(seed: int, name: str) -> int:
    """A partition's seed: from its name, so that no other partition has a say in it."""
    digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def split(events: Events, names: ArrayLike) -> dict[str, Events]:
    """Events by partition: `names` (n,) says to which each belongs, sorted by name."""
    column = np.asarray(names).astype(np.str_)
    if column.shape != (len(events),):
        raise ValueError(f"names: one for each of {len(events)} events wanted")
    labels = labelled("names", column, None)
    codes = labels.codes(slice(0, len(events)))
    order = np.argsort(codes, kind="stable")
    borders = np.searchsorted(codes[order], np.arange(1, labels.values.size))
    parts = np.split(order, borders) if len(events) else []
    return {str(name): events.take(rows) for name, rows in zip(labels.values, parts, strict=True)}


@contextmanager
def local(workers: int | None = None, *, processes: bool = True) -> Iterator[Any]:
    """A Dask client with workers on this machine, one for each core unless said; closed after.

    Raises ModuleNotFoundError, saying what to do, when `distributed` is not installed.
    """
    try:
        from distributed import Client, LocalCluster  # seconds, and not needed without a cluster
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "spreading work over workers needs the package 'distributed'; install it, or call "
            "compute() without a client, which gives the same results one after the other"
        ) from error
    with (
        LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=processes, dashboard_address=None
        ) as engine,
        Client(engine) as client,
    ):
        yield client


_Attempt = tuple[Any, str | None]  # a result, or why there is none


def _outcome(function: Callable[..., Any], data: Any, options: Mapping[str, Any]) -> Any:
    given = data() if callable(data) else data
    arguments = given if isinstance(given, tuple) else (given,)
    return function(*arguments, **options)


def _attempt(function: Callable[..., Any], data: Any, options: Mapping[str, Any]) -> _Attempt:
    try:
        return _outcome(function, data, options), None
    except Exception as error:
        return None, _told(error)


def _awaited(future: Any) -> _Attempt:
    try:
        return future.result(), None
    except Exception as error:
        return None, _told(error)
    finally:
        future.release()


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _fingerprint(partitions: Mapping[str, Any], results: Mapping[str, Any]) -> str:
    """Of the names, and of what each result rests on."""
    rests_on = [
        results[name].basis.fingerprint if isinstance(results.get(name), Result) else ""
        for name in partitions
    ]
    return fingerprint(np.array(list(partitions)), np.array(rests_on))
