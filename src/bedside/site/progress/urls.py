"""Addresses of the progress pages."""

from __future__ import annotations

from django.urls import path

from bedside.site.progress import views

app_name = "progress"
urlpatterns = [path("progress", views.progress, name="progress")]
