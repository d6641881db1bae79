"""Addresses of the reflection pages."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "reflection"
urlpatterns: list[URLPattern] = []
