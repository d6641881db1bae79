from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.bank import MediaFile, is_clean, render, render_blocks, render_line, svg_of
from bedside.bank.rendering import TAGS
from tests.support.items import OPTIONS, item_of, item_text

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "![x](javascript:alert(1))",
    '![x](media:x" onerror="alert(1))',
    '![x" onerror="alert(1)](media:a.png)',
    "![<script>alert(1)</script>](media:a.ogg)",
    "<http://example.org>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "[x]: javascript:alert(1)\n\n[x]",
    "`<script>`",
    "| <b>a</b> |\n|---|\n| <svg onload=alert(1)> |",
    "<style>p{display:none}</style>",
]


class Tags(HTMLParser):
    """The tags and attributes of an HTML text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


PICTURE = MediaFile("a.png", "0" * 64, 9, Path("a.png"), 3, 2)
SOUND = MediaFile("a.ogg", "1" * 64, 9, Path("a.ogg"))
ALLOWED = {"scope", "class", "src", "alt", "start", "width", "height", "controls", "preload", "aria-label"}


def drawn(text: str) -> str:
    return render_blocks(text, media=(PICTURE, SOUND), media_url="/media/")


def drawn_in_line(text: str) -> str:
    return render_line(text, media=(PICTURE, SOUND), media_url="/media/")


def assert_safe(html: str) -> None:
    read = Tags(html)
    assert set(read.tags) <= TAGS
    for name, value in read.attributes:
        assert name in ALLOWED
        assert name != "src" or str(value).startswith("/media/")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_does_no_harm(text: str) -> None:
    assert_safe(drawn(text))
    assert_safe(drawn_in_line(text))


@given(st.text(alphabet="<>&\"'`*_[]()!|-=#:;/\\ \nabimgsrconerrorscriptx1.", max_size=120))
def test_no_text_makes_a_tag_that_is_not_allowed(text: str) -> None:
    assert_safe(drawn(text))
    assert_safe(drawn_in_line(text))


def test_no_key_and_no_explanation_stands_in_what_a_candidate_sees() -> None:
    options = OPTIONS.replace("The PaCO2", "EXPLANATION").replace("The expected", "EXPLANATION")

    plain = render(item_of(item_text(options=options)))
    moved = render(item_of(item_text(options=options.replace("[x]", "[ ]").replace("- [ ] Resp", "- [x] Resp"))))

    seen = [plain.stem, plain.lead_in, *(html for _, html in plain.options)]
    assert not any("EXPLANATION" in html for html in seen)
    assert seen == [moved.stem, moved.lead_in, *(html for _, html in moved.options)]
    assert plain.explanations["A"] == "<p>EXPLANATION is lower than expected.</p>"


def test_options_and_lead_in_have_no_paragraph_around_them() -> None:
    rendered = render(item_of(item_text()))

    assert rendered.options[0] == ("A", "Metabolic acidosis")
    assert rendered.lead_in == "Which of the following best explains these findings?"
    assert rendered.stem.startswith("<p>")


def test_a_table_with_a_header_row_has_its_headers_in_scope() -> None:
    html = re.sub(r"\s*\n\s*", "", render_blocks("| Test | Result |\n|---|--:|\n| pH | 7.21 |"))

    assert html == (
        '<table><thead><tr><th scope="col">Test</th><th class="right" scope="col">Result</th></tr></thead>'
        '<tbody><tr><th scope="row">pH</th><td class="right">7.21</td></tr></tbody></table>'
    )


def test_a_table_without_headings_has_no_empty_header_row() -> None:
    html = re.sub(r"\s*\n\s*", "", render_blocks("| | |\n|---|---|\n| pH | 7.21 |"))

    assert html == '<table><tbody><tr><th scope="row">pH</th><td>7.21</td></tr></tbody></table>'


def test_an_exhibit_shows_its_alternative_text_until_it_is_served() -> None:
    assert render_line("![A hand](media:a b.png)") == '<span class="exhibit">[A hand]</span>'
    assert drawn_in_line("![A hand](media:other.png)") == '<span class="exhibit">[A hand]</span>'
    assert drawn_in_line("![A trace](figure:ecg rate=900)") == '<span class="exhibit">[A trace]</span>'
    assert drawn("![A trace](figure:ecg rate=900)") == '<p><span class="exhibit">[A trace]</span></p>'


IMG = f'<img src="/media/{"0" * 64}.png" alt="A hand" width="3" height="2">'
AUDIO = f'<audio controls="" preload="auto" src="/media/{"1" * 64}.ogg" aria-label="A beat"></audio>'


def test_a_picture_in_a_paragraph_becomes_a_figure_of_its_own() -> None:
    figure = f'<figure class="exhibit">{IMG}</figure>'

    assert drawn("![A hand](media:a.png)") == figure
    assert drawn("Before\n![A hand](media:a.png)\nafter *it*.").replace("\n", "") == (
        f"<p>Before</p>{figure}<p>after <em>it</em>.</p>"
    )


def test_a_sound_has_its_text_below() -> None:
    assert drawn("![A beat](media:a.ogg)") == f'<figure class="exhibit">{AUDIO}<figcaption>A beat</figcaption></figure>'


def test_an_exhibit_in_an_option_or_a_table_stays_in_its_line() -> None:
    assert drawn_in_line("![A hand](media:a.png)") == f'<span class="exhibit">{IMG}</span>'
    assert drawn_in_line("![A beat](media:a.ogg)") == f'<span class="exhibit">{AUDIO}</span>'
    assert f'<td><span class="exhibit">{IMG}</span></td>' in drawn("| a | b |\n|---|---|\n| c | ![A hand](media:a.png) |")


def test_a_picture_without_a_known_size_has_none() -> None:
    plain = MediaFile("a.png", "0" * 64, 9, Path("a.png"))

    assert "width" not in render_line("![A hand](media:a.png)", media=(plain,), media_url="/media/")


STRIP = "![A strip](figure:ecg rhythm=asystole)"
SVG = svg_of("ecg rhythm=asystole", "A strip")


def test_a_computed_figure_is_drawn_into_its_place() -> None:
    assert drawn(f"Before\n{STRIP}\nafter.").replace("\n", "") == (
        f'<p>Before</p><figure class="exhibit">{SVG}</figure><p>after.</p>'
    )
    assert drawn_in_line(STRIP) == f'<span class="exhibit">{SVG}</span>'
    assert f'<td><span class="exhibit">{SVG}</span></td>' in drawn(f"| a | b |\n|---|---|\n| c | {STRIP} |")


def test_the_alternative_text_of_a_figure_is_its_title_and_stays_text() -> None:
    html = drawn("![</title></svg><b onclick=x>](figure:ecg rhythm=asystole)")

    assert "<title>&lt;/title&gt;&lt;/svg&gt;&lt;b onclick=x&gt;</title>" in html
    assert is_clean(html, with_figures=True)


def test_the_sign_of_a_figure_s_place_does_nothing_in_a_text() -> None:
    assert drawn(f"\ue0000\ue001\n\n{STRIP}").count("<svg ") == 1
    assert drawn(f"![\ue0000\ue001](media:none.png)\n\n{STRIP}").count("<svg ") == 1
    assert drawn_in_line("![\ue0005\ue001](figure:none) \ue0009\ue001").count("<svg ") == 0


def test_a_figure_can_be_left_as_its_words() -> None:
    assert render_blocks(STRIP, with_figures=False) == '<p><span class="exhibit">[A strip]</span></p>'


def test_svg_is_clean_only_where_figures_are_awaited_and_only_that_of_figures() -> None:
    figure = drawn(STRIP)

    assert is_clean(figure, with_figures=True)
    assert not is_clean(figure)
    for harm in HARM:
        assert not is_clean(figure.replace("</svg>", f"{harm}</svg>"), with_figures=True), harm
    assert not is_clean(SVG, with_figures=True)  # outside an exhibit
    assert not is_clean(figure.replace('role="img"', 'role="img" onload="x"'), with_figures=True)
    assert not is_clean(figure.replace('class="drawn ecg"', 'class="drawn ecg" style="position:fixed"'), with_figures=True)


HARM = [
    "<script>alert(1)</script>",
    '<image href="https://example.org/x.png"/>',
    '<use href="#x"/>',
    '<a href="/sign-out">x</a>',
    "<foreignObject></foreignObject>",
    "<style>*{display:none}</style>",
    '<path d="M0 0" onclick="alert(1)"/>',
    '<path d="url(x)" fill="url(#a)"/>',
    "<g>",
    "</svg></figure><svg>",
    "<!-- x -->",
    "<text>&nbsp;</text>",
    "<svg></svg>",
    "<TEXT>x</TEXT>",
]


def test_emphasis_and_lists_are_kept() -> None:
    assert render_blocks("*a* **b**\n\n- c\n- d").replace("\n", "") == (
        "<p><em>a</em> <strong>b</strong></p><ul><li>c</li><li>d</li></ul>"
    )


def test_nothing_gives_nothing() -> None:
    assert render_blocks("") == ""
    assert render_line("") == ""
