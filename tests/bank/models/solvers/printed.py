"""A member with its question and its drawn figures, and options of which the nearest is wanted."""

from __future__ import annotations

import re
from fractions import Fraction

from bedside.bank import Item, figure_alone, svg_of
from tests.bank.models.solvers.paper import Paper

_FIGURE = re.compile(r"!\[([^\]\n]*)\]\(figure:([^()\n]*)\)")


def printed(item: Item) -> Paper:
    """Stem, then figures as they are drawn, then the question; the words that a figure is drawn from are left out."""
    stem = _FIGURE.sub(lambda found: figure_alone(svg_of(found[2].strip(), found[1])), item.stem)
    return Paper(f"{stem}\n\n{item.lead_in}", tuple((option.letter, option.text) for option in item.options))


def exact(paper: Paper, pattern: str) -> Fraction:
    """The number at # in a pattern, without the error of binary fractions."""
    return Fraction(paper.words(pattern.replace("#", r"([0-9][0-9,]*(?:\.[0-9]+)?)")).replace(",", ""))


def one_in(paper: Paper, chance: Fraction) -> str:
    """The letter of the option "1 in N" that is closest to a chance; no other may be within 15% of the best.

    Near is meant as a ratio, as chances are compared.
    """
    off = sorted(
        (abs(float(Fraction(text.removeprefix("1 in ").replace(",", "")) * chance) - 1), a) for a, text in paper.options
    )
    assert off[0][0] < 0.05, (off, float(1 / chance))
    assert off[1][0] > 0.15, off
    return off[0][1]


def percent(paper: Paper, share: Fraction) -> str:
    """The letter of the option "N%" closest to a share; it may be half a point off, and no other closer than one point."""
    off = sorted((abs(Fraction(text.removesuffix("%")) - 100 * share), letter) for letter, text in paper.options)
    assert off[0][0] <= Fraction(1, 2), (off, float(share))
    assert off[1][0] >= 1, off
    return off[0][1]
