"""Addresses of the cards pages."""

from __future__ import annotations

from django.urls import path

from bedside.site.cards import views

app_name = "cards"
urlpatterns = [path("cards", views.cards, name="cards")]
