r"""LaTeX of Anki's own: `[latex]…[/latex]`, `[$]…[/$]` in a line, `[$$]…[/$$]` on its own line.

Anki draws it once and keeps the picture among the media as `latex-SHA1`; a deck that brings it along shows it. Without it, the
formula is shown as text, like one of MathJax. See https://docs.ankiweb.net/math.html.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable

_SIGN = re.compile(r"\[(/?)(latex|\$\$?)\]", re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|div)\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_AROUND = {"latex": ("", ""), "$": ("$", "$"), "$$": (r"\begin{displaymath}", r"\end{displaymath}")}
_ENDINGS = ("svg", "png")

MediaUrl = Callable[[str], str | None]


def with_latex(text: str, media_url: MediaUrl) -> str:
    """The text with each formula as its picture, or as MathJax would have it. Takes time in proportion to the text."""
    if "[/" not in text:
        return text
    lowered = text.lower()
    ends = {kind: lowered.rfind(f"[/{kind}]") for kind in _AROUND}
    if max(ends.values()) < 0:
        return text
    parts: list[str] = []
    at, start, wanted = 0, 0, ""
    for sign in _SIGN.finditer(text):
        kind = sign[2].lower()
        if wanted and sign[1] and kind == wanted:
            parts.append(_drawn(kind, text[start : sign.start()], media_url))
            at, wanted = sign.end(), ""
        elif not wanted and not sign[1] and sign.end() <= ends[kind]:
            parts.append(text[at : sign.start()])
            start, wanted = sign.end(), kind
    return "".join([*parts, text[at:]])


def _drawn(kind: str, inside: str, media_url: MediaUrl) -> str:
    words = html.unescape(_TAG.sub("", _BREAK.sub("\n", inside)))
    before, after = _AROUND[kind]
    digest = hashlib.sha1(f"{before}{words}{after}".encode(), usedforsecurity=False).hexdigest()
    name = next((name for ending in _ENDINGS if media_url(name := f"latex-{digest}.{ending}")), None)
    if name is not None:
        return f'<img src="{name}" alt="{html.escape(words)}">'
    sides = (r"\(", r"\)") if kind == "$" else (r"\[", r"\]")
    return f"{sides[0]}{html.escape(words, quote=False)}{sides[1]}"
