"""Responses: what a sitting's events say about each item answered, joined with the keys. A projection, always rebuildable."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from bedside.delivery.event_parts import Confidence
from bedside.delivery.form import Form
from bedside.delivery.key import Key
from bedside.delivery.state import Sitting


@dataclass(frozen=True, slots=True)
class Response:
    """One item answered in one sitting."""

    item: str
    version: int
    block: int  # from 1
    position: int  # in the form, from 1
    options: tuple[str, ...]  # letters in the order shown
    choice: tuple[str, ...]
    correct: bool
    ms: int  # on the item
    changes: int
    confidence: Confidence | None
    answered_at: datetime
    value: str | None = None  # of a numeric item


def responses(
    form: Form, sitting: Sitting, keys: Mapping[str, Key], *, items: Collection[str] | None = None
) -> tuple[Response, ...]:
    """One response per item answered, in the order of the form. An answer that was taken back is none.

    `keys` gives the key of every answered item by its id. A multiple-select answer is correct when it is the whole key.
    With `items`, only the responses to those.
    """
    found = []
    for place in form.places(items):
        item, answer = place.item, sitting.answer_to(place.item.id)
        if answer is None:
            continue
        found.append(
            Response(
                item=item.id,
                version=item.version,
                block=place.block,
                position=place.position,
                options=item.options,
                choice=answer.choice,
                correct=keys[item.id].is_right(answer),
                ms=answer.ms,
                changes=answer.changes,
                confidence=answer.confidence,
                answered_at=answer.at,
                value=answer.value,
            )
        )
    return tuple(found)
