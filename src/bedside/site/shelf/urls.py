"""Addresses of the library."""

from __future__ import annotations

from django.urls import path

from bedside.site.shelf import views

app_name = "shelf"
urlpatterns = [
    path("library", views.library, name="library"),
    path("library/values", views.values, name="values"),
    path("library/practise", views.practise, name="practise"),
    path("library/about/<path:item_id>", views.about, name="about"),
]
