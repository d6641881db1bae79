"""The shelf app."""

from __future__ import annotations

from django.apps import AppConfig


class ShelfConfig(AppConfig):
    name = "bedside.site.shelf"
    label = "shelf"
