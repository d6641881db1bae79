"""How a candidate did in one area, against the own share over all items; a word only where the interval allows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bedside.delivery.intervals import Estimate, difference, normal_quantile
from bedside.delivery.report import Share, wilson

BORDERLINE_WITHIN = 0.10  # of the overall share, either side; a bound that was set here, not published


class Word(StrEnum):
    """What may be said of an area."""

    LOWER = "lower"
    BORDERLINE = "borderline"
    HIGHER = "higher"


@dataclass(frozen=True, slots=True)
class Against:
    """An area's share minus the share over all items, -1 to 1, and the word that its interval allows, or None."""

    difference: Estimate
    word: Word | None


def against_all(area: Share, everything: Share, *, n_rows: int) -> Against | None:
    """An area against all items of the sitting, itself among them; None where the area is all there is, or empty.

    The area's items are compared with all others, which they do not overlap, by Newcombe's interval. The difference from the
    whole is that from the others times their part of the whole. The interval is widened for the `n_rows` areas that are looked
    at together (Bonferroni), so that in 95 of 100 sittings without any true difference no area gets "lower" or "higher".

    - lower, higher: the interval leaves zero out;
    - borderline: it has zero in it and lies within ten points either side;
    - no word: otherwise.

    Source: Newcombe (1998), Statistics in Medicine 17, 873-890; Dunn (1961), Journal of the American Statistical Association
    56, 52-64.
    """
    rest = wilson(everything.n_correct - area.n_correct, everything.n - area.n)
    if area.n == 0 or rest.n == 0:
        return None
    found = difference(rest, area, z=normal_quantile(1 - 0.05 / max(1, n_rows))).scaled(rest.n / everything.n)
    return Against(found, _word(found))


def _word(found: Estimate) -> Word | None:
    if found.sign:
        return Word.HIGHER if found.sign > 0 else Word.LOWER
    if max(-found.low, found.high) <= BORDERLINE_WITHIN:
        return Word.BORDERLINE
    return None
