"""HTML and plain text of other programs to Markdown blocks; scripts and everything that is not text is left behind.

A text counts as HTML only where it holds a tag that HTML has, so that "p <0.05" and "a < b" stay what they are. Emphasis and
links keep their words only. Superscripts become Unicode signs where there are some, since "10<sup>9</sup>" is not "109".
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from bedside.bank.formats.escaping import escape_line, escape_paragraph

_NAMES = (
    "p|br|div|span|b|i|u|s|em|strong|small|big|sub|sup|table|tbody|thead|tfoot|tr|td|th|caption|ul|ol|li|dl|dt|dd|img|a|h[1-6]|"
    "font|center|hr|pre|code|blockquote|script|style|iframe|object|embed|svg|math|form|input|button|link|meta|video|audio|html|"
    "head|body|title|figure|figcaption|section|article|noscript|template"
)
_ATTRIBUTE = r"\s++[A-Za-z_:@][\w:.-]*+\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'<>=`]++)"
_TAG = re.compile(rf"</?(?:{_NAMES})(?:{_ATTRIBUTE})*+\s*+/?>|<(?:script|iframe|object|embed|svg|img)\b|<!--", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:[A-Za-z]{2,31}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")

_DROPPED = {"script", "style", "iframe", "object", "embed", "svg", "math", "noscript", "template", "head", "title"}
_VOID = {"embed"}
_BREAKS = {"p", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "dt", "dd", "hr", "pre", "blockquote"} | {
    *("figure", "figcaption", "section", "article", "center", "caption", "form", "body", "html")
}
_SUPERSCRIPT = dict(zip("0123456789+-=()ni−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ⁻", strict=True))
_SUBSCRIPT = dict(zip("0123456789+-=()aeox−", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓ₋", strict=True))


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of Markdown that stands alone: a paragraph, or a list or table."""

    text: str
    is_paragraph: bool


@dataclass(frozen=True, slots=True)
class Marked:
    """A text as Markdown blocks, and what of it could not be kept."""

    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n\n".join(block.text for block in self.blocks)


def to_blocks(text: str) -> Marked:
    """A text of one or more paragraphs."""
    if not _TAG.search(text):
        lines = _plain(text).split("\n")
        return Marked(tuple(Block(escape_paragraph(line), is_paragraph=True) for line in lines if line.strip()))
    parser = _Converter()
    parser.feed(text)
    parser.close()
    parser.end_block()
    return Marked(tuple(parser.blocks), tuple(dict.fromkeys(parser.notes)))


def to_line(text: str) -> Marked:
    """A text that must stand in one line: blocks follow each other with a space."""
    if not _TAG.search(text):
        line = escape_line(_plain(text))
        return Marked((Block(line, is_paragraph=True),) if line else ())
    parser = _Converter()
    parser.feed(text)
    parser.close()
    parser.end_block()
    line = escape_line(" ".join(parser.words))
    return Marked((Block(line, is_paragraph=True),) if line else (), tuple(dict.fromkeys(parser.notes)))


def _plain(text: str) -> str:
    """Line ends as one sign, and the references that HTML leaves in plain text resolved."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return html.unescape(text) if _REFERENCE.search(text) else text


@dataclass(slots=True)
class _Table:
    rows: list[list[str]] = field(default_factory=list)
    has_header: bool = False
    depth: int = 1


class _Converter(HTMLParser):
    """Collects blocks; never builds a tree, so that depth costs nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.words: list[str] = []  # all text in order, for use in one line
        self.notes: list[str] = []
        self.buffer: list[str] = []
        self.table: _Table | None = None
        self.dropped: str | None = None
        self.dropped_depth = 0
        self.script: dict[str, str] | None = None
        self.in_item = False

    def handle_starttag(self, tag: str, attributes: Sequence[tuple[str, str | None]]) -> None:
        if self.dropped:
            self.dropped_depth += tag == self.dropped
            return
        if tag in _DROPPED:
            self.notes.append(f"a <{tag}> was left out")
            if tag not in _VOID:
                self.dropped, self.dropped_depth = tag, 1
        elif tag == "img":
            alternative = (dict(attributes).get("alt") or "no description").strip()
            self.notes.append("a picture was not imported; its description stands in its place")
            self._add(f"[Picture not imported: {alternative}]")
        elif tag in {"sup", "sub"}:
            self.script = _SUPERSCRIPT if tag == "sup" else _SUBSCRIPT
        elif tag in {"table", "tr", "td", "th"}:
            self._open_table(tag)
        elif tag == "li":
            self.end_block()
            self.in_item = True
        elif tag in _BREAKS:
            self.end_block()

    def handle_startendtag(self, tag: str, attributes: Sequence[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag in _DROPPED or tag in {"sup", "sub"}:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.dropped:
            self.dropped_depth -= tag == self.dropped
            if not self.dropped_depth:
                self.dropped = None
        elif tag in {"sup", "sub"}:
            self.script = None
        elif tag == "table" and self.table:
            self._close_table()
        elif tag == "li" or tag in _BREAKS:
            self.end_block()

    def handle_data(self, data: str) -> None:
        if not self.dropped:
            self._add(_scripted(data, self.script) if self.script else data)

    def _add(self, text: str) -> None:
        self.words.append(text)
        if self.table:
            if self.table.rows and self.table.rows[-1]:
                self.table.rows[-1][-1] += text
            elif text.strip():
                self.table.rows.append([text])
        else:
            self.buffer.append(text)

    def end_block(self) -> None:
        self.words.append(" ")
        if self.table:
            if self.table.rows and self.table.rows[-1]:
                self.table.rows[-1][-1] += " "
            return
        text = escape_paragraph("".join(self.buffer))
        self.buffer.clear()
        if not text:
            return
        if not self.in_item:
            self.blocks.append(Block(text, is_paragraph=True))
        elif self.blocks and self.blocks[-1].text.startswith("- ") and not self.blocks[-1].is_paragraph:
            self.blocks[-1] = Block(f"{self.blocks[-1].text}\n- {text}", is_paragraph=False)
        else:
            self.blocks.append(Block(f"- {text}", is_paragraph=False))
        self.in_item = False

    def _open_table(self, tag: str) -> None:
        self.words.append(" ")
        if tag == "table":
            if self.table:
                self.table.depth += 1
                self.notes.append("a table inside a table was flattened")
            else:
                self.end_block()
                self.table = _Table()
        elif self.table and self.table.depth == 1:
            if tag == "tr":
                self.table.rows.append([])
            else:
                self.table.has_header |= tag == "th" and len(self.table.rows) <= 1
                if not self.table.rows:
                    self.table.rows.append([])
                self.table.rows[-1].append("")

    def _close_table(self) -> None:
        table = self.table
        assert table is not None
        table.depth -= 1
        if table.depth:
            return
        self.table = None
        rows = [[escape_line(cell).replace("|", "\\|") for cell in row] for row in table.rows if row]
        width = max((len(row) for row in rows), default=0)
        if not width:
            return
        rows = [row + [""] * (width - len(row)) for row in rows]
        head = rows.pop(0) if table.has_header else [""] * width
        lines = [head, ["---"] * width, *rows]
        self.blocks.append(Block("\n".join(f"| {' | '.join(line)} |" for line in lines), is_paragraph=False))


def _scripted(text: str, signs: dict[str, str]) -> str:
    """Raised or lowered text in Unicode signs; where there are none, ^(text) or the bare text."""
    if all(letter in signs for letter in text.strip()):
        return "".join(signs.get(letter, letter) for letter in text)
    return f"^({text.strip()})" if signs is _SUPERSCRIPT and text.strip() else text
