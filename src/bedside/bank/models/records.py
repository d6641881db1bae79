"""The keys of a model file and of its parts, as records."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bedside.bank.names import ID, MAX_ID

_STRICT = ConfigDict(extra="forbid", strict=True)
Text = Annotated[str, Field(min_length=1, max_length=2000)]
_Amount = int | float | Text
MAX_VARIABLES = 60
MAX_ROWS = 400
MAX_STEM = 20_000  # signs; a vignette has some 1,000


class WaiverRecord(BaseModel):
    """A rule of the linter that members are excused from."""

    model_config = _STRICT
    rule: Text
    reason: Text


class FileRecord(BaseModel):
    """The top of a model file."""

    model_config = _STRICT
    schema_: Annotated[Literal["model/1"], Field(alias="schema")]
    id: Annotated[str, Field(max_length=MAX_ID, pattern=rf"^{ID.pattern}$")]
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    blueprint: list[dict[str, Any]]
    takeaways: list[Text]
    setting: Text | None = None
    difficulty: Annotated[float, Field(ge=0, le=1)] | None = None
    seconds: Annotated[int, Field(ge=5, le=3600)] | None = None
    authors: list[Text]
    status: Literal["draft", "cross_checked", "clinician_reviewed"]
    sources: list[Text]
    waive: list[WaiverRecord] = []
    variables: Annotated[dict[str, Any], Field(min_length=1, max_length=MAX_VARIABLES)]
    computed: Annotated[dict[str, Any], Field(max_length=MAX_VARIABLES)] = {}
    require: list[Text] = []
    stem: Annotated[str, Field(min_length=1, max_length=MAX_STEM)]
    lead_in: Text
    options: list[Any]
    offer: int | None = None
    order: Literal["ascending", "descending", "shuffled", "as_written"] = "shuffled"
    apart: _Amount | None = None
    check: Any = None


class RangeRecord(BaseModel):
    """A number from one bound to the other."""

    model_config = _STRICT
    from_: Annotated[_Amount, Field(alias="from")]
    to: _Amount
    step: int | float


class ChooseRecord(BaseModel):
    """One of several words or numbers."""

    model_config = _STRICT
    choose: Annotated[list[Any], Field(min_length=2, max_length=MAX_ROWS)]


class RowsRecord(BaseModel):
    """One of several rows."""

    model_config = _STRICT
    rows: Annotated[list[dict[str, Any]], Field(min_length=2, max_length=MAX_ROWS)]


class OptionRecord(BaseModel):
    """One option."""

    model_config = _STRICT
    text: Text
    key: bool = False
    right_if: Text | None = None
    only_if: Text | None = None
    value: _Amount | None = None
    name: Text | None = None
    mistake: Text | None = None
    because: Text
    wrong_because: Text | None = None


class CheckRecord(BaseModel):
    """The second computation, with a tolerance of its own."""

    model_config = _STRICT
    value: _Amount
    tolerance: Annotated[float, Field(ge=0)]


MODEL_KEYS = tuple(field.alias or name for name, field in FileRecord.model_fields.items())
OPTION_KEYS = tuple(OptionRecord.model_fields)
