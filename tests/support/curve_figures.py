"""What every figure of curves has to keep to, and any words that an author might write for it."""

import re
from typing import Any, TypeVar
from xml.etree import ElementTree

from hypothesis import strategies as st
from pydantic import ValidationError

from bedside.bank.figures import FigureKind, Parameters
from bedside.bank.figures.drawn import is_figure_svg

MAX_BYTES = 40_000
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


P = TypeVar("P", bound=Parameters)


def words_of(kind: FigureKind[P]) -> st.SearchStrategy[P | str]:
    """Parameters within their bounds, each given or left out; the reason instead where they are refused together."""
    schema = kind.parameters.model_json_schema()
    fields = {name: _values(field, schema.get("$defs", {})) for name, field in schema["properties"].items()}
    return st.fixed_dictionaries({}, optional=fields).map(lambda given: read(kind, **given))


def read(kind: FigureKind[P], **given: object) -> P | str:
    """The parameters, or the first reason for which they are refused."""
    try:
        parameters: P = kind.parameters.model_validate(given)
    except ValidationError as error:
        return error.errors()[0]["msg"].removeprefix("Value error, ")
    return parameters


def made(kind: FigureKind[P], **given: object) -> P:
    """Parameters that are allowed."""
    parameters = read(kind, **given)
    assert not isinstance(parameters, str), parameters
    return parameters


def check_drawing(kind: FigureKind[P], parameters: P) -> str:
    """The figure, after it was seen to be sound SVG, inside its sheet, of few bytes, and the same every time."""
    drawing = kind.draw(parameters)
    svg = drawing.as_svg(kind.name, "Curves")
    assert svg == kind.draw(parameters).as_svg(kind.name, "Curves")
    assert is_figure_svg(svg)
    assert len(svg.encode()) < MAX_BYTES
    for mark in ElementTree.fromstring(svg).iter():
        for x, y in _places(mark):
            assert -0.1 <= x <= drawing.width + 0.1
            assert -0.1 <= y <= drawing.height + 0.1
        for name in ("d", "x", "y", "cx", "cy", "width", "height"):
            assert not re.search(r"\d\.\d\d|nan|inf", mark.get(name, ""))
    return svg


def _places(mark: ElementTree.Element) -> list[tuple[float, float]]:
    if mark.tag == "path" and re.fullmatch(r"M[-\d. L]+Z?", mark.get("d", "")):
        numbers = [float(one) for one in NUMBER.findall(mark.get("d", ""))]
        return list(zip(numbers[::2], numbers[1::2], strict=True))
    names = ("cx", "cy") if mark.tag == "circle" else ("x", "y")
    if all(name in mark.attrib for name in names):
        return [(float(mark.get(names[0], "")), float(mark.get(names[1], "")))]
    return []


def _values(field: dict[str, Any], defs: dict[str, Any]) -> st.SearchStrategy[Any]:
    field = {**defs.get(field.get("$ref", "").rpartition("/")[2], {}), **field}
    if options := [one for one in field.get("anyOf", ()) if one.get("type") != "null"]:
        return _values(options[0], defs)
    if "enum" in field:
        return st.sampled_from(field["enum"])
    match field["type"]:
        case "array":
            return st.lists(_values(field["items"], defs), min_size=1, max_size=3).map(tuple)
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(field["minimum"], field["maximum"])
        case "number":
            low = field.get("minimum", field.get("exclusiveMinimum"))
            return st.floats(low, field["maximum"], exclude_min="minimum" not in field)
        case "string":
            return st.text("ABab&<\"'é", min_size=1, max_size=field["maxLength"])
        case other:
            raise AssertionError(other)
