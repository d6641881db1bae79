"""The calls on what is said after an answer: why it was wrong, and what was noted on the item before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.api import schemas
from bedside.site.reflection.models import ErrorReason
from bedside.site.reflection.parts import after_answers
from bedside.site.reflection.reasons import OLDEST, Reason, say_reason

router = Router(tags=["sittings"])

CALL: dict[int, Any] = {
    **dict.fromkeys((400, 401, 403, 404, 503), schemas.Problem),
    409: schemas.Conflict,
}
ReasonName = Literal["did_not_know", "misread", "confused", "changed_from_right"]


class ErrorReasonIn(BaseModel):
    """Why an answer was wrong."""

    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(
        description="Of this saying: sent again, it counts once. A later saying takes the place of an earlier one."
    )
    item: str = Field(min_length=1, max_length=200)
    reason: ReasonName
    confused_with: str = Field(
        default="",
        pattern="^[A-Z]?$",
        description="With `confused`: the letter of the option that was meant; the key if left out.",
    )
    ago_ms: int = Field(default=0, ge=0, le=int(OLDEST.total_seconds() * 1000), description="How long this waited to be sent.")


class ErrorReasonOut(BaseModel):
    """The reason that counts for an answer."""

    id: UUID
    item: str
    reason: ReasonName
    chosen: str = Field(description="The letter that was chosen and is not the key; empty where there is none.")
    confused_with: str


class AfterAnswerOut(BaseModel):
    """What the person said of one answer, and noted on its item."""

    item: str
    reason: ErrorReasonOut | None
    note: str = Field(description="What they noted on the item last, in this sitting or elsewhere; empty where nothing.")


class AfterAnswersOut(BaseModel):
    """The items of a sitting whose keys were shown."""

    items: list[AfterAnswerOut]


@router.post("/sittings/{sitting_id}/reasons", response={200: ErrorReasonOut, **CALL, 429: schemas.Problem})
def give_reason(request: HttpRequest, sitting_id: UUID, call: ErrorReasonIn) -> Any:
    """Say why an answer was wrong, once its key has been shown: in tutor mode at once, else with the report."""
    row = say_reason(
        _caller(request),
        sitting_id,
        call.item,
        Reason(call.reason),
        confused_with=call.confused_with,
        name=call.id,
        ago=timedelta(milliseconds=call.ago_ms),
        at=clock.now(),
    )
    return _reason(row)


@router.get("/sittings/{sitting_id}/reasons", response={200: AfterAnswersOut, **CALL})
def read_reasons(request: HttpRequest, sitting_id: UUID) -> Any:
    """What was said of the answers of a sitting whose keys were shown, and the notes that stand on their items."""
    found = after_answers(_caller(request), sitting_id, at=clock.now())
    return {
        "items": [
            {"item": item, "reason": one.reason and _reason(one.reason), "note": one.note.text if one.note else ""}
            for item, one in found.items()
        ]
    }


def _reason(row: ErrorReason) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("id", "item", "reason", "chosen", "confused_with")}


def _caller(request: HttpRequest) -> User:
    return cast("User", request.auth)  # type: ignore[attr-defined]  # set by ninja
