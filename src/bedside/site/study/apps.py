"""The study app."""

from __future__ import annotations

from django.apps import AppConfig


class StudyConfig(AppConfig):
    name = "bedside.site.study"
    label = "study"
