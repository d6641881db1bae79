"""What the register says on the page of exams."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from bedside.site import clock
from bedside.site.exam.drawing import DayWish
from bedside.site.registration.queries import own_standing
from bedside.site.registration.required import is_required

register = template.Library()


@register.inclusion_tag("registration/on_exam.html", takes_context=True)
def registration_for(context: Context, wish: DayWish) -> dict[str, Any]:
    """Whether the candidate is registered for the step that is chosen, and if not, why; nothing where nothing is required."""
    user = context["request"].user
    if not user.is_authenticated or not is_required(wish.programme):
        return {"standing": None}
    return {"standing": own_standing(user, wish.programme, wish.step, at=clock.now())}
