"""What every figure holds to: read as an author writes it, drawn, and looked at as XML."""

import math
import re
from typing import Any
from xml.etree import ElementTree

from bedside.bank.figures.drawn import is_figure_svg
from bedside.bank.figures.kind import FigureKind
from bedside.bank.figures.reading import Figure, read_figure

MAX_BYTES = 45_000
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_ACROSS, _UP = ("x", "x1", "x2", "cx"), ("y", "y1", "y2", "cy")


def refusal(words: str) -> str:
    """What is said about words that name no figure."""
    problem = read_figure(words)
    assert isinstance(problem, str), f"{words} was drawn"
    return problem


def sheet_of(words: str) -> ElementTree.Element:
    """The drawing of the words, after a look at what no figure may lack."""
    read_figure.cache_clear()
    figure = read_figure(words)
    assert isinstance(figure, Figure), figure
    svg = figure.as_svg("A figure")
    assert svg == figure.as_svg("A figure")
    assert is_figure_svg(svg)
    assert len(svg.encode()) < MAX_BYTES
    assert "nan" not in svg.lower()
    assert "inf" not in re.sub(r"<title>.*?</title>|[A-Za-z]*inf[a-z]+", "", svg.lower())
    root = ElementTree.fromstring(svg)
    _stays_inside(root)
    return root


def words_in(root: ElementTree.Element) -> list[str]:
    """The texts of a drawing, in order."""
    return [str(mark.text) for mark in root.iter("text")]


def paths_in(root: ElementTree.Element, kind: str) -> list[list[tuple[float, float]]]:
    """The points of the marks of a class, mark by mark, of paths that only move and go straight."""
    return [_points(str(mark.get("d"))) for mark in root.iter("path") if kind in str(mark.get("class")).split()]


def documented(kind: FigureKind[Any]) -> None:
    """The example of a kind is a figure, and its description is a sentence."""
    assert isinstance(read_figure(kind.example), Figure)
    assert kind.example.startswith(kind.name)
    assert kind.about.endswith(".")


def _stays_inside(root: ElementTree.Element) -> None:
    _, _, width, height = (float(one) for one in str(root.get("viewBox")).split())
    for mark in root.iter():
        across = [float(mark.attrib[name]) for name in _ACROSS if name in mark.attrib]
        up = [float(mark.attrib[name]) for name in _UP if name in mark.attrib]
        if mark.tag == "path" and not re.search("[a-zHVACSQ]", str(mark.get("d"))):
            for x, y in _points(str(mark.get("d"))):
                across.append(x)
                up.append(y)
        assert all(math.isfinite(x) and -0.5 <= x <= width + 0.5 for x in across), (mark.tag, mark.attrib)
        assert all(math.isfinite(y) and -0.5 <= y <= height + 0.5 for y in up), (mark.tag, mark.attrib)


def _points(d: str) -> list[tuple[float, float]]:
    numbers = [float(one) for one in _NUMBER.findall(d)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))
