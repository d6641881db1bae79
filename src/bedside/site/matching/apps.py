"""The matching app."""

from __future__ import annotations

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "bedside.site.matching"
    label = "matching"
