"""The automata of a case as one SVG picture: states, and transitions with what opens them.

It takes its color from the page (`currentColor`), has no style of its own and no script, and says in words all that it shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from bedside.cases.case_file import DEAD, CaseFile, Region
from bedside.cases.graph_layout import GAP_X, LINE, Cell, Edge, Layout, label_of, lay_out

_MARGIN = 16.0
_LEFT = 30.0  # room for the mark of the initial state
_HEAD = 34.0  # room for the name of a region
_BETWEEN = 26.0
_FONT = 'font-family="system-ui, sans-serif"'
_MONO = "font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\""


def graph_svg(case: CaseFile) -> str:
    """The picture, regions below each other in the order of the file."""
    name = f"graph-{case.id}"
    layouts = {region: lay_out(automaton) for region, automaton in case.regions.items()}
    width = max(layout.width for layout in layouts.values()) + 2 * _MARGIN + _LEFT
    parts: list[str] = []
    top = _MARGIN
    for region, layout in layouts.items():
        parts += _region(name, region, case.regions[region], layout, top)
        top += _HEAD + layout.height + _BETWEEN
    height = top - _BETWEEN + _MARGIN
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    named = f'class="case-graph" role="img" aria-labelledby="{name}-title {name}-text"'
    tip = 'viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto" markerUnits="userSpaceOnUse"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {named} {size} fill="none">',
        f'<title id="{name}-title">States of the case {escape(case.id)}</title>',
        f'<desc id="{name}-text">{escape(" ".join(_in_words(case)))}</desc>',
        f'<defs><marker id="{name}-tip" {tip}><path d="M0 0 8 4 0 8z" fill="currentColor"/></marker></defs>',
        *parts,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _in_words(case: CaseFile) -> Iterator[str]:
    for name, region in case.regions.items():
        yield f"{name} begins as {region.initial}."
        for state, content in region.states.items():
            for transition in content.to:
                label = " ".join(label_of(transition))
                yield f"{state} turns {transition.go} {label if transition.when is None else f'when {label}'}."


def _region(name: str, region: str, automaton: Region, layout: Layout, top: float) -> Iterator[str]:
    left = _MARGIN
    yield f'<g class="region" transform="translate({left:.1f} {top:.1f})">'
    yield f'<text x="0" y="14" {_FONT} font-size="14" font-weight="600" fill="currentColor">{escape(region)}</text>'
    yield f'<g transform="translate({_LEFT:.1f} {_HEAD:.1f})">'
    for edge in layout.edges:
        yield _line(name, edge)
    for cell in layout.cells:
        if cell.name is not None:
            yield from _state(name, cell, automaton)
        elif cell.lines:
            yield _label(cell)
    yield "</g></g>"


def _state(name: str, cell: Cell, automaton: Region) -> Iterator[str]:
    state, middle = str(cell.name), cell.x + cell.width / 2
    kind = "dead" if state == DEAD else "initial" if state == automaton.initial else "state"
    yield f'<g class="{kind}">'
    note = automaton.states[state].note if state in automaton.states else None
    if note:
        yield f"<title>{escape(note)}</title>"
    yield _box(cell, inset=0, more='fill="currentColor" fill-opacity="0.07"')
    if kind == "dead":
        yield _box(cell, inset=4)
    if kind == "initial":
        x, y = cell.x, cell.y
        yield f'<circle cx="{x - 25:.1f}" cy="{y:.1f}" r="4.5" fill="currentColor"/>'
        yield f'<path d="M{x - 21:.1f} {y:.1f}H{x - 1:.1f}" stroke="currentColor" marker-end="url(#{name}-tip)"/>'
    place = f'x="{middle:.1f}" y="{cell.y + 4.5:.1f}" text-anchor="middle"'
    yield f'<text {place} {_FONT} font-size="13" fill="currentColor">{escape(state)}</text></g>'


def _box(cell: Cell, *, inset: float, more: str = "") -> str:
    x, y = cell.x + inset, cell.y - cell.height / 2 + inset
    size = f'x="{x:.1f}" y="{y:.1f}" width="{cell.width - 2 * inset:.1f}" height="{cell.height - 2 * inset:.1f}"'
    return f'<rect {size} rx="{12 - inset:g}" stroke="currentColor" stroke-width="1.3" {more}/>'


def _label(cell: Cell) -> str:
    middle = cell.x + cell.width / 2
    first = cell.line_y - 5 - LINE * (len(cell.lines) - 1)
    spans = "".join(
        f'<tspan x="{middle:.1f}" y="{first + LINE * n:.1f}">{escape(line)}</tspan>' for n, line in enumerate(cell.lines)
    )
    return f'<text text-anchor="middle" {_MONO} font-size="11" fill="currentColor">{spans}</text>'


def _line(name: str, edge: Edge) -> str:
    source, target = edge.cells[0], edge.cells[-1]
    if edge.turns_back:
        x, far = source.x + source.width, edge.cells[1].x
        path = f"M{x:.1f} {edge.from_y:.1f}C{far:.1f} {edge.from_y:.1f} {far:.1f} {edge.to_y:.1f} {x:.1f} {edge.to_y:.1f}"
    else:
        forward = target.column > source.column
        x, y = (source.x + source.width if forward else source.x), edge.from_y
        path = f"M{x:.1f} {y:.1f}"
        for cell in edge.cells[1:]:
            enter, leave = (cell.x, cell.x + cell.width) if forward else (cell.x + cell.width, cell.x)
            next_y = edge.to_y if cell is target else cell.line_y
            bend = GAP_X / 2 if forward else -GAP_X / 2
            path += f"C{x + bend:.1f} {y:.1f} {enter - bend:.1f} {next_y:.1f} {enter:.1f} {next_y:.1f}"
            if cell is not target and cell.width:
                path += f"H{leave:.1f}"
            x, y = leave, next_y
    return f'<path d="{path}" stroke="currentColor" stroke-width="1.2" stroke-opacity="0.75" marker-end="url(#{name}-tip)"/>'
