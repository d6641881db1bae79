"""Addresses of the study pages."""

from __future__ import annotations

from django.urls import path

from bedside.site.study import card_views, sent, views

app_name = "study"
urlpatterns = [
    path("study", views.study, name="study"),
    path("study/ahead", views.ahead, name="ahead"),
    path("study/sent", sent.sent, name="sent"),
    path("study/grade", views.grade, name="grade"),
    path("study/undo", views.undo, name="undo"),
    path("study/aside", views.aside, name="aside"),
    path("study/zone", views.zone, name="zone"),
    path("cards", card_views.cards, name="cards"),
]
