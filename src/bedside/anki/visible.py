"""The part of a template that a browser would show: scripts, styles and elements that it hides are left out.

Styles are not kept, so what a template hides by its own style (often the answer) would come to light. This is no guard against
harm: what comes out is cleaned afterwards.
"""

from __future__ import annotations

import re

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\"[^\"]*\"|'[^']*'|[^<>\"'])*)>")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|(?:^|\s)hidden(?:\s|=|$)", re.IGNORECASE)
_WITHOUT_CONTENT = {"canvas", "template", "title", "head", "button"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_COMMENT = ("<!--", "-->")


def visible(template: str) -> str:
    """The template without what is not shown."""
    text = _without_comments(template)
    lowered = text.lower()
    parts: list[str] = []
    at = 0
    while tag := _TAG.search(text, at):
        name = tag[2].lower()
        is_opening = not tag[1] and name not in _VOID and not tag[3].endswith("/")
        if name in {"script", "style"} and is_opening:
            parts.append(text[at : tag.start()])
            end = lowered.find(f"</{name}", tag.end())
            at = len(text) if end < 0 else max(tag.end(), lowered.find(">", end) + 1 or len(text))
        elif is_opening and (name in _WITHOUT_CONTENT or _HIDDEN.search(tag[3])):
            parts.append(text[at : tag.start()])
            at = _end_of(name, text, tag.end())
        else:
            parts.append(text[at : tag.end()])
            at = tag.end()
    return "".join([*parts, text[at:]])


def _end_of(name: str, text: str, start: int) -> int:
    """Where the element that was opened before `start` ends; the end of the text where it is not closed."""
    depth = 1
    for tag in _TAG.finditer(text, start):
        if tag[2].lower() == name and not tag[3].endswith("/"):
            depth += -1 if tag[1] else 1
            if depth == 0:
                return tag.end()
    return len(text)


def _without_comments(text: str) -> str:
    parts = text.split(_COMMENT[0])
    return "".join([parts[0], *(part.partition(_COMMENT[1])[2] for part in parts[1:])])
