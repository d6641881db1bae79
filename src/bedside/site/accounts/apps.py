"""The accounts app; it also prepares each database connection, since it is the first of ours to load."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from bedside.site.database import prepare


class AccountsConfig(AppConfig):
    name = "bedside.site.accounts"
    label = "accounts"

    def ready(self) -> None:
        connection_created.connect(prepare, dispatch_uid="bedside.site.database.prepare")
