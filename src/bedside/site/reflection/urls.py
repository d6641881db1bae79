"""Addresses of the reflection pages."""

from __future__ import annotations

from django.urls import path

from bedside.site.reflection import office_views, views

app_name = "reflection"
urlpatterns = [
    path("confusions", views.confusions, name="confusions"),
    path("confusions/<slug:name>/card", views.contrast, name="contrast"),
    path("notes", views.notes, name="notes"),
    path("notes/keep", views.note, name="note"),
    path("report/<uuid:sitting_id>/items/<int:position>/reason", views.reason, name="reason"),
    path("report/<uuid:sitting_id>/items/<int:position>/error", views.report_error, name="report_error"),
    path("office/reports", office_views.office_reports, name="office_reports"),
    path("office/reports/<uuid:report_id>", office_views.office_report, name="office_report"),
]
