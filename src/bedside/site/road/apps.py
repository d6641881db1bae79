"""The app of the timeline."""

from __future__ import annotations

from django.apps import AppConfig


class RoadConfig(AppConfig):
    name = "bedside.site.road"
    label = "road"
