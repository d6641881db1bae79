"""The carrying app."""

from __future__ import annotations

from django.apps import AppConfig


class CarryingConfig(AppConfig):
    name = "bedside.site.carrying"
    label = "carrying"
