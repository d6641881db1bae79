"""Addresses of the office pages. Each view names the roles that may enter, or `OfficeDoor` keeps it closed."""

from __future__ import annotations

from django.urls import path

from bedside.site.office import measure_views, people_views, views

app_name = "office"
urlpatterns = [
    path("office", views.office, name="office"),
    path("office/proctor", views.proctor, name="proctor"),
    path("office/proctor/live", views.proctor_live, name="proctor_live"),
    path("office/proctor/message", views.message_all, name="message_all"),
    path("office/sittings/<uuid:sitting_id>", views.sitting, name="sitting"),
    path("office/sittings/<uuid:sitting_id>/live", views.sitting_live, name="sitting_live"),
    path("office/sittings/<uuid:sitting_id>/<slug:deed>", views.act, name="act"),
    path("office/accommodations", people_views.accommodations, name="accommodations"),
    path("office/accommodations/<uuid:user_id>", people_views.accommodation, name="accommodation"),
    path("office/people", people_views.everybody, name="people"),
    path("office/people/<uuid:user_id>", people_views.one_person, name="person"),
    path("office/items", measure_views.items, name="items"),
    path("office/audit", people_views.audit, name="audit"),
]
