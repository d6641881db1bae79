"""The pathway app."""

from __future__ import annotations

from django.apps import AppConfig


class PathwayConfig(AppConfig):
    name = "bedside.site.pathway"
    label = "pathway"
