"""Addresses of the today pages."""

from __future__ import annotations

from django.urls import path

from bedside.site.today import views

app_name = "today"
urlpatterns = [
    path("", views.today, name="today"),
    path("today/questions", views.questions, name="questions"),
    path("today/timed", views.timed, name="timed"),
    path("today/minutes", views.minutes, name="minutes"),
    path("today/more", views.more, name="more"),
    path("today/catch-up", views.catch_up, name="catch-up"),
]
