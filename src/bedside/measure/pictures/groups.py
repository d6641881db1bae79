"""Pictures of persons and groups: the Wright map, what was told against what came true, bias by item, likeness of answers."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from bedside.drawing import Frame, ceiling, number
from bedside.measure.pictures.frame import Picture, Table, picture_of, svg
from bedside.measure.pictures.items import wilson

STEP = 0.25  # of ability, of one row of a Wright map
FARTHEST = 5.0  # of ability or difficulty on it; what lies beyond stands in the outermost row
MOST_NAMED = 60  # items whose names stand in a picture; more are counted
MOST_ROWS = 60  # of a picture with a row for each item
MOST_PERSONS = 40  # of a heat map
ROW = 17  # high, in units of the picture
HALF = 300  # where the middle of a Wright map stands
MAP_LEFT, MAP_TOP = 120, 30
NUMBERED = 18  # from this side on there is room for a number in a cell
ALIKE = 3.0  # from here on a pair stands in the table
SHADES = ((0.0, 0.06), (2.0, 0.2), (3.0, 0.4), (4.0, 0.6), (5.0, 0.8))  # of likeness, from which value how dark


def wright_map(
    theta: NDArray[np.float64], difficulty: NDArray[np.float64], ids: Sequence[str], cut: float | None = None
) -> Picture:
    """Persons and items on one scale: how many persons at each ability to the left, the items of that difficulty to the right.

    Wright & Stone (1979), Best Test Design.
    """
    both = np.clip(np.concatenate([theta, difficulty]), -FARTHEST, FARTHEST)
    low, high = np.floor(both.min() / STEP) * STEP, np.floor(both.max() / STEP) * STEP + STEP
    edges = np.arange(low, high + STEP / 2, STEP)
    persons, _ = np.histogram(np.clip(theta, low, high), edges)
    places = np.clip(((difficulty - edges[0]) / STEP).astype(int), 0, len(persons) - 1)
    names = [[ids[n] for n in np.flatnonzero(places == row).tolist()] for row in range(len(persons))]
    height = len(persons) * ROW + 40
    parts = [_wright_row(row, persons, names, edges, is_named=len(ids) <= MOST_NAMED) for row in range(len(persons))]
    parts.append(f'<path class="axis" d="M{HALF} 20V{height - 12}"/>')
    parts.append(f'<text x="{HALF - 8}" y="14" text-anchor="end">persons</text><text x="{HALF + 24}" y="14">items</text>')
    if cut is not None and edges[0] <= cut <= edges[-1]:
        y = 24 + (len(persons) - (cut - edges[0]) / STEP) * ROW
        parts.append(f'<path class="cut" d="M40 {y:.1f}H600"/><text x="602" y="{y + 4:.1f}">cut</text>')
    rows = [(_between(n, edges), f"{persons[n]:,}", ", ".join(names[n]) or "–") for n in range(len(persons))]
    said = (
        f"{len(theta):,} persons with a mean ability of {number(float(theta.mean()), 2)}; {len(ids):,} items with a mean "
        f"difficulty of {number(float(difficulty.mean()), 2)}."
    )
    table = Table(("ability or difficulty", "persons", "items"), tuple(reversed(rows)))
    return Picture("wright-map", "Wright map", said, svg("wright-map", "Wright map", said, (640, height), parts), table)


def _between(row: int, edges: NDArray[np.float64]) -> str:
    """The abilities of a row; the outermost hold what lies beyond them as well."""
    low, high = (number(float(edge), 2) for edge in edges[row : row + 2])
    if float(edges[row]) <= -FARTHEST:
        return f"below {high}"
    return f"{low} and above" if float(edges[row + 1]) > FARTHEST else f"{low} to {high}"


def _wright_row(
    row: int, persons: NDArray[np.int64], names: Sequence[Sequence[str]], edges: NDArray[np.float64], *, is_named: bool
) -> str:
    y = 24 + (len(persons) - 1 - row) * ROW
    length = persons[row] / max(int(persons.max(initial=1)), 1) * (HALF - 70)
    parts = [f'<rect class="bar" x="{HALF - length:.1f}" y="{y}" width="{length:.1f}" height="{ROW - 3}"/>']
    if names[row]:
        words = ", ".join(names[row]) if is_named or len(names[row]) == 1 else f"{len(names[row])} items"
        parts.append(f'<circle class="dot" cx="{HALF + 14}" cy="{y + 7}" r="3"/>')
        parts.append(f'<text x="{HALF + 24}" y="{y + 12}">{escape(_short(words))}</text>')
    if row % 4 == 0:
        parts.append(f'<text x="4" y="{y + 12}">{number(float(edges[row]), 2)}</text>')
    return "".join(parts)


def reliability_curve(told: NDArray[np.float64], came_true: NDArray[np.float64], *, n_groups: int = 10) -> Picture:
    """What was told as a chance, (n,) from 0 to 1, against how often it came true, (n,) of 0 and 1; honest on the diagonal."""
    group = np.minimum((told * n_groups).astype(int), n_groups - 1)
    frame = Frame(0.0, 1.0, 0.0, 1.0, width=420, height=360, right=20)
    frame.axes("told", "came true", x_ticks=(0, 0.2, 0.4, 0.6, 0.8, 1), y_ticks=(0, 0.2, 0.4, 0.6, 0.8, 1))
    frame.line((0.0, 1.0), (0.0, 1.0), dash=2)
    rows, error = [], 0.0
    for one in range(n_groups):
        inside = group == one
        n = int(inside.sum())
        if not n:
            continue
        mean, share = float(told[inside].mean()), float(came_true[inside].mean())
        low, high = wilson(np.array([share]), np.array([n]))
        frame.whisker(mean, float(low[0]), float(high[0]))
        frame.dot(mean, share)
        error += n / len(told) * abs(mean - share)
        between = f"{number(float(low[0]))} to {number(float(high[0]))}"
        rows.append((f"{one / n_groups:.1f} to {(one + 1) / n_groups:.1f}", number(mean), number(share), between, f"{n:,}"))
    said = f"Of {len(told):,} that were told a chance; the expected calibration error is {number(error, 4)}."
    table = Table(("told", "mean told", "came true", "95% interval", "how many"), tuple(rows))
    return picture_of(frame, "reliability", "What was told, and what came true", said, table)


def dif_plot(
    ids: Sequence[str], effect: NDArray[np.float64], se: NDArray[np.float64], flagged: NDArray[np.bool_], *, of: str
) -> Picture:
    """The effect of a group on each item with its 95% interval, the largest first; full dots are flagged."""
    order = np.argsort(-np.abs(np.nan_to_num(effect)), kind="stable")
    shown = order[:MOST_ROWS]
    low, high = effect - 1.96 * np.nan_to_num(se), effect + 1.96 * np.nan_to_num(se)
    finite = np.concatenate([low[shown], high[shown]])
    end = ceiling(float(np.nanmax(np.abs(finite), initial=0.1)))
    height = len(shown) * ROW + 60
    frame = Frame(-end, end, 0.0, float(max(len(shown), 1)), width=640, height=height, left=150, right=30, top=10)
    frame.axes(of, "", y_ticks=(0.0,))
    frame.parts = [part for part in frame.parts if ">0</text>" not in part or 'text-anchor="end"' not in part]
    frame.upright(0.0, "")
    for row, place in enumerate(shown.tolist()):
        y = len(shown) - row - 0.5
        frame.text(_short(ids[place], 20), 142, frame.y(y) + 4, anchor="end")
        if np.isfinite(effect[place]):
            ends = (frame.x(max(low[place], -end)), frame.x(min(high[place], end)))
            frame.parts.append(f'<path class="whisker" d="M{ends[0]} {frame.y(y)}H{ends[1]}"/>')
            frame.dot(float(effect[place]), y, is_hollow=not flagged[place])
    rows = tuple(
        (ids[place], number(float(effect[place])), number(float(se[place])), "yes" if flagged[place] else "no")
        for place in order.tolist()
    )
    more = f"; the {len(shown)} largest are drawn" if len(shown) < len(ids) else ""
    said = f"{int(flagged.sum())} of {len(ids)} items are flagged{more}."
    return picture_of(frame, "dif", "Items and groups", said, Table(("item", of, "standard error", "flagged"), rows))


def similarity_map(persons: Sequence[str], z: NDArray[np.float64]) -> Picture:
    """How alike the answers of each two persons are, as a standard normal value; NaN where they were not compared.

    `z` has shape (n, n); only its part above the diagonal is drawn. More than forty persons are cut to the forty most alike.
    """
    full = np.where(np.isnan(z), -np.inf, z)
    np.fill_diagonal(full, -np.inf)
    full = np.maximum(full, full.T)
    keep = np.sort(np.argsort(-full.max(axis=1, initial=-np.inf), kind="stable")[:MOST_PERSONS])
    names = [persons[n] for n in keep.tolist()]
    kept = full[np.ix_(keep, keep)]
    side = max(min(26, 480 // max(len(names), 1)), 11)
    parts = _sides(names, side) + [
        _cell(float(kept[a, b]), a, b, side)
        for a in range(len(names))
        for b in range(a + 1, len(names))
        if kept[a, b] > -np.inf
    ]
    alike = [(float(kept[a, b]), a, b) for a, b in np.argwhere(np.triu(kept, 1) >= ALIKE).tolist()]
    rows = tuple((f"{names[a]} and {names[b]}", number(value, 2)) for value, a, b in sorted(alike, reverse=True))
    size = (MAP_LEFT + len(names) * side + 20, MAP_TOP + len(names) * side + 10)
    said = f"{len(names)} persons; {len(rows)} pairs are alike by {ALIKE:g} or more, where 0 is what chance gives."
    drawn = svg("similarity", "Likeness of answers", said, size, parts)
    return Picture("similarity", "Likeness of answers", said, drawn, Table(("pair", "likeness"), rows))


def _sides(names: Sequence[str], side: int) -> list[str]:
    """The names to the left, and their numbers above where there is room."""
    half = side / 2
    rows = [
        f'<text x="{MAP_LEFT - 6}" y="{MAP_TOP + n * side + half + 4:g}" text-anchor="end">{escape(_short(name, 16))}</text>'
        for n, name in enumerate(names)
    ]
    if side < NUMBERED:
        return rows
    return rows + [
        f'<text x="{MAP_LEFT + n * side + side / 2:g}" y="{MAP_TOP - 6}" text-anchor="middle">{n + 1}</text>'
        for n in range(len(names))
    ]


def _cell(value: float, a: int, b: int, side: int) -> str:
    """The darker the more alike, with its number where there is room."""
    x, y = MAP_LEFT + b * side, MAP_TOP + a * side
    shade = max(dark for least, dark in SHADES if value >= least or least == 0.0)
    cell = f'<rect class="cell" fill-opacity="{shade}" x="{x}" y="{y}" width="{side - 1}" height="{side - 1}"/>'
    if side < NUMBERED or value < ALIKE:
        return cell
    return f'{cell}<text class="on-cell" x="{x + side / 2:g}" y="{y + side / 2 + 4:g}" text-anchor="middle">{value:.0f}</text>'


def _short(words: str, most: int = 44) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"
