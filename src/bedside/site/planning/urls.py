"""Addresses of the planning pages."""

from __future__ import annotations

from django.urls import path

from bedside.site.planning import views

app_name = "planning"
urlpatterns = [
    path("plan", views.plan, name="plan"),
    path("plan/days-off", views.days_off, name="days-off"),
    path("plan/goals", views.goals, name="goals"),
    path("study/block", views.due_block, name="due_block"),
]
