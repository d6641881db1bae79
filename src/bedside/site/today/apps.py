"""The today app."""

from __future__ import annotations

from django.apps import AppConfig


class TodayConfig(AppConfig):
    name = "bedside.site.today"
    label = "today"
