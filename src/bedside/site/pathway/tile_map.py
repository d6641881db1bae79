"""The states as a map of tiles, one tile a state, about where it lies. Pattern and sign tell the status, not colour alone.

A tile is `TILE` wide and high; the picture has `COLUMNS` by `ROWS` of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.pathway import StateAnswer, StateStatus
from bedside.site.pathway.words import state_status_words

TILE, GAP = 100, 6
LAYOUT = (
    "AK .  .  .  .  .  .  .  .  .  .  ME",
    ".  .  .  .  .  .  WI .  .  .  VT NH",
    ".  WA ID MT ND MN IL MI .  NY MA .",
    ".  OR NV WY SD IA IN OH PA NJ CT RI",
    ".  CA UT CO NE MO KY WV VA MD DE .",
    ".  .  AZ NM KS AR TN NC SC DC .  .",
    ".  .  .  .  OK LA MS AL GA .  .  .",
    "HI .  .  .  TX .  .  .  .  FL .  .",
    "GU MP AS .  .  .  .  .  .  .  PR VI",
)
PLACES = {code: (column, row) for row, line in enumerate(LAYOUT) for column, code in enumerate(line.split()) if code != "."}
COLUMNS, ROWS = 12, len(LAYOUT)
SIGNS = {
    StateStatus.OPEN: "+",
    StateStatus.CONDITIONAL: "±",
    StateStatus.LIKELY_OPEN: "+?",
    StateStatus.LIKELY_CLOSED: "–?",
    StateStatus.CLOSED: "–",
    StateStatus.UNKNOWN: "?",
}


@dataclass(frozen=True, slots=True)
class Tile:
    """One state: its corner, the middle of it, and what is written in it."""

    code: str
    x: int
    y: int
    middle: int
    code_y: int
    sign_y: int
    status: str
    sign: str
    is_aimed_at: bool


@dataclass(frozen=True, slots=True)
class TileMap:
    """The tiles, the size of the picture, and the picture in words."""

    tiles: tuple[Tile, ...]
    size: int
    width: int
    height: int
    said: str


def tile_map(states: Sequence[StateAnswer]) -> TileMap | None:
    """The map; None where no state has a place on it."""
    tiles = tuple(_tile(one) for one in states if one.state in PLACES)
    if not tiles:
        return None
    return TileMap(tiles, TILE - GAP, COLUMNS * TILE, ROWS * TILE, _said(states))


def _tile(state: StateAnswer) -> Tile:
    column, row = PLACES[state.state]
    x, y = column * TILE + GAP // 2, row * TILE + GAP // 2
    return Tile(
        code=state.state,
        x=x,
        y=y,
        middle=column * TILE + TILE // 2,
        code_y=y + 44,
        sign_y=y + 84,
        status=state.status.value,
        sign=SIGNS[state.status],
        is_aimed_at=state.is_aimed_at,
    )


def _said(states: Sequence[StateAnswer]) -> str:
    """How many stand how, and how those that are aimed at do."""
    counts = ", ".join(
        f"{n} {state_status_words(status)}" for status in StateStatus if (n := sum(one.status is status for one in states))
    )
    text = ngettext("%(n)d state or territory: %(counts)s.", "%(n)d states and territories: %(counts)s.", len(states))
    said = text % {"n": len(states), "counts": counts}
    aimed = ", ".join(f"{one.name} {state_status_words(one.status)}" for one in states if one.is_aimed_at)
    return said + (" " + _("You aim at: %(states)s.") % {"states": aimed} if aimed else "")
