"""Small turns of speech that templates need."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from django import template
from django.utils.html import strip_tags

register = template.Library()


@register.filter
def at(mapping: Mapping[Any, Any], key: object) -> Any:
    """The value under a key that is itself a variable."""
    return mapping.get(key, "")


@register.filter
def plain(html: str) -> str:
    """The words of a piece of HTML, as text that the template escapes once."""
    return unescape(strip_tags(_DRAWN.sub(" ", html))).strip()


_DRAWN = re.compile(r"<svg .*?</svg>", re.DOTALL)  # the words on a figure's axes are no part of the text


@register.filter
def duration(ms: int | None) -> str:
    """1:32, or 1:02:03, or a dash where nothing was measured."""
    if ms is None:
        return "–"
    minutes, seconds = divmod(round(ms / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@register.filter
def whole(percent: float | None) -> str:
    """Per cent without decimals, or a dash."""
    return "–" if percent is None else f"{percent:.0f}%"
