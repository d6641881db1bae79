"""The SVG of a figure: drawn once, checked against an allow-list, and given a style of its own where it stands alone."""

from __future__ import annotations

import re
from functools import lru_cache

from bedside.bank.figures.reading import Figure, read_figure

ELEMENTS = ("svg", "g", "path", "line", "polyline", "polygon", "rect", "circle", "ellipse", "text", "tspan", "title", "desc")
ATTRIBUTES = (
    *("viewBox", "role", "class", "d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "width", "height"),
    *("points", "transform", "text-anchor", "dx", "dy"),
)
MAX_CHARACTERS = 100_000

_ATTRIBUTE = rf'(?: (?:{"|".join(ATTRIBUTES)})="[A-Za-z0-9 ,.()_-]*+")'
_TOKEN = re.compile(
    rf"<(?P<opened>{'|'.join(ELEMENTS)}){_ATTRIBUTE}*+(?P<is_empty>/?)>"
    rf"|</(?P<closed>{'|'.join(ELEMENTS)})>"
    r"|(?:[^<>&]|&(?:amp|lt|gt|quot|\#39|\#x27);)++"
)

# black on white where nothing is said, and the colour of the words around it where it stands in a page of another program
_STYLE = """
svg.drawn { color: #1d2321; background: #fff; font: 13px system-ui, sans-serif; }
svg.drawn text { fill: currentColor; }
svg.drawn :is(path, line, polyline, polygon, rect, circle, ellipse) { fill: none; stroke: currentColor; }
svg.drawn .grid { stroke-opacity: 0.25; stroke-width: 0.5; }
svg.drawn .grid.wide { stroke-opacity: 0.45; stroke-width: 0.8; }
svg.drawn .band { fill: currentColor; fill-opacity: 0.12; stroke: none; }
svg.drawn :is(.dot, .bar) { fill: currentColor; stroke: none; }
svg.drawn .hollow { fill: #fff; }
svg.drawn .line { stroke-width: 2; stroke-linejoin: round; }
svg.drawn .trace { stroke-width: 1.3; stroke-linejoin: round; }
svg.drawn .d1 { stroke-dasharray: 7 4; } svg.drawn .d2 { stroke-dasharray: 2 3; } svg.drawn .d3 { stroke-dasharray: 10 3 2 3; }
svg.drawn .d4 { stroke-dasharray: 14 4; } svg.drawn .d5 { stroke-dasharray: 1 5; } svg.drawn .cut { stroke-dasharray: 3 3; }
svg.drawn .on-grid { stroke: #fff; stroke-width: 4; paint-order: stroke; } svg.drawn .dim { opacity: 0.7; }
"""


@lru_cache(maxsize=1024)
def svg_of(target: str, title: str) -> str:
    """The figure that these words name, as SVG for a page; empty where they name none, which the check of the bank reports.

    Args:
        title: the alternative text of the exhibit.
    """
    figure = read_figure(target)
    if not isinstance(figure, Figure):
        return ""
    svg = figure.as_svg(title)
    return svg if is_figure_svg(svg) else ""


def is_figure_svg(text: str) -> bool:
    """Is the text one whole drawing of allowed elements and attributes, and nothing else?"""
    if not text.startswith('<svg class="drawn') or len(text) > MAX_CHARACTERS:
        return False
    place, still_open, is_done = 0, list[str](), False
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None or is_done:
            return False
        place = token.end()
        if token["opened"] == "svg" and still_open:
            return False
        if token["opened"] and not token["is_empty"]:
            still_open.append(token["opened"])
        elif token["closed"] and (not still_open or still_open.pop() != token["closed"]):
            return False
        is_done = not still_open
    return is_done


def alone(svg: str) -> str:
    """A drawing that also looks right where no style sheet of the site reaches: as a file, or in another program."""
    return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace(
        "</title>", f"</title><style>{_STYLE}</style>", 1
    )
