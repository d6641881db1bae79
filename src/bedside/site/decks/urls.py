"""Addresses of the decks pages."""

from __future__ import annotations

from django.urls import path

from bedside.site.decks import views

app_name = "decks"
urlpatterns = [
    path("cards/import", views.bring, name="import"),
    path("cards/export", views.take, name="export"),
]
