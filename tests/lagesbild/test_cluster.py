"""Over partitions: the same results on a cluster as in a loop, and failures told by name."""

import builtins
import pickle
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest

from lagesbild import cluster, cube, hotspots, near_repeat, neighbours
from lagesbild.events import Events
from lagesbild.kde import Grid
from lagesbild.near_repeat import knox

TOWNS = ["Åby", "Motala", "Norrköping", "Kimstad"]
KNOX = {"distances": [100, 300], "intervals": [7], "permutations": 99, "threads": 1}


def town(seed: int, n: int = 60) -> Events:
    rng = np.random.default_rng(seed)
    start = np.datetime64("2026-01-05T00:00:00") + rng.integers(0, 90, n) * np.timedelta64(1, "D")
    return Events(x=rng.uniform(0, 2000, n), y=rng.uniform(0, 2000, n), start=start)


def country() -> dict[str, Events]:
    return {name: town(seed) for seed, name in enumerate(TOWNS)}


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    pytest.importorskip("distributed")
    with cluster.local(2, processes=False) as client:
        yield client


def test_a_cluster_gives_what_a_loop_gives_to_the_last_byte(client: Any) -> None:
    serial = cluster.compute(knox, country(), seed=5, **KNOX)
    spread = cluster.compute(knox, country(), seed=5, client=client, **KNOX)
    assert pickle.dumps(spread.to_dict()) == pickle.dumps(serial.to_dict())
    assert list(spread.complete()) == TOWNS
    alone = knox(country()["Motala"], seed=cluster.seed_for(5, "Motala"), **KNOX)
    assert spread.results["Motala"].p_value.tobytes() == alone.p_value.tobytes()


def test_a_partition_does_not_depend_on_the_others_nor_on_their_order() -> None:
    whole = cluster.compute(knox, country(), seed=5, **KNOX)
    turned = cluster.compute(knox, dict(reversed(country().items())), seed=5, **KNOX)
    for name in TOWNS:
        alone = cluster.compute(knox, {name: country()[name]}, seed=5, **KNOX)
        assert alone.results[name].to_dict() == whole.results[name].to_dict()
        assert turned.results[name].to_dict() == whole.results[name].to_dict()
    seeds = {cluster.seed_for(seed, name) for name in TOWNS for seed in range(50)}
    assert len(seeds) == 200


@pytest.mark.parametrize("is_spread", [False, True])
def test_a_partition_that_fails_is_named_and_the_others_are_kept(
    request: pytest.FixtureRequest, *, is_spread: bool
) -> None:
    client = request.getfixturevalue("client") if is_spread else None
    parts = {**country(), "Ödeshög": town(9, n=2)}
    found = cluster.compute(knox, parts, client=client, **KNOX)
    assert list(found.results) == TOWNS
    assert found.failures == {"Ödeshög": "ValueError: events: at least 3 wanted, 2 given"}
    with pytest.raises(cluster.PartitionsFailed, match=r"1 of 5 failed: Ödeshög: .* at least 3"):
        found.complete()


def test_data_may_be_read_where_the_work_is_done(client: Any) -> None:
    there = {name: partial(town, seed) for seed, name in enumerate(TOWNS)}
    read = cluster.compute(knox, there, client=client, **KNOX)
    assert read.to_dict() == cluster.compute(knox, country(), **KNOX).to_dict()


def test_several_arguments_come_as_a_tuple_and_functions_without_chance_get_no_seed() -> None:
    near = neighbours.grid(5, 5)
    parts = {name: (np.arange(25) + 1, near) for name in TOWNS}
    found = cluster.compute(hotspots.getis_ord, parts, seed=1, permutations=9)
    assert found.results["Åby"].basis.seed == cluster.seed_for(1, "Åby")
    counted = cluster.compute(cube.count, country(), grid=Grid(0.0, 0.0, 500.0, 4, 4))
    assert counted.basis.seed is None
    assert [one.total for one in counted.complete().values()] == [60] * 4


def test_events_are_split_by_name_and_none_is_lost() -> None:
    events, names = town(3), np.array(TOWNS)[np.arange(60) % 4]
    parts = cluster.split(events, names)
    assert list(parts) == sorted(TOWNS)
    for name, part in parts.items():
        assert np.array_equal(part.x, events.x[names == name])
    assert cluster.split(events.take(np.zeros(0, int)), []) == {}


def test_results_survive_the_way_between_processes() -> None:
    result = knox(town(1), **KNOX)
    back = pickle.loads(pickle.dumps(result))
    assert back.to_dict() == result.to_dict()
    assert back.basis == result.basis
    with pytest.raises(TypeError):
        back.basis.parameters["method"] = "another"
    counted = pickle.loads(pickle.dumps(cube.count(town(1), grid=Grid(0.0, 0.0, 500.0, 4, 4))))
    assert counted.total == 60


def test_without_distributed_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "distributed":
            raise ModuleNotFoundError(name)
        return plain(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ModuleNotFoundError, match="without a client"), cluster.local(1):
        pass


@pytest.mark.parametrize(
    ("partitions", "message"),
    [({}, "partitions: none"), ({1: town(1)}, "partitions: names")],
)
def test_bad_partitions_are_refused(partitions: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        cluster.compute(near_repeat.knox, partitions, **KNOX)
    with pytest.raises(ValueError, match="names: one for each"):
        cluster.split(town(1), ["a"])
