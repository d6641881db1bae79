"""The decks app."""

from __future__ import annotations

from django.apps import AppConfig


class DecksConfig(AppConfig):
    name = "bedside.site.decks"
    label = "decks"
