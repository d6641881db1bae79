"""What a person saw on their last visit, so that the next one can say what changed since."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from datetime import date

from bedside.errors import StoreError, UsageError
from bedside.pathway import Answer
from bedside.site.accounts.models import User
from bedside.site.database import one_write
from bedside.site.pathway.models import PathwayVisit


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer that was on the page on a day."""

    on: date
    answer: Answer


def last_visit(user: User, programme: str, on: date) -> Seen | None:
    """What was seen on the newest day of a visit before `on`; None where there was none, or it can't be read any longer."""
    row = PathwayVisit.objects.filter(user=user, programme=programme).first()
    if row is None:
        return None
    if row.on < on:
        return _seen(row.on, bytes(row.answer))
    return _seen(row.on_before, bytes(row.answer_before)) if row.on_before and row.answer_before else None


def note_visit(user: User, answer: Answer) -> None:
    """Keep what is on the page now. A store that refuses is left alone: the page is shown all the same."""
    packed = zlib.compress(json.dumps(answer.as_dict()).encode())
    row = PathwayVisit.objects.filter(user=user, programme=answer.programme).first()
    if row is not None and row.on >= answer.on and bytes(row.answer) == packed:
        return
    try:
        with one_write():
            row = row or PathwayVisit(user=user, programme=answer.programme, on=answer.on)
            if row.answer and row.on < answer.on:
                row.on_before, row.answer_before = row.on, row.answer
            row.on, row.answer = answer.on, packed
            row.save()
    except StoreError:
        return


def _seen(on: date, packed: bytes) -> Seen | None:
    try:
        return Seen(on, Answer.from_dict(json.loads(zlib.decompress(packed))))
    except (UsageError, ValueError, zlib.error):  # of a version that told its answers in another way
        return None
