"""Pictures of items: the curve of each with what was observed, and the information of items and of the whole test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.drawing import Frame, apart, ceiling, number
from bedside.measure import curves
from bedside.measure.items import Items
from bedside.measure.pictures.frame import Picture, Table, picture_of

LOW, HIGH = -4.0, 4.0  # of ability, as it is drawn
N_POINTS = 81
N_ROWS = 9  # of a table of a curve
GRID: NDArray[np.float64] = np.linspace(LOW, HIGH, N_POINTS)
MOST_LINES = 6  # of one picture


@dataclass(frozen=True, slots=True)
class Observed:
    """What groups of persons of like ability did on an item: each array has shape (n_groups,)."""

    theta: NDArray[np.float64]  # mean ability
    share: NDArray[np.float64]  # right, 0 to 1
    n: NDArray[np.int64]


def item_curve(items: Items, place: int, observed: Observed | None = None) -> Picture:
    """The item characteristic curve: chance of a right answer by ability, with the shares observed and their 95% intervals."""
    curve = curves.probabilities(items, GRID)[place]
    frame = Frame(LOW, HIGH, 0.0, 1.0, width=320, height=230, left=44, right=12, bottom=42)
    frame.axes("ability", "", x_ticks=(-4, -2, 0, 2, 4), y_ticks=(0, 0.5, 1))
    frame.line(GRID, curve)
    rows = [(number(GRID[n], 1), number(curve[n]), "–", "–") for n in _few()]
    if observed is not None:
        low, high = wilson(observed.share, observed.n)
        for n, theta in enumerate(observed.theta.tolist()):
            if LOW <= theta <= HIGH:
                frame.whisker(theta, low[n], high[n])
                frame.dot(theta, float(observed.share[n]), is_hollow=True)
            at = float(np.interp(theta, GRID, curve))
            rows.append((number(theta, 2), number(at), number(float(observed.share[n])), f"{observed.n[n]:,}"))
    b, a = float(items.difficulty[place]), float(items.discrimination[place])
    said = f"The chance of a right answer rises with ability; difficulty {number(b)}, discrimination {number(a)}."
    table = Table(("ability", "by the model", "observed", "persons"), tuple(rows))
    return picture_of(frame, f"curve-{place}", f"Item {items.ids[place]}", said, table)


def item_information(items: Items, places: tuple[int, ...]) -> Picture:
    """How much some items tell at each ability, at most six in one picture."""
    chosen = places[:MOST_LINES]
    table = curves.information(items, GRID)[list(chosen)].T
    frame = Frame(LOW, HIGH, 0.0, ceiling(float(table.max(initial=0.0))))
    frame.axes("ability", "information")
    tops = [
        (frame.x(float(GRID[row])) + 4, frame.y(float(table[row, n])) - 5) for n, row in enumerate(np.argmax(table, axis=0))
    ]
    for n, (place, (x, y)) in enumerate(zip(chosen, apart(tops), strict=True)):
        frame.line(GRID, table[:, n], dash=n)
        frame.text(items.ids[place], x, y)
    rows = tuple((number(GRID[n], 1), *(number(value) for value in table[n])) for n in _few())
    said = f"The information of {len(chosen)} items by ability."
    names = tuple(items.ids[place] for place in chosen)
    return picture_of(frame, "item-information", "Item information", said, Table(("ability", *names), rows))


def information_curve(items: Items, cut: float | None = None) -> Picture:
    """How much the whole test tells at each ability, with the standard error of an ability in the table."""
    total = curves.information(items, GRID).sum(axis=0)
    frame = Frame(LOW, HIGH, 0.0, ceiling(float(total.max(initial=0.0))))
    frame.axes("ability", "information")
    frame.line(GRID, total)
    best = int(np.argmax(total))
    said = f"The test tells most at ability {number(GRID[best], 1)}"
    if cut is not None:
        at = float(curves.information(items, np.array([cut])).sum())
        said += f"; at the cut score {number(cut, 2)} the standard error is {number(at**-0.5, 3) if at > 0 else '–'}"
        if LOW <= cut <= HIGH:
            frame.upright(cut, "cut score")
    rows = tuple((number(GRID[n], 1), number(total[n]), number(total[n] ** -0.5 if total[n] > 0 else np.inf)) for n in _few())
    table = Table(("ability", "information", "standard error"), rows)
    return picture_of(frame, "test-information", "Test information", f"{said}.", table)


def wilson(share: NDArray[np.float64], n: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The 95% interval of a share. Wilson (1927), Journal of the American Statistical Association 22, 209-212."""
    z = 1.959964
    count = np.maximum(n, 1)
    middle = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2)) / (1 + z**2 / count)
    return middle - half, middle + half


def observed_shares(theta: NDArray[np.float64], right: NDArray[np.float64], *, n_groups: int = 10) -> Observed | None:
    """Persons who answered an item, in groups of like ability: `right` (n_persons,) is 1, 0 or NaN. None without answers."""
    given = ~np.isnan(right)
    if not given.any():
        return None
    order = np.argsort(theta[given], kind="stable")
    parts = [part for part in np.array_split(order, min(n_groups, len(order))) if len(part)]
    ability, answers = theta[given], right[given]
    return Observed(
        np.array([float(ability[part].mean()) for part in parts]),
        np.array([float(answers[part].mean()) for part in parts]),
        np.array([len(part) for part in parts], dtype=np.int64),
    )


def _few() -> range:
    return range(0, N_POINTS, (N_POINTS - 1) // (N_ROWS - 1))
