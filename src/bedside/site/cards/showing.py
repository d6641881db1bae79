"""A side of a card as a page may show it: HTML of an allow-list, whoever wrote the row.

Sides come from one's own notes, from decks of strangers and from files that were brought back; so they are cleaned where they
are shown, and no row has to be trusted.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe

from bedside.site.cards.media import MEDIA_URL

_TEXT = {"p", "br", "hr", "div", "span", "b", "strong", "i", "em", "u", "s", "sub", "sup", "mark", "small", "code", "pre"} | {
    *("del", "ins", "q", "kbd")
}
_BLOCKS = {"blockquote", "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "details", "summary"}
_TABLES = {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
_MEDIA = {"figure", "figcaption", "img", "audio", "video", "ruby", "rt", "rp"}
_DRAWN = {"svg", "image", "rect", "ellipse", "circle", "polygon", "text"}  # a picture with parts of it covered
_PLACE = {"x", "y", "width", "height", "cx", "cy", "r", "rx", "ry", "points", "transform", "font-size", "preserveAspectRatio"}
_ATTRIBUTES = {
    "*": {"dir", "lang"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
    "img": {"src", "alt", "width", "height"},
    "audio": {"src", "controls", "preload", "aria-label"},
    "video": {"src", "controls", "preload", "aria-label"},
    "svg": {"viewBox", "role", "aria-label", "width", "height", "preserveAspectRatio"},
    "image": {"href", *_PLACE},
    **dict.fromkeys(("rect", "ellipse", "circle", "polygon", "text"), _PLACE),
}
_MASKS = {"mask", "active", "revealed"}
_CLASSES = {
    "span": {"cloze", "cloze-inactive", "exhibit", "hint", "typed", "math", "absent"},
    "hr": {"answer"},
    "figure": {"exhibit"},
    "td": {"right", "center"},
    "th": {"right", "center"},
    "div": {"occlusion"},
    "svg": {"occlusion"},
    **dict.fromkeys(("rect", "ellipse", "circle", "polygon", "text"), _MASKS),
}
_BREAK = re.compile(r"</?(?:p|div|li|td|th|tr|h[1-6]|br|hr|dt|dd|summary|blockquote|pre)\b", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_ADDRESS = re.compile(rf"{re.escape(MEDIA_URL)}[0-9a-f]{{64}}\.[a-z0-9]{{1,5}}")


@lru_cache(maxsize=2000)
def shown(side: str) -> SafeString:
    """The side, cleaned: no script, no style, and no address but those of the person's own pictures and sounds."""
    cleaned = nh3.clean(
        side,
        tags=_TEXT | _BLOCKS | _TABLES | _MEDIA | _DRAWN,
        clean_content_tags={"script", "style", "title", "textarea", "template", "noscript"},
        attributes=_ATTRIBUTES,
        attribute_filter=_filter,
        allowed_classes=_CLASSES,
        url_schemes=set(),
        link_rel=None,
    )
    return mark_safe(cleaned)  # noqa: S308 - what the line above let through


def is_shown_whole(side: str) -> bool:
    """Would a page show the side as it is, with nothing taken out of it?"""
    return shown(side) == side


def plain_text(text: str) -> str:
    """The words of HTML or Markdown, without tags."""
    return html.unescape(nh3.clean(_BREAK.sub(r" \g<0>", text), tags=set())) if "<" in text or "&" in text else text


def gist_of(front: str) -> str:
    """The beginning of a side in words, for lists."""
    return _SPACES.sub(" ", plain_text(front)).strip()[:200]


def _filter(_element: str, name: str, value: str) -> str | None:
    if name in ("src", "href"):
        return value if _ADDRESS.fullmatch(value) else None
    return value
