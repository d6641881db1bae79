"""The app of readiness."""

from __future__ import annotations

from django.apps import AppConfig


class PassingConfig(AppConfig):
    name = "bedside.site.passing"
    label = "passing"
