"""The exam app."""

from __future__ import annotations

from django.apps import AppConfig


class ExamConfig(AppConfig):
    name = "bedside.site.exam"
    label = "exam"
