"""How inner loops are compiled."""

import pytest

from lagesbild import _compiling


def test_kernels_are_compiled_where_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def njit(function: object, **options: object) -> tuple[object, dict[str, object]]:
        if options.get("cache"):
            raise RuntimeError("no locator available")
        return function, options

    monkeypatch.setattr(_compiling, "njit", njit)
    function, options = _compiling.compiled_with(parallel=True)(len)
    assert function is len
    assert options == {"nogil": True, "error_model": "numpy", "parallel": True}
