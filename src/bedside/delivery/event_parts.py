"""Limits and kinds of field of which the bodies of events are made."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, StringConstraints

MAX_NOTE_CHARACTERS = 4000
MAX_RANGES = 200
MAX_OPTIONS = 26
MAX_SETTINGS = 30
MAX_SETTING = 2**53 - 1  # the largest whole number that every reader of JSON keeps exactly
MAX_FORM_ITEMS = 2000
MAX_ACCOMMODATION_S = 8 * 3600  # extra breaks, or a clock stopped by the candidate, in one sitting
MAX_CASE_COMMANDS = 2000  # of one case; the expert of the longest needs some 60
MAX_COMMAND_FIELDS = 12
MAX_ITEM_MS = 24 * 3600 * 1000  # one item can't take longer than the longest day of an exam

ItemId = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Letter = Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]
BlockNumber = Annotated[int, Field(ge=1, le=100)]
Offset = Annotated[int, Field(ge=0, le=1_000_000)]
Confidence = Literal["sure", "unsure"]
Number = Annotated[str, StringConstraints(pattern=r"^[+-]?([0-9]{1,15}(\.[0-9]{0,15})?|\.[0-9]{1,15})$")]
TimeFactor = Literal["1", "5/4", "3/2", "2"]
Seconds = Annotated[int, Field(ge=0, le=MAX_ACCOMMODATION_S)]
Setting = Annotated[int, Field(ge=-MAX_SETTING, le=MAX_SETTING)]
CaseId = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Hex = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
CommandFields = Annotated[
    dict[
        Annotated[str, StringConstraints(max_length=40)],
        bool | Setting | Annotated[str, StringConstraints(max_length=300)] | None,
    ],
    Field(min_length=1, max_length=MAX_COMMAND_FIELDS),
]
Reasoned = Annotated[str, StringConstraints(max_length=500)]


class StrictBody:
    """The body of an event: no field but its own."""

    __slots__ = ()
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")
