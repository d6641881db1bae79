"""Addresses of the timeline."""

from __future__ import annotations

from django.urls import path

from bedside.site.road import views

app_name = "road"
urlpatterns = [
    path("pathway/timeline", views.timeline, name="timeline"),
    path("pathway/timeline/move", views.move, name="move"),
    path("pathway/timeline/choose", views.choose, name="choose"),
    path("pathway/timeline/pathway.ics", views.calendar, name="calendar"),
]
