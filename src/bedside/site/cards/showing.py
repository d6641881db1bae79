"""A side of a card as a page may show it: HTML of an allow-list, whoever wrote the row.

Sides come from one's own notes, from decks of strangers and from files that were brought back; so they are cleaned where they
are shown, and no row has to be trusted. What a parser would take long for is shown as its words.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe

from bedside.anki import is_too_deep
from bedside.site.cards.media import MEDIA_URL

MAX_SIDE = 200_000  # characters of a side that is shown as it is
MAX_KEPT = 10_000  # characters of a cleaned side that is kept in memory for the next time
BEGINNING = 4_000  # characters in which the first words of a side are looked for

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
_TAG = re.compile(r"<[^<>]*>?")
_ADDRESS = re.compile(rf"{re.escape(MEDIA_URL)}[0-9a-f]{{64}}\.[a-z0-9]{{1,5}}")


def shown(side: str) -> SafeString:
    """The side, cleaned: no script, no style, and no address but those of the person's own pictures and sounds."""
    return _kept(side) if len(side) <= MAX_KEPT else _cleaned(side)


def _cleaned(side: str) -> SafeString:
    cleaned = nh3.clean(
        side if _is_bearable(side) else html.escape(_words(side)),
        tags=_TEXT | _BLOCKS | _TABLES | _MEDIA | _DRAWN,
        clean_content_tags={"script", "style", "title", "textarea", "template", "noscript"},
        attributes=_ATTRIBUTES,
        attribute_filter=_filter,
        allowed_classes=_CLASSES,
        url_schemes=set(),
        link_rel=None,
    )
    return mark_safe(cleaned)  # noqa: S308 - what the line above let through


_kept = lru_cache(maxsize=2000)(_cleaned)


def is_shown_whole(side: str) -> bool:
    """Would a page show the side as it is, with nothing taken out of it?"""
    return shown(side) == side


def plain_text(text: str) -> str:
    """The words of HTML or Markdown, without tags."""
    if not _is_bearable(text):
        return _words(text)
    return html.unescape(nh3.clean(_BREAK.sub(r" \g<0>", text), tags=set())) if "<" in text or "&" in text else text


def gist_of(front: str) -> str:
    """The beginning of a side in words, for lists."""
    return _SPACES.sub(" ", plain_text(front[:BEGINNING])).strip()[:200]


def _is_bearable(text: str) -> bool:
    return len(text) <= MAX_SIDE and not is_too_deep(text)


def _words(text: str) -> str:
    return html.unescape(_TAG.sub(" ", text[:MAX_SIDE]))


def _filter(_element: str, name: str, value: str) -> str | None:
    if name in ("src", "href"):
        return value if _ADDRESS.fullmatch(value) else None
    return value
