"""Addresses of the planning pages."""

from __future__ import annotations

from django.urls import path

from bedside.site.planning import views

app_name = "planning"
urlpatterns = [path("plan", views.plan, name="plan")]
