"""Computed clinical figures: what stands in an exhibit as `figure:KIND key=value …`, drawn as SVG with classes."""

from bedside.bank.figures.drawn import alone, is_figure_svg, svg_of
from bedside.bank.figures.kind import Drawing, FigureKind, Parameters, Seed, choices
from bedside.bank.figures.reading import KINDS, Figure, figure_table, read_figure

__all__ = [
    "KINDS",
    "Drawing",
    "Figure",
    "FigureKind",
    "Parameters",
    "Seed",
    "alone",
    "choices",
    "figure_table",
    "is_figure_svg",
    "read_figure",
    "svg_of",
]
