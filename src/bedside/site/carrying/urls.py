"""Addresses of the carrying pages."""

from __future__ import annotations

from django.urls import path

from bedside.site.carrying import views

app_name = "carrying"
urlpatterns = [
    path("me/data", views.data, name="data"),
    path("me/data/take", views.take, name="take"),
    path("me/data/bring", views.bring, name="bring"),
]
