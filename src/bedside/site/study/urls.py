"""Addresses of the study pages."""

from __future__ import annotations

from django.urls import path

from bedside.site.study import views

app_name = "study"
urlpatterns = [
    path("study", views.study, name="study"),
    path("study/grade", views.grade, name="grade"),
    path("study/undo", views.undo, name="undo"),
    path("study/block", views.block, name="block"),
    path("study/zone", views.zone, name="zone"),
]
