"""Addresses: pages by app, and the API."""

from __future__ import annotations

from django.urls import include, path

from bedside.site.api.service import api

urlpatterns = [
    path("api/", api.urls),
    path("", include("bedside.site.today.urls")),
    path("", include("bedside.site.practice.urls")),
    path("", include("bedside.site.study.urls")),
    path("", include("bedside.site.cards.urls")),
    path("", include("bedside.site.decks.urls")),
    path("", include("bedside.site.planning.urls")),
    path("", include("bedside.site.reflection.urls")),
    path("", include("bedside.site.progress.urls")),
    path("", include("bedside.site.journeys.urls")),
    path("", include("bedside.site.road.urls")),
    path("", include("bedside.site.papers.urls")),
    path("", include("bedside.site.pathway.urls")),
    path("", include("bedside.site.matching.urls")),
    path("", include("bedside.site.carrying.urls")),
    path("", include("bedside.site.reminding.urls")),
    path("", include("bedside.site.cases.urls")),
    path("", include("bedside.site.exam.urls")),
    path("", include("bedside.site.library.urls")),
    path("", include("bedside.site.shelf.urls")),
    path("", include("bedside.site.accounts.urls")),
    path("", include("bedside.site.office.urls")),
    path("", include("bedside.site.registration.urls")),
    path("", include("bedside.site.bankroom.urls")),
]
