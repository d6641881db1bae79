"""What a kind of figure is: its name, the parameters that an author may write, and how it is drawn from them.

A figure is drawn by a model of the thing itself (a beat from its waves, a loop from elastances), never from a picture. Chance
that it needs (an irregular rhythm) comes from its own `seed`, so that the same words draw the same figure for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Annotated, Any, Generic, TypeVar, get_origin

from pydantic import BaseModel, ConfigDict, Field, model_validator

Seed = Annotated[int, Field(ge=1, le=9999)]


class Parameters(BaseModel):
    """What may be written behind the name of a kind, as `key=value`. A field that is a tuple takes values with commas."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _split_lists(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        lists = {name for name, field in cls.model_fields.items() if get_origin(field.annotation) is tuple}
        return {name: _parts(value) if name in lists and isinstance(value, str) else value for name, value in given.items()}


@dataclass(frozen=True, slots=True)
class Drawing:
    """Marks of SVG and the size of the sheet in its own units (a text of 13 is as high as the words around it)."""

    width: float
    height: float
    parts: tuple[str, ...]

    def as_svg(self, kind: str, title: str) -> str:
        """The figure as SVG that a screen reader names by its title. The title is the alternative text of the exhibit."""
        size = f'viewBox="0 0 {self.width:g} {self.height:g}" width="{self.width:g}" height="{self.height:g}"'
        marks = "".join(self.parts)
        return f'<svg class="drawn {kind}" {size} role="img"><title>{escape(title)}</title>{marks}</svg>'


P = TypeVar("P", bound=Parameters)


@dataclass(frozen=True, slots=True)
class FigureKind(Generic[P]):
    """One kind of figure. `example` is what an author writes after `figure:`; `about` says what is drawn, and how."""

    name: str
    parameters: type[P]
    draw: Callable[[P], Drawing]
    about: str
    example: str


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(",")] if value.strip() else []


def choices(kind: FigureKind[Any]) -> Iterator[tuple[str, str]]:
    """Each parameter of a kind and what it takes, for the documentation."""
    schema = kind.parameters.model_json_schema()
    for name, field in schema.get("properties", {}).items():
        yield name, _takes(field, schema.get("$defs", {}), name in schema.get("required", ()))


def _takes(field: Mapping[str, Any], defs: Mapping[str, Any], is_required: bool) -> str:
    field = {**defs.get(str(field.get("$ref", "")).rpartition("/")[2], {}), **field}
    if options := [one for one in field.get("anyOf", ()) if one.get("type") != "null"]:
        field = {**options[0], **{key: value for key, value in field.items() if key != "anyOf"}}
    inner = field.get("items", {}) if field.get("type") == "array" else field
    words = " or ".join(f"`{value}`" for value in inner.get("enum", ())) or _BASE.get(str(inner.get("type")), "text")
    low, high = inner.get("minimum", inner.get("exclusiveMinimum")), inner.get("maximum", inner.get("exclusiveMaximum"))
    if low is not None and high is not None:
        words += f" from {low:g} to {high:g}"
    if field.get("type") == "array":
        words = f"{words}; several with commas"
    if field.get("default") not in (None, [], ""):
        words += f"; `{_written(field['default'])}` if not given"
    return words + ("; needed" if is_required else "")


_BASE = {"integer": "a whole number", "number": "a number", "boolean": "`true` or `false`"}


def _written(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
