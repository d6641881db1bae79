"""Markdown of an item to HTML that is safe to put into a page.

CommonMark and tables, nothing else: raw HTML, links and automatic links are off, so they show as the text they are. What
comes out passes an allow-list besides. Stem, lead-in and options are rendered from their own text alone, so that no key and
no explanation can stand in what a candidate sees.

An exhibit that stands in a paragraph becomes a `figure` of its own, a sound with its text below; inside a line, a table or an
option it stays in the line. Only files of the item's own media/ become addresses, by the hash of their bytes. A computed
figure is drawn into the page as SVG. It is put in after the cleaning, and only if it holds to the allow-list of figures, so
that SVG from anywhere else never passes.

Tables carry `scope` on their headers. A table whose header row is empty (results beside their names) has its first column
as headers instead.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bedside.bank.exhibits import EXHIBIT
from bedside.bank.figures import is_figure_svg, svg_of
from bedside.bank.item import Item, MediaFile

TAGS = {"p", "br", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "hr", "h1", "h2", "h3", "h4", "h5", "h6"} | {
    *("table", "thead", "tbody", "tr", "th", "td"),
    *("figure", "figcaption", "img", "audio", "span"),
}
_ATTRIBUTES = {
    "th": {"scope"},
    "ol": {"start"},
    "img": {"src", "alt", "width", "height"},
    "audio": {"src", "controls", "preload", "aria-label"},
}
_CLASSES = {"td": {"right", "center"}, "th": {"right", "center"}, "figure": {"exhibit"}, "span": {"exhibit"}}


@dataclass(frozen=True, slots=True)
class Rendered:
    """An item as HTML: `lead_in` and the options hold only what may stand in a line, all else holds blocks.

    `earlier` are the stems of the parts before it, `answer` is the explanation of a numeric answer, `stimulus` what its set
    shares; each is empty where the item has none.
    """

    stem: str
    lead_in: str
    options: tuple[tuple[str, str], ...]  # letter, HTML
    explanations: Mapping[str, str]  # letter → HTML; only of options that have one
    earlier: tuple[str, ...] = ()
    answer: str = ""
    stimulus: str = ""


@dataclass(frozen=True, slots=True)
class _Draw:
    """How the texts of one item are drawn."""

    media: tuple[MediaFile, ...]
    media_url: str | None

    def blocks(self, text: str) -> str:
        return render_blocks(text, media=self.media if "![" in text else (), media_url=self.media_url)

    def line(self, text: str) -> str:
        return render_line(text, media=self.media if "![" in text else (), media_url=self.media_url)


def render(item: Item, *, media_url: str | None = None) -> Rendered:
    """Render an item.

    Args:
        media_url: where pictures and sounds are served under the names that their bytes give them, ending in "/"; without it
            an exhibit shows its alternative text.
    """
    draw = _Draw(item.media, media_url)
    stimulus = item.stimulus
    return Rendered(
        stem=draw.blocks(item.stem),
        lead_in=draw.line(item.lead_in),
        options=tuple((option.letter, draw.line(option.text)) for option in item.options),
        explanations={option.letter: draw.blocks(option.explanation) for option in item.options if option.explanation},
        earlier=tuple(_Draw(item.earlier_media, media_url).blocks(stem) for stem in item.earlier),
        answer=draw.blocks(item.answer.explanation) if item.answer else "",
        stimulus=_Draw(stimulus.media, media_url).blocks(stimulus.text) if stimulus else "",
    )


@lru_cache(maxsize=20_000)
def render_blocks(
    text: str, *, media: tuple[MediaFile, ...] = (), media_url: str | None = None, with_figures: bool = True
) -> str:
    """Markdown as paragraphs, lists, tables, pictures and figures. A figure that is not drawn shows its alternative text."""
    if not text:
        return ""
    environment = {"media_url": media_url, "media": {file.path: file for file in media}, "with_figures": with_figures}
    tokens = _with_headers(_with_figures(_MARKDOWN.parse(text, environment)))
    return _drawn_in(str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, environment)), environment)


@lru_cache(maxsize=20_000)
def render_line(text: str, *, media: tuple[MediaFile, ...] = (), media_url: str | None = None) -> str:
    """Markdown of one line, without a paragraph around it."""
    environment = {"media_url": media_url, "media": {file.path: file for file in media}, "with_figures": True}
    return _drawn_in(str(_MARKDOWN.renderInline(text, environment)), environment)


def is_clean(text: str, *, with_figures: bool = False) -> bool:
    """Is the HTML of the kind that is drawn here? What came drawn from elsewhere may hold anything.

    Args:
        with_figures: computed figures may stand in it, as SVG of the allow-list in an exhibit; otherwise no SVG may.
    """
    if with_figures:
        text = _FIGURE.sub(lambda one: f'<{one[1]} class="exhibit"></{one[1]}>' if is_figure_svg(one[2]) else one[0], text)
    return _clean(text) == text.strip()


def _drawn_in(text: str, environment: Mapping[str, Any]) -> str:
    """The cleaned text with the figures of its exhibits put into their places."""
    text = _clean(text)
    svgs: Sequence[str] = environment.get("svgs", ())
    if not svgs:
        return text
    return _PLACE.sub(lambda one: f'<{one[1]} class="exhibit">{svgs[int(one[2])]}</{one[1]}>', text)


_FIGURE = re.compile(r'<(figure|span) class="exhibit">(<svg .*?</svg>)</\1>', re.DOTALL)
# no author can write such a place: a figure or a span around a text is made here alone, and never with this one
_PLACE = re.compile(r'<(figure|span) class="exhibit">\ue000(\d+)\ue001</\1>')


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
    scheme, _, path = str(token.meta["target"]).partition(":")
    if scheme == "figure" and environment["with_figures"] and (svg := svg_of(path.strip(), token.content)):
        svgs = environment.setdefault("svgs", [])
        svgs.append(svg)
        shown = f"\ue000{len(svgs) - 1}\ue001"
        is_block = token.meta.get("is_block")
        return f'<figure class="exhibit">{shown}</figure>\n' if is_block else f'<span class="exhibit">{shown}</span>'
    file = environment["media"].get(path.strip()) if scheme == "media" and environment.get("media_url") else None
    if file is None:
        shown = f"[{html.escape(token.content)}]"
        shown = f'<span class="exhibit">{shown}</span>'
        return f"<p>{shown}</p>\n" if token.meta.get("is_block") else shown
    drawn = _drawn(file, html.escape(environment["media_url"] + file.name), html.escape(token.content))
    if not token.meta.get("is_block"):
        return f'<span class="exhibit">{drawn}</span>'
    caption = f"<figcaption>{html.escape(token.content)}</figcaption>" if file.is_audio else ""
    return f'<figure class="exhibit">{drawn}{caption}</figure>\n'


def _drawn(file: MediaFile, source: str, alternative: str) -> str:
    if file.is_audio:
        return f'<audio controls preload="auto" src="{source}" aria-label="{alternative}"></audio>'
    # the place is kept before the picture is there, so that nothing moves
    size = f' width="{file.width}" height="{file.height}"' if file.width and file.height else ""
    return f'<img src="{source}" alt="{alternative}"{size}>'


def _with_figures(tokens: list[Token]) -> list[Token]:
    """Give each exhibit of a paragraph a block of its own; what stands before and after it becomes paragraphs."""
    done: list[Token] = []
    n = 0
    while n < len(tokens):
        children = tokens[n + 1].children or [] if tokens[n].type == "paragraph_open" else []
        if not any(child.type == "exhibit" and child.level == 0 for child in children):
            done.append(tokens[n])
            n += 1
            continue
        opening, inline, closing = tokens[n : n + 3]
        for part in _split_at_exhibits(children):
            if part[0].type == "exhibit" and part[0].level == 0:
                part[0].meta["is_block"] = True
                done.append(part[0])
            else:
                done += [opening, replace(inline, children=part), closing]
        n += 3
    return done


def _split_at_exhibits(children: Sequence[Token]) -> Iterator[list[Token]]:
    """Exhibits one by one, and the runs between them without the line ends and blanks at their edges."""
    part: list[Token] = []
    for child in children:
        if child.type == "exhibit" and child.level == 0:
            if run := _trimmed(part):
                yield run
            yield [child]
            part = []
        else:
            part.append(child)
    if run := _trimmed(part):
        yield run


def _trimmed(part: list[Token]) -> list[Token]:
    def is_blank(token: Token) -> bool:
        return token.type in {"softbreak", "hardbreak"} or (token.type == "text" and not token.content.strip())

    while part and is_blank(part[0]):
        part = part[1:]
    while part and is_blank(part[-1]):
        part = part[:-1]
    return part


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
