"""Functions compiled to machine code, kept on disk where that can be."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(*, parallel: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Compile a function at its first call, for each kind of arguments.

    What was compiled is kept beside the module, or in the user's cache folder where that cannot be written (`NUMBA_CACHE_DIR`
    names another). Where neither can be written it is compiled anew in each process, which takes seconds and changes nothing.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        try:
            found: Callable[P, R] = numba.njit(cache=True, parallel=parallel)(function)
        except RuntimeError:  # nowhere to keep it
            found = numba.njit(parallel=parallel)(function)
        return found

    return decorate
