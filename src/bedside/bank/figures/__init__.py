"""Computed clinical figures: what stands in an exhibit as `figure:KIND key=value …`, drawn as SVG with classes."""

from bedside.bank.figures.kind import Drawing, FigureKind, Parameters, Seed, choices
from bedside.bank.figures.reading import KINDS, Figure, figure_table, read_figure

__all__ = ["KINDS", "Drawing", "Figure", "FigureKind", "Parameters", "Seed", "choices", "figure_table", "read_figure"]
