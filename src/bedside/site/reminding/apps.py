"""The reminding app."""

from __future__ import annotations

from django.apps import AppConfig


class RemindingConfig(AppConfig):
    name = "bedside.site.reminding"
    label = "reminding"
