"""Addresses of the pathway's pages."""

from __future__ import annotations

from django.urls import path

from bedside.site.pathway import record_views, views

app_name = "pathway"
urlpatterns = [
    path("pathway", views.pathway, name="pathway"),
    path("pathway/begin", record_views.begin, name="begin"),
    path("pathway/states", views.states, name="states"),
    path("pathway/what-if", views.what_if, name="what_if"),
    path("pathway/changes", views.changes, name="changes"),
    path("pathway/record", record_views.record, name="record"),
    path("pathway/record/bring", record_views.bring, name="bring"),
    path("pathway/record/record.yaml", record_views.take, name="take"),
    path("pathway/record/before/<uuid:version_id>.yaml", record_views.take_version, name="take_version"),
    path("pathway/record/<slug:name>", record_views.part, name="part"),
]
