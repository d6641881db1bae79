"""Reasons, parts of an item and states of a report, in the words of the pages."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bedside.site.reflection.item_reports import Part
from bedside.site.reflection.reasons import Reason

REASONS: Mapping[Reason, str | Promise] = {
    Reason.DID_NOT_KNOW: _("Did not know it"),
    Reason.MISREAD: _("Misread"),
    Reason.CONFUSED: _("Confused two things"),
    Reason.CHANGED_FROM_RIGHT: _("Changed from right"),
}
PARTS: Mapping[Part, str | Promise] = {
    Part.KEY: _("the key"),
    Part.EXPLANATION: _("an explanation"),
    Part.TEXT: _("the text"),
    Part.PICTURE: _("a picture or a sound"),
    Part.OTHER: _("something else"),
}
STATES: Mapping[str, str | Promise] = {
    "open": _("not answered yet"),
    "answered": _("answered, and still being worked on"),
    "closed": _("closed"),
}


def reason_name(reason: Reason | str) -> str:
    """What a reason is called on a button and beside a bar."""
    return str(REASONS[Reason(reason)])


def part_name(part: Part | str) -> str:
    """What of an item is wrong, inside a sentence."""
    return str(PARTS[Part(part)])


def state_name(state: str) -> str:
    """How a report stands."""
    return str(STATES[state])
