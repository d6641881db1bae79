"""Making the HTML of a deck safe: an allow-list of marks, own addresses for pictures and sounds, nothing from other places.

Classes are those that the pages here know. Links lose their address and keep their text, so that nothing is ever fetched from
elsewhere and no card leads away.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from urllib.parse import unquote

import nh3

from bedside.anki.formulas import each_formula
from bedside.anki.latex import with_latex
from bedside.anki.limits import MAX_DEPTH, MAX_ENTITIES

TAGS = {
    *(
        "p",
        "div",
        "br",
        "hr",
        "span",
        "b",
        "i",
        "u",
        "s",
        "em",
        "strong",
        "sub",
        "sup",
        "small",
        "mark",
        "del",
        "ins",
        "q",
        "kbd",
    ),
    *("code", "pre", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("ruby", "rt", "rp", "details", "summary", "img", "audio", "video"),
}
_WITH_CONTENT = {
    *("script", "style", "iframe", "object", "embed", "template", "noscript", "title", "canvas", "svg", "math"),
    *("textarea", "select", "button"),
}
_ATTRIBUTES = {
    "*": {"dir"},
    "img": {"src", "alt"},
    "audio": {"src"},
    "video": {"src"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
    "hr": {"id"},
}
_CLASSES = {"span": {"cloze"}}
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:\s[^<>\"]*(?:\"[^\"]*\"[^<>\"]*)*)?)>")
_ATTRIBUTE = re.compile(r"([a-z-]+)=\"([^\"]*)\"")
_SIGN = re.compile(r"\[sound:([^\]\[]{1,400})\]|\[/?anki:[^\]\[]{0,400}\]")
_FILMS = (".mp4", ".webm", ".ogv", ".mov", ".mkv", ".avi", ".mpg", ".mpeg", ".m4v", ".flv")
_OPEN_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_ANY_TAG = re.compile(r"<[^<>]*>?")
_CLOSED_BY_THEMSELVES = {"br", "hr", "img", "input", "wbr", "col", "p", "li", "td", "th", "tr", "tbody", "dt", "dd", "rt", "rp"}
_COUNTED = re.compile(r"[0-9]{1,3}")
_SPAN = {"colspan", "rowspan", "start"}
_DIRECTIONS = {"rtl", "ltr", "auto"}  # of writing

MediaUrl = Callable[[str], str | None]
Absent = Callable[[str, str], None]


def no_media(_: str) -> str | None:
    """Knows no file."""
    return None


def clean_html(text: str, *, media_url: MediaUrl = no_media, absent: Absent | None = None) -> str:
    """HTML that may stand in a page.

    Args:
        media_url: the address of a file by its name in the deck, or None where there is none.
        absent: is told the kind ("picture", "sound") and name of each file that is not there.
    """
    if "<" not in text and "&" not in text and "[" not in text and "\\" not in text and ">" not in text:
        return text.strip()
    finisher = _Finisher(media_url, absent)
    if is_too_deep(text) or text.count("&") > MAX_ENTITIES:
        return finisher.finish(html.escape(html.unescape(_ANY_TAG.sub(" ", text)), quote=False)).strip()
    return finisher.finish(_CLEANER.clean(with_latex(text, media_url))).strip()


def media_name(reference: str) -> str:
    """The name of a file as the list of media has it, from a reference in HTML."""
    return unicodedata.normalize("NFC", unquote(reference.strip()))


def is_too_deep(text: str) -> bool:
    """Are more elements open at once than in any card? A parser takes time by the square of their number."""
    if text.count("<") <= MAX_DEPTH:
        return False
    opened: list[str] = []
    for tag in _OPEN_TAG.finditer(text):
        name = tag[2].lower()
        if tag[1]:
            if opened and opened[-1] == name:
                opened.pop()
        elif name not in _CLOSED_BY_THEMSELVES:
            opened.append(name)
            if len(opened) > MAX_DEPTH:
                return True
    return False


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name in _SPAN:
        return value if _COUNTED.fullmatch(value) else None
    if name == "id":
        return value if value == "answer" else None
    if name == "dir":
        return value.lower() if value.lower() in _DIRECTIONS else None
    if name == "scope":
        return value if value in {"row", "col"} else None
    return value


# made once: the making takes as long as the cleaning of a card
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=_WITH_CONTENT,
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    allowed_classes=_CLASSES,
    url_schemes=set(),
    link_rel=None,
)


class _Finisher:
    """The last pass over HTML that was cleaned, and so is well-formed: tags apart from text."""

    def __init__(self, media_url: MediaUrl, absent: Absent | None) -> None:
        self._media_url = media_url
        self._absent = absent

    def finish(self, safe: str) -> str:
        parts: list[str] = []
        at = 0
        for tag in _TAG.finditer(safe):
            if at < tag.start():
                parts.append(self._text(safe[at : tag.start()]))
            parts.append(self._tag(tag))
            at = tag.end()
        if at < len(safe):
            parts.append(self._text(safe[at:]))
        return "".join(parts)

    def _tag(self, tag: re.Match[str]) -> str:
        name = tag[2]
        if name == "hr":
            return '<hr class="answer">' if "answer" in tag[3] else "<hr>"
        if name not in {"img", "audio", "video"}:
            return tag[0]
        if tag[1]:
            return ""  # the closing tag comes with the opening one
        attributes = {key: html.unescape(value) for key, value in _ATTRIBUTE.findall(tag[3])}
        reference = attributes.get("src", "")
        if name == "img":
            return self._picture(reference, attributes.get("alt", ""))
        return self._sound(reference)

    def _text(self, text: str) -> str:
        if "[" in text:
            text = _SIGN.sub(lambda sign: self._sound(html.unescape(sign[1])) if sign[1] else "", text)
        return (
            each_formula(text, lambda formula: f'<span class="math">{formula[2:-2].strip()}</span>') if "\\" in text else text
        )

    def _picture(self, reference: str, alternative: str) -> str:
        address = self._address("picture", reference)
        if address is None:
            name = html.escape(media_name(reference) or alternative or "?")
            return f'<span class="absent">[{name}]</span>'
        return f'<img src="{html.escape(address)}" alt="{html.escape(alternative)}">'

    def _sound(self, reference: str) -> str:
        name = html.escape(media_name(reference) or "?")
        address = self._address("sound", reference)
        if address is None:
            return f'<span class="absent">[{name}]</span>'
        kind = "video" if media_name(reference).lower().endswith(_FILMS) else "audio"
        return f'<{kind} controls preload="none" src="{html.escape(address)}" aria-label="{name}"></{kind}>'

    def _address(self, kind: str, reference: str) -> str | None:
        name = media_name(reference)
        address = self._media_url(name) if name else None
        if address is None and name != reference.strip():
            address = self._media_url(unicodedata.normalize("NFC", reference.strip()))
        if address is None and self._absent is not None:
            self._absent(kind, name)
        return address
