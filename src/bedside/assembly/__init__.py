"""Forms drawn from a pool of items, one to a blueprint or several parallel ones at once, by integer programming."""

from bedside.assembly.blueprint import Block, Blueprint, Bounds, Part, Row, rows_of
from bedside.assembly.drawing import Draw, Standing, draw
from bedside.assembly.forms import ParallelForm, ParallelForms, draw_forms
from bedside.assembly.forms_clash import FormsClashError
from bedside.assembly.forms_plan import FormsPlan, Range, Target, ranges_of
from bedside.assembly.offering import Offer, longest
from bedside.assembly.pool import PoolItem, SetPlace
from bedside.assembly.shortage import Missing, PoolTooThinError, missing
from bedside.assembly.solver import Limits, SearchStoppedError

__all__ = [
    "Block",
    "Blueprint",
    "Bounds",
    "Draw",
    "FormsClashError",
    "FormsPlan",
    "Limits",
    "Missing",
    "Offer",
    "ParallelForm",
    "ParallelForms",
    "Part",
    "PoolItem",
    "PoolTooThinError",
    "Range",
    "Row",
    "SearchStoppedError",
    "SetPlace",
    "Standing",
    "Target",
    "draw",
    "draw_forms",
    "longest",
    "missing",
    "ranges_of",
    "rows_of",
]
