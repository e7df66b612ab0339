"""One way to compile an inner loop. Importing this imports numba, which is slow."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled_with(**options: Any) -> Callable[[Function], Function]:
    """njit without the interpreter's lock, typed as the plain function it was.

    Kept on disk where anything can be written; elsewhere compiled anew in each process. A division
    by zero gives infinity or NaN, as in numpy.
    """
    options = {"nogil": True, "error_model": "numpy", **options}

    def compile_(function: Function) -> Function:
        try:
            return cast(Function, njit(function, cache=True, **options))
        except RuntimeError:
            return cast(Function, njit(function, **options))

    return compile_


compiled = compiled_with()
