"""The events that a player may send, as schemas made from the core's own types, so that the two can't differ."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, Strict, create_model, model_validator
from pydantic_core import PydanticCustomError

from bedside.delivery import CLIENT_TYPES, Answered

MAX_EVENTS_A_CALL = 500
MAX_ELAPSED_MS = 366 * 24 * 3600 * 1000  # a year without a network
MAX_SEQ = 1_000_000_000


class EventHead(BaseModel):
    """What every event has beside the fields of its type."""

    model_config = ConfigDict(extra="forbid")

    type: str
    seq: Annotated[int, Strict(), Field(ge=1, le=MAX_SEQ, description="Counts from 1 for each writer, without a gap.")]
    elapsed_ms: Annotated[
        int,
        Strict(),
        Field(
            ge=0,
            le=MAX_ELAPSED_MS,
            description="Milliseconds on the player's monotonic clock since the last acknowledged synchronisation.",
        ),
    ]
    sync: Annotated[int, Strict(), Field(ge=0, le=MAX_SEQ)] | None = Field(
        default=None,
        description="The number of the synchronisation from which `elapsed_ms` counts, as an acknowledgement gave it "
        "(0: the issue of the writer). Without it the server takes the last acknowledgement that the player has read.",
    )

    def fields_of_type(self) -> dict[str, Any]:
        """The fields of the event's own type."""
        return {name: value for name, value in self if name not in EventHead.model_fields}


def _strictly(hint: Any) -> Any:
    """A number is a number and a switch a switch: no text that looks like one."""
    base = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    return Annotated[hint, Strict()] if base in {int, bool} else hint


class AnswerHead(EventHead):
    """An answer has options or a number, never both."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        told: Any = self
        if bool(told.choice) == (told.value is not None):
            text = 'give either "choice", at least one letter, or "value", a number'
            raise PydanticCustomError("choice_or_value", "{text}", {"text": text})
        return self


def _schema_of(name: str, body: type[Any]) -> type[EventHead]:
    hints = get_type_hints(body, include_extras=True)
    fields: dict[str, Any] = {"type": (Literal[name], ...)}
    for field in body.__dataclass_fields__.values():
        default = ... if field.default is field.default_factory else field.default
        fields[field.name] = (_strictly(hints[field.name]), default)
    title = "".join(part.capitalize() for part in name.split("_")) + "Event"
    return create_model(title, __base__=AnswerHead if body is Answered else EventHead, __doc__=body.__doc__, **fields)


# what is done in a case comes by the calls on cases, which know what a command is
OF_CASES = {"case_command", "case_closing"}
EVENT_SCHEMAS: dict[str, type[EventHead]] = {
    name: _schema_of(name, body) for name, body in CLIENT_TYPES.items() if name not in OF_CASES
}
if TYPE_CHECKING:
    AnyEvent = EventHead
else:
    AnyEvent = Annotated[reduce(or_, EVENT_SCHEMAS.values()), Field(discriminator="type")]
