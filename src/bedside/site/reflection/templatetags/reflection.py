"""The part of a report's item that is the reader's own: why it was wrong, the note, and errors reported in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils.translation import gettext as _

from bedside.site import clock
from bedside.site.pages import user_of
from bedside.site.reflection.notes import MAX_CHARACTERS
from bedside.site.reflection.parts import AfterAnswer, after_answers
from bedside.site.reflection.reasons import Reason
from bedside.site.reflection.words import part_name, reason_name, state_name

register = template.Library()
register.filter("reason_name", reason_name)
register.filter("part_name", part_name)
register.filter("state_name", state_name)

NOTHING = AfterAnswer(None, None)


@dataclass(frozen=True, slots=True)
class ReasonButton:
    """One of the reasons, with its key."""

    value: str
    digit: int
    name: str
    is_said: bool


@register.simple_tag(takes_context=True)
def after_answers_of(context: Context, sitting: str) -> Mapping[str, AfterAnswer]:
    """All that was said of the items of a sitting, read once for the page; the report has been opened by then."""
    request: HttpRequest = context["request"]
    return after_answers(user_of(request), UUID(sitting), at=clock.now())


@register.simple_tag
def after_words() -> dict[str, str]:
    """What the report's script says."""
    return {"kept": _("Kept."), "not_kept": _("Not kept. Press it again when the network is back.")}


@register.inclusion_tag("reflection/after_item.html", takes_context=True)
def after_item(context: Context, after: Mapping[str, AfterAnswer], sitting: str, item: Mapping[str, Any]) -> dict[str, Any]:
    """The part of one item, as `exam.report_items.item_json` tells it."""
    one = after.get(item["id"], NOTHING)
    is_wrong = item["is_counted"] and not item["is_correct"]
    wrong = next((option["letter"] for option in item["options"] if option["is_chosen"] and not option["is_key"]), "")
    meant = next((option["letter"] for option in item["options"] if option["is_key"] and not option["is_chosen"]), "")
    said = one.reason.reason if one.reason else ""
    return {
        "item": item,
        "sitting": sitting,
        "one": one,
        "name": uuid4(),
        "buttons": reason_buttons(said, with_change=_was_right_before(item)) if is_wrong else [],
        "others": [option for option in item["options"] if option["letter"] != wrong] if wrong else [],
        "confused_with": (one.reason.confused_with if one.reason else "") or meant,
        "max_note": MAX_CHARACTERS,
        "back": f"{context['request'].get_full_path()}#item-{item['position']}",
    }


def reason_buttons(said: str, *, with_change: bool) -> Sequence[ReasonButton]:
    """The reasons that can be given, each on the number that is its key."""
    reasons = [reason for reason in Reason if with_change or reason is not Reason.CHANGED_FROM_RIGHT or said == reason]
    return [ReasonButton(one.value, number, reason_name(one), one == said) for number, one in enumerate(reasons, start=1)]


def _was_right_before(item: Mapping[str, Any]) -> bool:
    right = sorted(item["key"])
    return bool(right) and any(sorted(choice) == right for choice in item["history"][:-1])
