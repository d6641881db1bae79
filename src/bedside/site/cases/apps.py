"""The cases app."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "bedside.site.cases"
    label = "cases"
