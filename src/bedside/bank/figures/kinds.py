"""All kinds of figures, in the order of the documentation."""

from __future__ import annotations

from typing import Any

from bedside.bank.figures.kind import FigureKind

ALL: tuple[FigureKind[Any], ...] = ()
