"""Addresses of the case pages."""

from __future__ import annotations

from django.urls import path

from bedside.site.cases import debrief_views, sat_views, views

app_name = "cases"
urlpatterns = [
    path("cases", views.cases, name="cases"),
    path("cases/start", views.start, name="start"),
    path("cases/of/<uuid:sitting_id>", sat_views.open_case, name="of-sitting"),
    path("cases/<uuid:run_id>", views.play, name="play"),
    path("cases/<uuid:run_id>/fork", views.fork, name="fork"),
    path("cases/<uuid:run_id>/debrief", debrief_views.debrief, name="debrief"),
    path("cases/<uuid:run_id>/debrief/play", debrief_views.play_from_here, name="debrief-play"),
]
