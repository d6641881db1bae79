"""A journey as a page that stands alone in a file: no script, nothing from elsewhere, and its sheet inside it."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from bedside.journeys import Journey
from bedside.site.journeys.story import story_of

# the site's own, in its order; dark.css is named by the site for who wants it, and here by the reader's own setting
SHEETS = ("css/tokens.css", "css/base.css", "css/parts.css", "css/pages.css", "progress/progress.css")
DARK = "css/dark.css"
STORY_SHEET = "journeys/journeys.css"
OWN_SHEET = "journeys/standalone.css"


def readable_page(journey: Journey) -> bytes:
    """The page of a journey. What the journey does not hold can't stand in it: it is drawn from nothing else.

    It is in the language of the program, not in the owner's: that would tell the language also where it was left out.
    """
    sheet = _sheet()
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    with translation.override(settings.LANGUAGE_CODE):
        told = {
            "journey": journey,
            "story": story_of(journey, mine=False),
            "sheet": mark_safe(sheet),  # noqa: S308 - the program's own
            "sheet_digest": digest,
            "language": settings.LANGUAGE_CODE,
        }
        return render_to_string("journeys/standalone.html", told).encode()


@lru_cache(maxsize=1)
def _sheet() -> str:
    folder = Path(settings.STATICFILES_DIRS[0])
    names = [*SHEETS, *(name for name in (STORY_SHEET, OWN_SHEET) if (folder / name).exists())]
    plain = {name: (folder / name).read_text(encoding="utf-8") for name in names}
    dark = (folder / DARK).read_text(encoding="utf-8")
    first, *others = names
    return "\n".join([plain[first], f"@media (prefers-color-scheme: dark) {{\n{dark}}}", *(plain[name] for name in others)])
