"""The brake on password guessing in hosted mode: what somebody sees who was wrong too often (`AXES_*` in the settings)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def too_many_tries(request: HttpRequest, *_others: Any) -> HttpResponse:
    """The page in place of the form. Nothing says whether the name exists, or whether the password was right."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    why = _("too many wrong passwords for this name; wait %(minutes)d minutes, then try again") % {"minutes": minutes}
    return render(request, "refused.html", {"why": why}, status=429)
