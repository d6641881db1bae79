"""Addresses of journeys: one's own, its sharing, the library of others', and their moderation."""

from __future__ import annotations

from django.urls import path

from bedside.site.journeys import views_library, views_mine, views_office, views_share

app_name = "journeys"
urlpatterns = [
    path("journey", views_mine.journey, name="journey"),
    path("journey/start", views_mine.set_start, name="start"),
    path("journey/notes", views_mine.add_note, name="notes"),
    path("journey/notes/remove", views_mine.remove_note, name="remove-note"),
    path("journey/share", views_share.share_page, name="share"),
    path("journey/withdraw", views_share.withdraw_page, name="withdraw"),
    path("journeys", views_library.library, name="library"),
    path("journeys/group", views_library.group, name="group"),
    path("journeys/import", views_library.bring, name="import"),
    path("journeys/<uuid:journey_id>", views_library.one, name="one"),
    path("journeys/<uuid:journey_id>/report", views_library.report, name="report"),
    path("office/journeys", views_office.moderate, name="office"),
    path("office/journeys/<uuid:journey_id>/<slug:deed>", views_office.act, name="office-deed"),
]
