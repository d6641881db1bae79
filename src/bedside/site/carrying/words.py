"""What is carried, in the words of the page."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: Mapping[str, str | Promise] = {
    "sittings": _("sittings"),
    "records": _("sittings kept as records"),
    "profile": _("profile and settings"),
    "zone": _("time zone"),
    "calendar": _("study days and days off"),
    "goals": _("further exams"),
    "pathway_record": _("record of the pathway"),
    "pathway_versions": _("earlier states of that record"),
    "road_moves": _("days set on the timeline"),
    "road_choices": _("ways chosen on the timeline"),
    "papers": _("papers"),
    "letters": _("letters of recommendation"),
    "experiences": _("experience"),
    "statements": _("statements"),
    "statement_drafts": _("drafts of statements"),
    "card_settings": _("settings of cards"),
    "reviews": _("reviews"),
    "withdrawals": _("reviews taken back"),
    "fits": _("fitted parameters of memory"),
    "spent": _("time spent"),
    "notetypes": _("kinds of notes"),
    "notes": _("notes of cards"),
    "cards": _("cards"),
    "media": _("pictures and sounds"),
    "error_reasons": _("reasons for errors"),
    "item_notes": _("notes on items"),
    "item_reports": _("reported errors"),
    "case_runs": _("cases played"),
    "case_commands": _("steps of cases"),
}


def name_of(table: str) -> str:
    """The name of a table; one that is not named here is shown as it is written."""
    return str(NAMES.get(table, table.replace("_", " ")))
