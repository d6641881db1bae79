"""The app of the papers."""

from __future__ import annotations

from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "bedside.site.papers"
    label = "papers"
