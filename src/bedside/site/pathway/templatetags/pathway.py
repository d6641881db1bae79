"""The row of links of the pathway's pages, and the one sentence that the plan says of it."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from bedside.site.pathway.planned_step import PlannedStep, planned_step
from bedside.site.pathway.tabs import tabs

register = template.Library()


@register.inclusion_tag("pathway/tabs.html", takes_context=True)
def pathway_tabs(context: Context) -> dict[str, Any]:
    """The pages of the pathway, with the open one marked."""
    request = context.get("request")
    return {"tabs": tabs(request.path if request else "")}


@register.simple_tag(takes_context=True)
def step_of_the_plan(context: Context) -> PlannedStep | None:
    """Whether the step of the plan may be sat on its day; None where no rule speaks of it or nothing stands against it."""
    request = context.get("request")
    return planned_step(request.user) if request and request.user.is_authenticated else None
