"""Addresses of the progress pages."""

from __future__ import annotations

from django.urls import path

from bedside.site.progress import views

app_name = "progress"
urlpatterns = [
    path("progress", views.progress, name="progress"),
    path("progress/blueprint", views.blueprint, name="blueprint"),
    path("progress/memory", views.memory, name="memory"),
    path("progress/answers", views.answers, name="answers"),
]
