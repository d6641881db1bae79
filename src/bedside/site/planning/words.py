"""The plan in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bedside.study import Kind, Phase


def phase_name(phase: Phase) -> str:
    """What a week is for."""
    return {
        Phase.MEETING: _("meeting what is new"),
        Phase.HOLDING: _("holding what was met"),
        Phase.REHEARSING: _("rehearsing the exam"),
    }[phase]


def kind_name(kind: Kind) -> str:
    """What hours went to."""
    return {
        Kind.REVIEW: _("reviews"),
        Kind.NEW: _("new takeaways"),
        Kind.CASE: _("patients"),
        Kind.BLOCK: _("timed blocks"),
    }[kind]
