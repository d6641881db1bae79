"""Addresses of the progress pages."""

from __future__ import annotations

from django.urls import path

from bedside.site.progress import practice_views, views

app_name = "progress"
urlpatterns = [
    path("progress", views.progress, name="progress"),
    path("progress/practice-tests", practice_views.practice_tests, name="practice-tests"),
    path("progress/blueprint", views.blueprint, name="blueprint"),
    path("progress/memory", views.memory, name="memory"),
    path("progress/answers", views.answers, name="answers"),
]
