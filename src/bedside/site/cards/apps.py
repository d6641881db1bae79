"""The cards app."""

from __future__ import annotations

from django.apps import AppConfig


class CardsConfig(AppConfig):
    name = "bedside.site.cards"
    label = "cards"
