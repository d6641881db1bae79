"""Markdown of an item to HTML that is safe to put into a page.

CommonMark and tables, nothing else: raw HTML, links and automatic links are off, so they show as the text they are. What
comes out passes an allow-list besides. Stem, lead-in and options are rendered from their own text alone, so that no key and
no explanation can stand in what a candidate sees.

Tables carry `scope` on their headers. A table whose header row is empty (results beside their names) has its first column
as headers instead.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bedside.bank.exhibits import EXHIBIT
from bedside.bank.item import Item

TAGS = {"p", "br", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "hr", "h1", "h2", "h3", "h4", "h5", "h6"} | {
    *("table", "thead", "tbody", "tr", "th", "td"),
    *("img", "span"),
}
_ATTRIBUTES = {"th": {"scope"}, "img": {"src", "alt"}, "ol": {"start"}}
_CLASSES = {"td": {"right", "center"}, "th": {"right", "center"}, "img": {"exhibit"}, "span": {"exhibit"}}


@dataclass(frozen=True, slots=True)
class Rendered:
    """An item as HTML: `stem` and `explanations` hold blocks, `lead_in` and the options only what may stand in a line."""

    stem: str
    lead_in: str
    options: tuple[tuple[str, str], ...]  # letter, HTML
    explanations: Mapping[str, str]  # letter → HTML; only of options that have one


def render(item: Item, *, media_url: str | None = None) -> Rendered:
    """Render an item.

    Args:
        media_url: where the files of its media/ folder are served, ending in "/"; without it an exhibit shows its
            alternative text.
    """
    return Rendered(
        stem=render_blocks(item.stem, media_url=media_url),
        lead_in=render_line(item.lead_in, media_url=media_url),
        options=tuple((option.letter, render_line(option.text, media_url=media_url)) for option in item.options),
        explanations={
            option.letter: render_blocks(option.explanation, media_url=media_url)
            for option in item.options
            if option.explanation
        },
    )


@lru_cache(maxsize=20_000)
def render_blocks(text: str, *, media_url: str | None = None) -> str:
    """Markdown as paragraphs, lists and tables."""
    if not text:
        return ""
    environment = {"media_url": media_url}
    tokens = _with_headers(_MARKDOWN.parse(text, environment))
    return _clean(str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, environment)))


@lru_cache(maxsize=20_000)
def render_line(text: str, *, media_url: str | None = None) -> str:
    """Markdown of one line, without a paragraph around it."""
    return _clean(str(_MARKDOWN.renderInline(text, {"media_url": media_url})))


def _clean(text: str) -> str:
    return nh3.clean(
        text,
        tags=TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes=set(),  # only addresses on this site
        link_rel=None,
    ).strip()


def _exhibit_rule(state: StateInline, silent: bool) -> bool:
    found = EXHIBIT.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        token = state.push("exhibit", "", 0)
        token.content = found[1].strip()
        token.meta = {"target": found[2].strip()}
    state.pos = found.end()
    return True


def _render_exhibit(_renderer: Any, tokens: Sequence[Token], n: int, _options: Any, environment: Any) -> str:
    token = tokens[n]
    alternative = html.escape(token.content)
    scheme, _, path = str(token.meta["target"]).partition(":")
    if scheme == "media" and environment.get("media_url"):
        source = html.escape(environment["media_url"] + quote(path.strip()))
        return f'<img class="exhibit" src="{source}" alt="{alternative}">'
    return f'<span class="exhibit">[{alternative}]</span>'


def _with_headers(tokens: list[Token]) -> list[Token]:
    """Give the cells of every table their place as headers, and their alignment as a class."""
    done: list[Token] = []
    for table in _split_tables(tokens):
        done += _table(table) if table[0].type == "table_open" else table
    return done


def _split_tables(tokens: list[Token]) -> Iterator[list[Token]]:
    part: list[Token] = []
    for token in tokens:
        if token.type == "table_open" and part:
            yield part
            part = []
        part.append(token)
        if token.type == "table_close":
            yield part
            part = []
    if part:
        yield part


def _table(tokens: list[Token]) -> list[Token]:
    close = next(n for n, token in enumerate(tokens) if token.type == "thead_close")
    head = tokens[1 : close + 1]
    if not any(token.content.strip() for token in head if token.type == "inline"):
        head = []
    for n, token in enumerate(head):
        if token.type == "th_open":
            is_empty = not head[n + 1].content.strip()
            _retag(head, n, "td" if is_empty else "th", None if is_empty else "col")
    body = tokens[close + 1 :]
    for n, token in enumerate(body):
        if token.type == "td_open":
            is_first = body[n - 1].type == "tr_open" and bool(body[n + 1].content.strip())
            _retag(body, n, "th" if is_first else "td", "row" if is_first else None)
    return [tokens[0], *head, *body]


def _retag(tokens: list[Token], n: int, tag: str, scope: str | None) -> None:
    """Make the cell that opens at `n` (open, inline, close) a `tag` with that scope."""
    cell = tokens[n]
    style = str(cell.attrs.pop("style", ""))
    if style.endswith(("right", "center")):
        cell.attrSet("class", style.rpartition(":")[2])
    if scope:
        cell.attrSet("scope", scope)
    cell.tag = tokens[n + 2].tag = tag


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False})
    markdown.enable("table")
    markdown.disable(["html_block", "html_inline", "autolink", "link", "image", "reference"])
    markdown.inline.ruler.before("emphasis", "exhibit", _exhibit_rule)
    markdown.add_render_rule("exhibit", _render_exhibit)
    return markdown


_MARKDOWN = _markdown()
