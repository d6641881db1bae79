"""Addresses of the exam pages."""

from __future__ import annotations

from django.urls import path

from bedside.site.exam import views

app_name = "exam"
urlpatterns = [
    path("sit/<uuid:sitting_id>", views.sit, name="sit"),
    path("report/<uuid:sitting_id>", views.report, name="report"),
    path("me/responses.csv", views.responses, name="responses"),
    path("sw.js", views.worker, name="worker"),
]
