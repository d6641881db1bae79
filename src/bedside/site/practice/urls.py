"""Addresses of the practice pages."""

from __future__ import annotations

from django.urls import path

from bedside.site.practice import views

app_name = "practice"
urlpatterns = [
    path("practice", views.practice, name="practice"),
    path("practice/again", views.again, name="again"),
]
