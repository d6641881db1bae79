"""What the script of the queue sends: grades and the like, in their order, each with its id, until all were taken."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from bedside.errors import BedsideError, StoreError, UsageError
from bedside.site import clock
from bedside.site.content import current_content
from bedside.site.pages import user_of
from bedside.site.problems import status_of
from bedside.site.study.actions import Deed, Graded, SetAside, TakenBack, do_all
from bedside.study import Grade, Subject

MAX_SUBJECT = 150  # characters, as the log has it
MAX_AGE_MS = 10 * 365 * 24 * 3600 * 1000


@require_POST
def sent(request: HttpRequest) -> HttpResponse:
    """Keep what was done in the browser. Answers the places of what was not taken, with the reason; all else is on the disk.

    To somebody who is signed out it says so by 401, so that the script keeps what it has.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"detail": "sign in", "code": "not_signed_in"}, status=401)
    try:
        deeds = _deeds(request.body)
        refused = do_all(user_of(request), deeds, content=current_content(), at=clock.now())
    except StoreError:
        raise
    except BedsideError as error:
        status, code = status_of(error)
        return JsonResponse({"detail": str(error), "code": code}, status=status)
    told = [{"place": place, "detail": str(error)} for place, error in refused.items()]
    return JsonResponse({"refused": told}, headers={"Cache-Control": "private, no-store"})


def _deeds(body: bytes) -> list[Deed]:
    """The deeds of a call.

    Raises:
        UsageError: it can't be read; names the place and the field.
    """
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise UsageError("the call is not JSON") from None
    deeds = told.get("deeds") if isinstance(told, dict) else None
    if not isinstance(deeds, list):
        raise UsageError('the call has no list "deeds"')
    return [_deed(place, one) for place, one in enumerate(deeds)]


def _deed(place: int, one: object) -> Deed:
    if not isinstance(one, dict):
        raise UsageError(f"deed {place} is no object")
    try:
        match one.get("do"):
            case "grade":
                return Graded(UUID(one["review"]), _subject(one), Grade(one["grade"]), _age(one))
            case "undo":
                return TakenBack(UUID(one["review"]))
            case "aside" | "resume" as what:
                return SetAside(UUID(one["card"]), is_suspended=what == "aside")
            case _:
                raise ValueError('"do" must be grade, undo, aside or resume')
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError) as error:
        raise UsageError(f"deed {place} can't be read: {error}") from error


def _subject(one: Mapping[str, Any]) -> Subject:
    text = one["subject"]
    if not isinstance(text, str) or len(text) > MAX_SUBJECT:
        raise ValueError("subject")
    return Subject(text)


def _age(one: Mapping[str, Any]) -> timedelta:
    age_ms = one.get("age_ms", 0)
    if not isinstance(age_ms, int | float) or not 0 <= age_ms <= MAX_AGE_MS:
        raise ValueError("age_ms")
    return timedelta(milliseconds=age_ms)
