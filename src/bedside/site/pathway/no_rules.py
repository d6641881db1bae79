"""The page of a site whose rules of the pathway are not there, or not sound."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bedside.site.pathway.queries import programmes_with_rules


def no_rules(request: HttpRequest) -> HttpResponse:
    """Says what is wrong, and what will stand here."""
    return render(request, "pathway/no_rules.html", {"has_some": bool(programmes_with_rules())})
