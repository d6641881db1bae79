"""Addresses of the pages of the Match."""

from __future__ import annotations

from django.urls import path

from bedside.site.matching import views

app_name = "matching"
urlpatterns = [
    path("pathway/match", views.match, name="match"),
    path("pathway/match/try", views.try_list, name="try"),
]
