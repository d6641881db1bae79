"""The pages of the office that are open to who asks."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse

from bedside.site.office.places import places_for

register = template.Library()


@register.simple_tag(takes_context=True)
def office_places(context: Context) -> list[dict[str, Any]]:
    """Each page with its address; the one that is open is marked."""
    request: HttpRequest = context["request"]
    if not request.user.is_authenticated:
        return []
    path = request.path.replace("/office/sittings/", "/office/proctor/")  # a sitting is reached from the proctor's list
    return [
        {"address": reverse(place.name), "text": place.text, "is_here": path.startswith(reverse(place.name))}
        for place in places_for(request.user)
    ]
