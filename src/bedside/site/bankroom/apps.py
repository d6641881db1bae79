"""The bankroom app."""

from __future__ import annotations

from django.apps import AppConfig


class BankroomConfig(AppConfig):
    name = "bedside.site.bankroom"
    label = "bankroom"
