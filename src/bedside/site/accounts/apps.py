"""The accounts app; it also prepares each database connection, since it is the first of ours to load."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.backends.signals import connection_created

from bedside.site.database import prepare


class AccountsConfig(AppConfig):
    name = "bedside.site.accounts"
    label = "accounts"

    def ready(self) -> None:
        from bedside.site.accounts.sign_ins import note_sign_in  # noqa: PLC0415 - rows can be imported from here on

        connection_created.connect(prepare, dispatch_uid="bedside.site.database.prepare")
        user_logged_in.connect(note_sign_in, dispatch_uid="bedside.site.accounts.sign_ins")
