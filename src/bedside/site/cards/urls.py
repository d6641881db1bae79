"""Addresses of the cards pages; `/cards` itself is of the study app, which knows what is remembered."""

from __future__ import annotations

from django.urls import path

from bedside.site.cards import views

app_name = "cards"
urlpatterns = [
    path("cards/new", views.new, name="new"),
    path("cards/notes/<uuid:key>", views.note, name="note"),
    path("cards/notes/<uuid:key>/remove", views.remove, name="remove"),
    path("cards/notes/<uuid:key>/restore", views.restore, name="restore"),
    path("cards/aside", views.aside, name="aside"),
    path("cards/settings", views.settings, name="settings"),
    path("cards/media/<str:name>", views.media, name="media"),
]
