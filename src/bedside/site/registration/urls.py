"""Addresses of the office's pages on registrations. Each view names the roles that may enter."""

from __future__ import annotations

from django.urls import path

from bedside.site.registration import candidate_views, views

app_name = "registration"
urlpatterns = [
    path("office/registrations", views.everybody, name="list"),
    path("office/registrations/required", views.required, name="required"),
    path("office/registrations/<uuid:registration_id>", views.one, name="one"),
    path("office/registrations/<uuid:registration_id>/<slug:deed>", views.act, name="act"),
    path("office/registrations/candidates/<uuid:user_id>", candidate_views.candidate, name="candidate"),
    path("office/registrations/candidates/<uuid:user_id>/register", candidate_views.register_, name="register"),
    path("office/registrations/candidates/<uuid:user_id>/file", candidate_views.take_file, name="file"),
    path("office/registrations/candidates/<uuid:user_id>/standing", candidate_views.validity, name="validity"),
    path("office/registrations/candidates/<uuid:user_id>/record.yaml", candidate_views.record_file, name="record"),
    path("office/registrations/candidates/<uuid:user_id>/record/<slug:part>", candidate_views.record_part, name="part"),
    path("office/registrations/sittings/<uuid:sitting_id>/result", candidate_views.certify_, name="certify"),
]
