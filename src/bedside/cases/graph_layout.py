"""Where the states and transitions of one region lie on a page.

States stand in columns by their distance from the initial one, `dead` in the last. Between two columns of states is one for the
labels of transitions, and a transition that passes a column has a place of its own there. So nothing can lie on anything else:
within a column every thing has its own height, and lines bend only in the gaps between columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bedside.cases.case_file import DEAD, Region, Transition
from bedside.cases.durations import format_duration

CHARACTER = 6.7  # width of a sign of the labels in pixels, the widest usual monospaced font at 11 px
LINE = 14.0
GAP_X = 44.0
GAP_Y = 14.0
PORT = 14.0  # between two lines at one side of a state
STATE_HEIGHT = 38.0
STATE_WIDTH = 84.0
MAX_LABEL = 34  # signs a line; longer guards are broken before `and` and `or`
_SWEEPS = 12


@dataclass(eq=False, slots=True)
class Cell:
    """A thing in a column: a state, a label, or nothing but a line that passes. `y` is its middle."""

    column: int
    height: float
    width: float = 0
    name: str | None = None  # of a state
    lines: tuple[str, ...] = ()  # of a label
    x: float = 0
    y: float = 0
    near: list[Cell] = field(default_factory=list)

    @property
    def line_y(self) -> float:
        """Where the line runs through it: below the words of a label."""
        return self.y + self.height / 2 - 4 if self.lines else self.y


@dataclass(slots=True)
class Edge:
    """A transition: the cells it runs through from its state to the next, and where it leaves and enters."""

    transition: Transition
    cells: tuple[Cell, ...]
    from_y: float = 0
    to_y: float = 0

    @property
    def turns_back(self) -> bool:
        """Does it lead to a state of the same column?"""
        return self.cells[0].column == self.cells[-1].column


@dataclass(slots=True)
class Layout:
    """A region on the page."""

    columns: list[list[Cell]]
    edges: list[Edge]
    width: float = 0
    height: float = 0

    @property
    def cells(self) -> list[Cell]:
        """All cells, by column."""
        return [cell for column in self.columns for cell in column]


def lay_out(region: Region) -> Layout:
    """The places of everything in a region."""
    ranks = _ranks(region)
    columns: list[list[Cell]] = [[] for _ in range(2 * max(ranks.values()) + 2)]
    states: dict[str, Cell] = {}
    for name, rank in ranks.items():
        states[name] = Cell(2 * rank, STATE_HEIGHT, name=name)
        columns[2 * rank].append(states[name])
    edges = [
        _edge(transition, states[name], states[transition.go], columns)
        for name, state in region.states.items()
        for transition in state.to
        if transition.go in states
    ]
    layout = Layout(columns, edges)
    for edge in edges:
        for one, other in zip(edge.cells, edge.cells[1:], strict=False):
            one.near.append(other)
            other.near.append(one)
    _set_sizes(layout)
    _set_order(columns)
    _set_heights(columns)
    _set_ports(layout)
    _set_columns(layout)
    return layout


def label_of(transition: Transition) -> tuple[str, ...]:
    """The words at a transition, in lines."""
    words: list[str] = []
    if transition.when is not None:
        words.append(" ".join(transition.when.split()))
    if transition.after_s is not None:
        words.append(f"{'for' if words else 'after'} {format_duration(transition.after_s)}")
    return tuple(_broken(" ".join(words)))


def _broken(text: str) -> list[str]:
    lines = [""]
    for word in text.replace(" and ", " \nand ").replace(" or ", " \nor ").replace(" for ", " \nfor ").split("\n"):
        if lines[-1] and len(lines[-1]) + len(word.rstrip()) > MAX_LABEL:
            lines.append("")
        lines[-1] += word
    return [line.strip() for line in lines]


def _ranks(region: Region) -> dict[str, int]:
    """Distance from the initial state; what can't be reached stands behind all that can, and `dead` last."""
    ranks = {region.initial: 0} if region.initial in region.states else {}
    ahead = list(ranks)
    for name in ahead:
        for transition in region.states[name].to:
            if transition.go in region.states and transition.go not in ranks:
                ranks[transition.go] = ranks[name] + 1
                ahead.append(transition.go)
    last = max(ranks.values(), default=-1)
    for name in region.states:
        ranks.setdefault(name, last + 1)
    if any(transition.go == DEAD for state in region.states.values() for transition in state.to):
        ranks[DEAD] = max(ranks.values()) + 1
    return ranks


def _edge(transition: Transition, source: Cell, target: Cell, columns: list[list[Cell]]) -> Edge:
    lines = label_of(transition)
    label = Cell(0, LINE * len(lines) + 8, width=CHARACTER * max(map(len, lines)) + 8, lines=lines)
    step = 1 if target.column >= source.column else -1
    cells = [source]
    between = list(range(source.column + step, target.column, step)) or [source.column + 1]
    for column in between:
        cell = label if len(cells) == 1 else Cell(column, 6)
        cell.column = column
        columns[column].append(cell)
        cells.append(cell)
    return Edge(transition, (*cells, target))


def _set_sizes(layout: Layout) -> None:
    for cell in layout.cells:
        if cell.name is None:
            continue
        right = sum(1 for other in cell.near if other.column > cell.column)
        ports = max(right, len(cell.near) - right)
        cell.height = max(STATE_HEIGHT, PORT * ports + 12)
        cell.width = max(STATE_WIDTH, 8.0 * len(cell.name) + 28)


def _set_order(columns: list[list[Cell]]) -> None:
    """Each column in the order of the means of its neighbors, there and back until it is settled."""
    for sweep in range(_SWEEPS):
        place = {id(cell): n / max(1, len(column) - 1) for column in columns for n, cell in enumerate(column)}
        for column in columns if sweep % 2 == 0 else reversed(columns):
            column.sort(key=lambda cell: _mean([place[id(other)] for other in cell.near], place[id(cell)]))
            place |= {id(cell): n / max(1, len(column) - 1) for n, cell in enumerate(column)}


def _set_heights(columns: list[list[Cell]]) -> None:
    for column in columns:
        _stack(column, [0.0] * len(column))
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            _stack(column, [_mean([other.y for other in cell.near], cell.y) for cell in column])
    top = min(cell.y - cell.height / 2 for column in columns for cell in column)
    for column in columns:
        for cell in column:
            cell.y -= top


def _stack(column: list[Cell], wanted: Sequence[float]) -> None:
    """Each as near to where it is wanted as the others allow, in their order (pooling of neighbors that would overlap)."""
    offsets: list[float] = []
    for n, cell in enumerate(column):
        before = column[n - 1]
        offsets.append(offsets[-1] + before.height / 2 + GAP_Y + cell.height / 2 if n else 0.0)
    pools: list[list[float]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        pools.append([want - offset])
        while len(pools) > 1 and _mean(pools[-2], 0) > _mean(pools[-1], 0):
            last = pools.pop()
            pools[-1] += last
    places = [_mean(pool, 0) for pool in pools for _ in pool]
    for cell, place, offset in zip(column, places, offsets, strict=True):
        cell.y = place + offset


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _set_ports(layout: Layout) -> None:
    """Lines at one side of a state in the order of where they come from, so that they don't cross there."""
    ends: dict[tuple[int, bool], list[tuple[float, int, bool]]] = {}
    for n, edge in enumerate(layout.edges):
        for is_start, cell, other in ((True, edge.cells[0], edge.cells[1]), (False, edge.cells[-1], edge.cells[-2])):
            is_right = other.column > cell.column
            ends.setdefault((id(cell), is_right), []).append((other.line_y, n, is_start))
    for cell in layout.cells:
        for is_right in (True, False):
            ports = sorted(ends.get((id(cell), is_right), []))
            for k, (_, n, is_start) in enumerate(ports):
                y = cell.y + (k - (len(ports) - 1) / 2) * PORT
                if is_start:
                    layout.edges[n].from_y = y
                else:
                    layout.edges[n].to_y = y


def _set_columns(layout: Layout) -> None:
    x = 0.0
    for column in layout.columns:
        width = max((cell.width for cell in column), default=0.0)
        for cell in column:
            cell.x, cell.width = x, width
        x += width + GAP_X if column else 0.0
    layout.width = x - GAP_X
    layout.height = max(cell.y + cell.height / 2 for cell in layout.cells)
