"""The pages of the pathway, as a row of links."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the pages."""

    address: str
    text: str
    is_here: bool


def tabs(path: str) -> list[Tab]:
    """The pages that there are, with the one at `path` marked."""
    named = (
        ("pathway:pathway", _("Where you stand")),
        ("pathway:record", _("Record")),
        ("pathway:states", _("States")),
        ("road:timeline", _("Timeline")),
        ("matching:match", _("Match")),
        ("papers:papers", _("Papers")),
        ("pathway:what_if", _("What if")),
        ("pathway:changes", _("What changed")),
    )
    found = []
    for name, text in named:
        try:
            address = reverse(name)
        except NoReverseMatch:  # that part of the site is not there
            continue
        is_here = path == address or (name != "pathway:pathway" and path.startswith(f"{address}/"))
        found.append(Tab(address, text, is_here))
    return found
