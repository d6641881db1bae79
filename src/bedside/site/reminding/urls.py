"""Addresses of reminders. Those with a secret in them need nobody to be signed in."""

from __future__ import annotations

from django.urls import path, re_path

from bedside.site.reminding import link_views, views

app_name = "reminding"
urlpatterns = [
    path("me/reminders", views.reminders, name="reminders"),
    path("me/reminders/address", views.feed_address, name="feed_address"),
    path("me/reminders/hour", views.study_hour, name="study_hour"),
    path("me/reminders/line", views.line, name="line"),
    path("me/calendar.ics", views.download, name="download"),
    re_path(r"^calendar/(?P<secret>[A-Za-z0-9_-]{43})\.ics$", views.feed, name="feed"),
    path("mail/confirm/<str:token>", link_views.confirm, name="confirm"),
    path("mail/stop/<str:token>", link_views.stop, name="stop"),
]
