"""The blocks of a form in which cases are played."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from bedside.delivery import FormBlock, FormCase
from bedside.site.exam.case_port import DrawnCase
from bedside.site.exam.day_cases import FINAL_S


def case_blocks(cases: Sequence[DrawnCase], *, tutorial_s: int, pace: Fraction) -> tuple[FormBlock, ...]:
    """A block for each case, on a clock that is so many times faster than real; the tutorial stands before the first."""
    final_s = round(FINAL_S / pace)
    return tuple(
        FormBlock(
            items=(),
            limit_s=round(Fraction(one.minutes * 60) / pace) + final_s,
            case=FormCase(one.id, one.digest, one.catalogue, one.semantics, one.seed, final_s),
            tutorial_s=round(tutorial_s / pace) if place == 0 else 0,
        )
        for place, one in enumerate(cases)
    )
