"""Addresses of the library pages."""

from __future__ import annotations

from django.urls import path

from bedside.site.library import views

app_name = "library"
urlpatterns = [
    path("programmes", views.programmes, name="programmes"),
    path("programmes/<slug:name>", views.programme, name="programme"),
]
