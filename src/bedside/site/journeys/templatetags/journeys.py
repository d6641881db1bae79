"""The line that leads from other pages to the journeys of others."""

from __future__ import annotations

from django import template

from bedside.site.journeys.stock import examples, n_in_library

register = template.Library()


@register.inclusion_tag("journeys/ways_in.html")
def others_line() -> dict[str, int]:
    """How many journeys of others are here; with none, how many invented ones show what they tell. One statement."""
    n_here = n_in_library()
    return {"n_here": n_here, "n_invented": 0 if n_here else len(examples())}
