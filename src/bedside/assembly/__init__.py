"""Forms drawn from a pool of items to a blueprint, by integer programming."""

from bedside.assembly.blueprint import Block, Blueprint, Bounds, Part, Row, rows_of
from bedside.assembly.drawing import Draw, Standing, draw
from bedside.assembly.offering import Offer, longest
from bedside.assembly.pool import PoolItem, SetPlace
from bedside.assembly.shortage import Missing, PoolTooThinError, missing
from bedside.assembly.solver import Limits, SearchStoppedError

__all__ = [
    "Block",
    "Blueprint",
    "Bounds",
    "Draw",
    "Limits",
    "Missing",
    "Offer",
    "Part",
    "PoolItem",
    "PoolTooThinError",
    "Row",
    "SearchStoppedError",
    "SetPlace",
    "Standing",
    "draw",
    "longest",
    "missing",
    "rows_of",
]
