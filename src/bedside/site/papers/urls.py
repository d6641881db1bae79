"""Addresses of the papers."""

from __future__ import annotations

from django.urls import path

from bedside.site.papers import row_views, statement_views, views

app_name = "papers"
urlpatterns = [
    path("pathway/papers", views.papers, name="papers"),
    path("pathway/papers/print", views.on_paper, name="print"),
    path("pathway/papers/own", views.own_paper, name="own_paper"),
    path("pathway/papers/paper/<str:key>", views.paper, name="paper"),
    path("pathway/papers/letters", row_views.letters, name="letters"),
    path("pathway/papers/letters/new", row_views.new_letter, name="new_letter"),
    path("pathway/papers/letters/<uuid:row_id>", row_views.letter, name="letter"),
    path("pathway/papers/experience", row_views.experiences, name="experiences"),
    path("pathway/papers/experience/new", row_views.new_experience, name="new_experience"),
    path("pathway/papers/experience/<uuid:row_id>", row_views.experience, name="experience"),
    path("pathway/papers/statements", statement_views.statements, name="statements"),
    path("pathway/papers/statements/new", statement_views.new_statement, name="new_statement"),
    path("pathway/papers/statements/<uuid:row_id>", statement_views.statement, name="statement"),
    path("pathway/papers/statements/<uuid:row_id>/title", statement_views.title, name="title"),
    path("pathway/papers/statements/<uuid:row_id>/compare", statement_views.compare, name="compare"),
    path("pathway/papers/take-away", row_views.away, name="away"),
    path("pathway/papers/put-back", row_views.back, name="back"),
]
