"""Addresses of the carrying pages."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "carrying"
urlpatterns: list[URLPattern] = []
