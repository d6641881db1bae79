"""Addresses of the exam pages."""

from __future__ import annotations

from django.urls import path

from bedside.site.exam import day_views, media_views, report_views, views

app_name = "exam"
urlpatterns = [
    path("exam", day_views.exam, name="exam"),
    path("sit/<uuid:sitting_id>", views.sit, name="sit"),
    path("report/<uuid:sitting_id>", report_views.report, name="report"),
    path("report/<uuid:sitting_id>.pdf", report_views.as_pdf, name="report-pdf"),
    path("media/<str:name>", media_views.media, name="media"),
    path("me/responses.csv", views.responses, name="responses"),
    path("sw.js", views.worker, name="worker"),
]
