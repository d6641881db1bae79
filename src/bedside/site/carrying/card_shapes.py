"""What the JSON of cards must be like: what Anki said of a card, and the templates of a note type."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bedside.anki import CardState, ReviewKind

_Whole = Annotated[int, Field(strict=True, ge=-(2**63), lt=2**63)]  # whatever a deck said, it goes back as it came
_Kind = Annotated[int, Field(strict=True, ge=0, lt=len(ReviewKind))]
_ByHand = tuple[_Whole, _Whole, _Kind, _Whole, _Whole, _Whole, _Whole]  # number, ease, kind, two intervals, factor, time taken


class _Imported(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    state: CardState = CardState.NEW
    deck: str = ""
    interval_days: _Whole = 0
    ease_permille: _Whole = 0
    n_reviews: _Whole = 0
    n_lapses: _Whole = 0
    flag: _Whole = 0
    is_buried: bool = False
    due_day: _Whole | None = None
    due_at_s: _Whole | None = None
    position: _Whole | None = None
    memory: dict[str, str | float | bool | None] | None = None
    set_by_hand: list[_ByHand] = []


def see_imported(told: dict[str, Any]) -> None:
    """What Anki said of a card can be written for Anki again.

    Raises:
        ValueError: it can't; names the part.
    """
    try:
        _Imported.model_validate(told)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ValueError(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from None


def see_templates(templates: list[dict[str, str]]) -> None:
    """Each template has its name and its two sides.

    Raises:
        ValueError: one lacks a part.
    """
    if not all({"name", "front", "back"} <= one.keys() for one in templates):
        raise ValueError("each must have a name, a front and a back")
