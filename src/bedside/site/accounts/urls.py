"""Addresses of the accounts pages."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from bedside.site.accounts import views
from bedside.site.accounts.passwords import change_password

app_name = "accounts"
urlpatterns = [
    path("welcome", views.welcome, name="welcome"),
    path("me", views.me, name="me"),
    path("me/display", views.display, name="display"),
    path("me/password", change_password, name="password"),
    path("login/", LoginView.as_view(template_name="accounts/login.html"), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
]
