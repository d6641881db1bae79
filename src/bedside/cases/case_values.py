"""The scalars of a case file, each checked once, with plain words where it is wrong."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Strict,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from bedside.cases.durations import Span


class Model(BaseModel):
    """What all parts of a case share: no unknown keys, and no change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


@dataclass(frozen=True, slots=True)
class Written:
    """Text that must match a pattern, with the words that say how it is written."""

    pattern: str
    how: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(schema) | {"pattern": f"^{self.pattern}$"}

    def _check(self, text: str) -> str:
        if not re.fullmatch(self.pattern, text):
            raise ValueError(f'"{text}" should be {self.how}')
        return text


Location = Literal["office", "home", "ed", "ward", "icu", "or", "labor"]
LOCATIONS: tuple[str, ...] = get_args(Location)
DIMENSIONS = ("diagnosis", "therapy", "monitoring", "sequence", "timing", "location", "communication")
Dimension = Literal["diagnosis", "therapy", "monitoring", "sequence", "timing", "location", "communication"]
VITALS = ("hr", "sbp", "dbp", "rr", "spo2", "temp")  # what the monitor shows, by the names that analytes have too
TARGET_VERBS = ("exam", "move", "cancel")

_KILOGRAMS = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)(kg|g)")
_EXPR_SCHEMA = {"anyOf": [{"type": "string", "minLength": 1}, {"type": "number"}]}


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("should be a number")
    return value


def _expression(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float | str) or value == "":
        raise ValueError("should be an expression or a number")
    return value if isinstance(value, str) else repr(value)


def _not_a_keyword(name: str) -> str:
    if keyword.iskeyword(name):
        raise ValueError(f'"{name}" is a word of the expression language; choose another name')
    return name


def _kilograms(value: object) -> float:
    match = _KILOGRAMS.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        text = "{value} is not a weight; write it with its unit: 60kg or 3400g"
        raise PydanticCustomError("unit", text, {"value": str(value)})
    kilograms = float(match[1]) / (1000 if match[2] == "g" else 1)
    if not 0.2 <= kilograms <= 500:
        raise PydanticCustomError("unit", "{value} is no weight of a patient", {"value": str(value)})
    return kilograms


def _targets(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Text = Annotated[str, Strict(), Field(min_length=1, max_length=4000)]
Name = Annotated[
    str,
    Strict(),
    Field(max_length=60),
    Written("[a-z][a-z0-9_]*", "a name: lower-case letters, digits and _, a letter first"),
    AfterValidator(_not_a_keyword),
]
Number = Annotated[float, BeforeValidator(_number)]
Percent = Annotated[float, BeforeValidator(_number), Field(ge=0, le=100)]
Variation = Annotated[float, BeforeValidator(_number), Field(gt=0, le=0.3)]
"""A coefficient of variation: standard deviation by mean."""
Expr = Annotated[str, BeforeValidator(_expression), WithJsonSchema(_EXPR_SCHEMA)]
"""An expression as text; a number in the file becomes its text."""
Guard = Annotated[str, Strict(), Field(min_length=1)]
Kilograms = Annotated[float, BeforeValidator(_kilograms), WithJsonSchema({"type": "string", "pattern": r"^[0-9.]+(kg|g)$"})]
Clock = Annotated[
    str, Strict(), Written("(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([01][0-9]|2[0-3]):[0-5][0-9]", "a weekday and a time: Mon 07:40")
]
Month = Annotated[str, Strict(), Written("20[0-9]{2}-(0[1-9]|1[0-2])", "a month: 2027-06")]
CaseId = Annotated[
    str, Strict(), Field(max_length=60), Written("[a-z][a-z0-9]*(-[a-z0-9]+)*", "lower-case words and numbers: endo-001")
]
TakeawayId = Annotated[str, Strict(), Written(r"[a-z0-9_]+\.[a-z0-9_]+", "a takeaway's id: endocrine.ketoacidosis_potassium")]
WaiverCode = Annotated[str, Strict(), Written("C[1-8][0-9]{2}", "a code of the linter: C801")]
Source = Annotated[str, Strict(), Written("(exam:)?[a-z][a-z0-9_]*", "an order, `history`, or exam:part")]
"""What has a finding: a key of `results`."""
Target = Annotated[
    str,
    Strict(),
    Field(max_length=80),
    Written(f"(({'|'.join(TARGET_VERBS)}):)?[a-z][a-z0-9_]*", "an order, a group, or exam:part, move:place, cancel:order"),
]
"""An order, a group, or `verb:what`."""
Targets = Annotated[
    tuple[Target, ...],
    BeforeValidator(_targets, json_schema_input_type=Target | tuple[Target, ...]),
    Field(min_length=1),
]
"""One target or a list of them; always read as a tuple."""


class Relax(NamedTuple):
    """A pull of a variable: [target, time constant]."""

    target: Number
    tau_s: Span


class Range(NamedTuple):
    """[lowest, highest] score."""

    low: Percent
    high: Percent
