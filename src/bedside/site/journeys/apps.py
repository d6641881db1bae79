"""The app of journeys."""

from __future__ import annotations

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "bedside.site.journeys"
    label = "journeys"
