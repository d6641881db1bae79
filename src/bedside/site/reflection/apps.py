"""The reflection app."""

from __future__ import annotations

from django.apps import AppConfig


class ReflectionConfig(AppConfig):
    name = "bedside.site.reflection"
    label = "reflection"
