"""The pages of the office that are open to who asks."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bedside.site.accounts.roles import Role, roles_of

register = template.Library()

PLACES = (
    ("office:proctor", _("Proctor"), {Role.PROCTOR}),
    ("office:accommodations", _("Accommodations"), {Role.PROCTOR, Role.ADMINISTRATOR}),
    ("registration:list", _("Registrations"), {Role.PROCTOR, Role.ADMINISTRATOR}),
    ("office:people", _("People"), {Role.ADMINISTRATOR}),
    ("office:audit", _("Audit log"), {Role.ADMINISTRATOR}),
    ("office:items", _("What items did"), {Role.REVIEWER, Role.ADMINISTRATOR}),
    ("bankroom:bank", _("Bank"), {Role.AUTHOR, Role.REVIEWER, Role.ADMINISTRATOR}),
    ("reflection:office_reports", _("Reported errors"), {Role.AUTHOR, Role.REVIEWER, Role.ADMINISTRATOR}),
)


@register.simple_tag(takes_context=True)
def office_places(context: Context) -> list[dict[str, Any]]:
    """Each page with its address; the one that is open is marked."""
    request: HttpRequest = context["request"]
    if not request.user.is_authenticated:
        return []
    held = roles_of(request.user)
    path = request.path.replace("/office/sittings/", "/office/proctor/")  # a sitting is reached from the proctor's list
    return [
        {"address": reverse(name), "text": text, "is_here": path.startswith(reverse(name))}
        for name, text, roles in PLACES
        if held & roles
    ]
