"""The picture of the blueprint: rows as high as their area weighs, columns as wide as their competency does."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_letters

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.site.progress.drawing import LINE_EM, Cell, Map, MapColumn, MapRow, Table, level_of
from bedside.site.progress.mastery import THIN_ANSWERS, MasteryMap
from bedside.site.progress.mastery import Cell as MasteryCell

LEAST_ROW_EM, LEAST_EM, MOST_EM = 1.3, 20.0, 52.0  # of a row, and of the whole map
DIGIT, DIGIT_ON_A_PHONE = 1.8, 2.7  # of a number, in per cent of the width of the map
NOTHING = "none"


def map_picture(found: MasteryMap) -> Map:
    """The map with its words and its table."""
    whole_em = min(MOST_EM, max(LEAST_EM, LEAST_ROW_EM / min(found.rows.shares)))
    rows = tuple(
        MapRow(title, _row_said(title, share, cells), round(whole_em * share, 2), tuple(_cells(found, cells)))
        for title, share, cells in zip(found.rows.titles, found.rows.shares, found.cells, strict=True)
    )
    return Map("blueprint", _("The blueprint, and what was right"), _said(found), _columns(found), rows, _table(found))


def column_shares(found: MasteryMap) -> tuple[float, ...]:
    """How wide each column is, as a share of the map."""
    return found.columns.shares if found.columns else (1.0,)


def _columns(found: MasteryMap) -> tuple[MapColumn, ...]:
    """Each name on a line of its own: those that stand to the right of their lead from the left on, then the others."""
    if found.columns is None:
        return ()
    named = zip(ascii_letters, _placed(found), found.columns.titles, strict=False)
    names = [(letter, 100 * (left + share / 2), f"{title}, {100 * share:.0f}%") for letter, (left, share), title in named]
    ordered = [*(one for one in names if one[1] <= 50), *reversed([one for one in names if one[1] > 50])]
    return tuple(
        MapColumn(letter, round(middle, 1), text, is_left=middle > 50, top_em=round(LINE_EM * place, 2))
        for place, (letter, middle, text) in enumerate(ordered)
    )


def _placed(found: MasteryMap) -> Iterator[tuple[float, float]]:
    """Where each column begins and how wide it is, as shares of the map."""
    left = 0.0
    for share in column_shares(found):
        yield left, share
        left += share


def _cells(found: MasteryMap, cells: tuple[MasteryCell, ...]) -> Iterator[Cell]:
    for (left, width), cell in zip(_placed(found), cells, strict=True):
        share = cell.share.share
        text = "" if share is None else f"{100 * share:.0f}"
        yield Cell(
            x=round(100 * left, 1),
            width=round(100 * width, 1),
            middle=round(100 * (left + width / 2), 1),
            fill=NOTHING if share is None else f"{'t' if cell.is_thin else 'm'}{level_of(share)}",
            text=text if 100 * width >= DIGIT * len(text) else "",
            is_narrow=100 * width < DIGIT_ON_A_PHONE * len(text),
        )


def _row_said(title: str, share: float, cells: tuple[MasteryCell, ...]) -> str:
    n, right = sum(cell.share.n for cell in cells), sum(cell.share.n_correct for cell in cells)
    values = {"title": title, "weight": round(100 * share), "n": n, "right": right}
    if not n:
        return _("%(title)s, %(weight)d%% of the exam: nothing answered") % values
    return _("%(title)s, %(weight)d%% of the exam: %(right)d of %(n)d right") % values


def _said(found: MasteryMap) -> str:
    cells = [cell for row in found.cells for cell in row]
    n_thin = sum(cell.is_thin for cell in cells)
    weight = sum(cell.weight for cell in cells if cell.is_thin)
    text = ngettext(
        "%(thin)d of %(n)d cells rests on fewer than %(few)d questions; together they are %(share)d%% of the exam.",
        "%(thin)d of %(n)d cells rest on fewer than %(few)d questions; together they are %(share)d%% of the exam.",
        n_thin,
    )
    return text % {"thin": n_thin, "n": len(cells), "few": THIN_ANSWERS, "share": round(100 * weight)}


def _table(found: MasteryMap) -> Table:
    across = found.columns
    columns = [found.rows.title, *([across.title] if across else [])]
    columns += [_("Of the exam"), _("Right"), _("Per cent"), _("Between"), _("Evidence")]
    titles = across.titles if across else ("",)
    rows = []
    for row, cells in zip(found.rows.titles, found.cells, strict=True):
        for column, cell in zip(titles, cells, strict=True):
            rows.append((row, *([column] if across else []), *_texts(cell)))
    n = len(columns)
    return Table(tuple(columns), tuple(rows), frozenset({1, n - 1} if across else {n - 1}))


def _texts(cell: MasteryCell) -> tuple[str, ...]:
    share = cell.share
    percent = "–" if share.share is None else f"{100 * share.share:.0f}%"
    between = f"{100 * share.low:.0f}–{100 * share.high:.0f}%"
    evidence = _("thin") if cell.is_thin else ""
    return f"{100 * cell.weight:.1f}%", f"{share.n_correct}/{share.n}", percent, between, evidence
