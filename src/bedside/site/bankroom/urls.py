"""Addresses of the office's pages about the bank."""

from __future__ import annotations

from django.urls import path

from bedside.site.bankroom import views

app_name = "bankroom"
urlpatterns = [
    path("office/bank", views.bank, name="bank"),
    path("office/bank/reviews", views.reviews, name="reviews"),
    path("office/bank/items/<str:name>", views.item, name="item"),
]
