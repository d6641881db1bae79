"""The planning app."""

from __future__ import annotations

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "bedside.site.planning"
    label = "planning"
