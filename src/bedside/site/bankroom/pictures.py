"""The pictures of the bank's page: area by competency against the target, and the judged difficulty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from string import ascii_uppercase

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.bank import Difficulty, Grid, Line

LEFT, TOP = 224, 26  # of the cells, in units of the picture; words are 13 high
CELL_WIDTH, CELL_HEIGHT = 54, 34
LABEL = 27  # signs of a row's name
LEVELS = (0.25, 0.5, 0.75, 1.0)  # shares of the target from which a cell is darker
LACKING = 0.5  # items from which a cell is marked as lacking
BAR_LEFT, BAR_MOST, BAR_ROW = 76, 420, 24


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG with its title, a sentence, the names of its columns, and the same numbers as a table."""

    caption: str  # what stands above it, where the page has said the rest of the title
    name: str
    title: str
    said: str
    svg: SafeString
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    letters: tuple[tuple[str, str], ...] = ()  # what stands for the name of a column


def heat_map(grid: Grid, step: str) -> Picture:
    """The cells of a step, the darker the nearer they are to their target."""
    name = f"cells-{grid.programme}-{grid.step}"
    title = _("Items by area and competency, %(step)s") % {"step": step}
    n = len(grid.wanted)
    said = ngettext(
        "%(n)d cell lacks half an item or more of its target for %(goal)d items; it has a frame.",
        "%(n)d cells lack half an item or more of their target for %(goal)d items; they have a frame.",
        n,
    ) % {"n": n, "goal": grid.goal}
    letters = ascii_uppercase[: len(grid.columns)]
    width, height = LEFT + CELL_WIDTH * len(grid.columns) + 4, TOP + CELL_HEIGHT * len(grid.rows) + 4
    parts = [_words(letter, LEFT + CELL_WIDTH * (c + 0.5), TOP - 9, "middle") for c, letter in enumerate(letters)]
    for r, row in enumerate(grid.rows):
        y = TOP + CELL_HEIGHT * r
        parts.append(_words(_cut(row.label), LEFT - 8, y + CELL_HEIGHT / 2 + 4, "end"))
        parts += [_cell(grid, r, c, LEFT + CELL_WIDTH * c, y) for c in range(len(grid.columns))]
    columns = (_("Area"), *(column.label for column in grid.columns), _("In all"), _("Published"))
    rows = tuple(
        (row.label, *(_said(n, t) for n, t in zip(counts, targets, strict=True)), str(row.n_items), _range(row))
        for row, counts, targets in zip(grid.rows, grid.counts, grid.targets, strict=True)
    )
    last = ((_("In all"), *(str(column.n_items) for column in grid.columns), str(grid.n_items), ""),)
    published = ((_("Published"), *(_range(column) for column in grid.columns), "", ""),)
    named = tuple(zip(letters, (column.label for column in grid.columns), strict=False))
    return Picture(
        _("Items by area and competency"),
        name,
        title,
        said,
        _svg(name, title, said, (width, height), parts),
        columns,
        rows + last + published,
        named,
    )


def difficulty_picture(spread: Difficulty) -> Picture:
    """How many items lie in each tenth of the judged share."""
    title = _("Judged difficulty")
    mean = 100 * (spread.mean or 0)
    said = _("Of just-passing candidates %(mean).0f%% are judged to get an item right, in the mean of %(n)d items.")
    said %= {"mean": mean, "n": spread.n_items}
    used = [n for n, count in enumerate(spread.bins) if count]
    tenths = range(used[0], used[-1] + 1) if used else range(0)
    most = max(spread.bins) or 1
    parts, rows = [], []
    for place, tenth in enumerate(tenths):
        y, count = BAR_ROW * place, spread.bins[tenth]
        label, length = f"{10 * tenth}–{10 * tenth + 10}%", BAR_MOST * count / most
        parts.append(_words(label, BAR_LEFT - 8, y + 16, "end"))
        parts.append(f'<rect class="bar" x="{BAR_LEFT}" y="{y + 3}" width="{length:.1f}" height="{BAR_ROW - 6}"/>')
        parts.append(_words(str(count), BAR_LEFT + length + 6, y + 16, "start"))
        rows.append((label, str(count)))
    size = (BAR_LEFT + BAR_MOST + 48, BAR_ROW * max(1, len(rows)))
    svg = _svg("judged", title, said, size, parts)
    return Picture(title, "judged", title, said, svg, (_("Judged to be right"), _("Items")), tuple(rows))


def _cell(grid: Grid, row: int, column: int, x: float, y: float) -> str:
    n, target = grid.counts[row][column], grid.targets[row][column]
    if not n and target < LACKING:
        return f'<rect class="cell none" x="{x + 1:g}" y="{y + 1:g}" width="{CELL_WIDTH - 2}" height="{CELL_HEIGHT - 2}"/>'
    level = sum(n >= share * target for share in LEVELS) if target else len(LEVELS)
    lacks = " lacks" if target - n >= LACKING else ""
    size = f'width="{CELL_WIDTH - 3}" height="{CELL_HEIGHT - 3}"'
    rect = f'<rect class="cell s{level}{lacks}" x="{x + 1.5:g}" y="{y + 1.5:g}" {size}/>'
    kind = "on-dark" if level >= 3 else "on-light"
    middle, below = x + CELL_WIDTH / 2, y + CELL_HEIGHT / 2 + 4
    return f'{rect}<text class="{kind}" x="{middle:g}" y="{below:g}" text-anchor="middle">{n} / {target:.0f}</text>'


def _said(n: int, target: float) -> str:
    return f"{n} / {target:.1f}" if n or target >= LACKING else "–"


def _range(line: Line) -> str:
    return "" if line.low is None or line.high is None else f"{line.low:g}–{line.high:g}%"


def _cut(text: str) -> str:
    return text if len(text) <= LABEL else f"{text[: LABEL - 1]}…"


def _words(text: str, x: float, y: float, anchor: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(name: str, title: str, said: str, size: tuple[float, float], parts: Sequence[str]) -> SafeString:
    """Every word in it is escaped above."""
    return mark_safe(  # noqa: S308 - see above
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]:g}" height="{size[1]:g}" '
        f'viewBox="0 0 {size[0]:g} {size[1]:g}" role="img" '
        f'aria-labelledby="{escape(name)}-title {escape(name)}-said"><title id="{escape(name)}-title">{escape(title)}</title>'
        f'<desc id="{escape(name)}-said">{escape(said)}</desc>{"".join(parts)}</svg>'
    )
