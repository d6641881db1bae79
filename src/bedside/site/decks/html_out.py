"""Markdown as the HTML that Anki has in its fields: pictures and sounds under the names of the deck's media, figures as SVG."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence

from bedside.bank import MediaFile, figure_alone, render_blocks, render_line

_HERE = "bedside-media/"  # stands for the folder of media until the names are put in
_PICTURE = re.compile(r'src="bedside-media/([^"]+)"')
_DRAWN = re.compile(r'<svg class="drawn.*?</svg>', re.DOTALL)
_SOUND = re.compile(r'<audio[^>]*\bsrc="bedside-media/([^"]+)"[^>]*></audio>')


def field_of(text: str, media: Sequence[MediaFile] = (), names: Mapping[str, str] | None = None) -> str:
    """Markdown of several lines as a field.

    Args:
        names: what the deck calls a file, by the name that its bytes give it; that name itself where nothing is said.
    """
    return _named(render_blocks(text.strip(), media=tuple(media), media_url=_HERE), names or {})


def line_of(text: str, media: Sequence[MediaFile] = (), names: Mapping[str, str] | None = None) -> str:
    """Markdown of one line as a field."""
    return _named(render_line(text.strip(), media=tuple(media), media_url=_HERE), names or {})


def _named(drawn: str, names: Mapping[str, str]) -> str:
    def name_of(found: str) -> str:
        return names.get(html.unescape(found), html.unescape(found))

    drawn = _DRAWN.sub(lambda one: figure_alone(one[0]), drawn)
    drawn = _SOUND.sub(lambda one: f"[sound:{name_of(one[1])}]", drawn)
    return _PICTURE.sub(lambda one: f'src="{html.escape(name_of(one[1]))}"', drawn)
