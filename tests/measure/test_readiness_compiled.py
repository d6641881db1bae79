"""Compiled functions are kept on disk where that can be, and work where it can't."""

from __future__ import annotations

from collections.abc import Callable

import numba
import pytest

from bedside.measure.passing.compiled import compiled


def twice(x: float) -> float:
    return 2 * x


def test_a_compiled_function_gives_what_the_plain_one_gives():
    assert compiled()(twice)(1.5) == twice(1.5)


def test_where_nothing_can_be_kept_it_is_compiled_in_memory(monkeypatch: pytest.MonkeyPatch):
    whole = numba.njit
    asked: list[bool] = []

    def nowhere(
        *, cache: bool = False, parallel: bool = False
    ) -> Callable[[Callable[[float], float]], Callable[[float], float]]:
        asked.append(cache)
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        made: Callable[[Callable[[float], float]], Callable[[float], float]] = whole(parallel=parallel)
        return made

    monkeypatch.setattr(numba, "njit", nowhere)
    assert compiled()(twice)(1.5) == 3.0
    assert asked == [True, False]
