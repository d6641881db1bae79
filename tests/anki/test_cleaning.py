"""What comes out of a deck can stand in a page: nothing runs, nothing is fetched from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.anki import NoteType, Template, clean_html, draw_card

FILES = {
    "a.png": "/cards/media/1.png",
    "b c.mp3": "/cards/media/2.mp3",
    "f.mp4": "/cards/media/3.mp4",
    "é.png": "/cards/media/4.png",
}
TAGS = {
    *(
        "a",
        "b",
        "i",
        "div",
        "span",
        "p",
        "br",
        "hr",
        "img",
        "audio",
        "video",
        "table",
        "tbody",
        "tr",
        "td",
        "ruby",
        "rt",
        "details",
    ),
    *("summary", "svg", "image", "rect", "ellipse", "polygon", "text"),
}
ADDRESSES = {"src", "href", "srcset", "poster", "data", "action", "background", "style", "xlink:href"}


class Seen(HTMLParser):
    """Tags and attributes of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def is_harmless(text: str) -> bool:
    seen = Seen(text)
    foreign = [value for name, value in seen.attributes if name in ADDRESSES and value not in FILES.values()]
    handlers = [name for name, _ in seen.attributes if name.startswith("on")]
    return not foreign and not handlers and "script" not in seen.tags and "style" not in seen.tags


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<img src="https://elsewhere.example/p.gif">',
        '<img src="//elsewhere.example/p.gif">',
        '<a href="javascript:alert(1)">x</a>',
        "<style>@import url(https://elsewhere.example/x.css)</style>",
        '<div style="background:url(https://elsewhere.example)">x</div>',
        '<iframe src="https://elsewhere.example"></iframe>',
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        '[sound:"><script>alert(1)</script>.mp3]',
        "[sound:https://elsewhere.example/a.mp3]",
        '<img alt="[sound:b c.mp3]" src="a.png">',
        r'<img alt="\( <script> \)" src="a.png">',
        '<td colspan="[sound:a.png]">',
        "<base href=https://elsewhere.example>",
        '<form action="https://elsewhere.example"><input type=submit></form>',
        "<meta http-equiv=refresh content='0;url=https://elsewhere.example'>",
    ],
)
def test_nothing_runs_and_nothing_is_fetched(text: str) -> None:
    assert is_harmless(clean_html(text, media_url=FILES.get))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('<img src="a.png">', '<img src="/cards/media/1.png" alt="">'),
        ("<img src='%C3%A9.png' alt='x'>", '<img src="/cards/media/4.png" alt="x">'),
        ("<img src=e\u0301.png>", '<img src="/cards/media/4.png" alt="">'),
        ("[sound:b c.mp3]", '<audio controls preload="none" src="/cards/media/2.mp3" aria-label="b c.mp3"></audio>'),
        ("[sound:f.mp4]", '<video controls preload="none" src="/cards/media/3.mp4" aria-label="f.mp4"></video>'),
        ("<img src=gone.png>", '<span class="absent">[gone.png]</span>'),
        ("[anki:tts lang=en_US]spoken[/anki:tts]", "spoken"),
        ("a &lt; b", "a &lt; b"),
        (r"\(x^2\) and \[y\]", '<span class="math">x^2</span> and <span class="math">y</span>'),
        (r"\(open", r"\(open"),
        ("<a href='https://elsewhere.example'>words</a>", "words"),
        ('<span class="cloze other" id="x">w</span>', '<span class="cloze">w</span>'),
    ],
)
def test_what_is_sound_is_kept(text: str, shown: str) -> None:
    assert clean_html(text, media_url=FILES.get) == shown


PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "<script>",
                "</script>",
                "<img src=",
                "a.png",
                "onerror=x",
                ">",
                "<",
                '"',
                "'",
                "&lt;",
                "&quot;",
                "[sound:",
                "]",
                "b c.mp3",
            ),
            *(
                "\\(",
                "\\)",
                "\\[",
                "\\]",
                "<td colspan=",
                "<div style=",
                "<b>",
                "</b>",
                "{{F}}",
                "{{c1::",
                "}}",
                "::",
                "<svg>",
                "<!--",
                "-->",
            ),
            *("javascript:", "//e.example", "<style>", "bedside-covered-picture", "<hr id=answer>", "<details>", " "),
        ]
    ),
    max_size=20,
).map("".join)


@given(field=PIECES, template=PIECES)
def test_no_field_in_no_template_comes_out_harmful(field: str, template: str) -> None:
    note_type = NoteType(1, "Kind", True, ("F",), (Template("Card 1", template + "{{cloze:F}}", "{{FrontSide}}" + template),))

    sides = draw_card(note_type, [("F", field)], 0, media_url=FILES.get, size_of=lambda _: (10, 10))

    assert is_harmless(sides.front)
    assert is_harmless(sides.back)
    assert not re.search("\x01|\x02", sides.front + sides.back)


@pytest.mark.parametrize(
    "text",
    ["".join(f"<font a{n}=1>" for n in range(20_000)) + "words", "<div>" * 100_000 + "words", "<b></i>" * 50_000 + "words"],
)
def test_elements_inside_each_other_without_end_are_shown_as_their_words(text: str) -> None:
    assert clean_html(text) == "words"


@pytest.mark.parametrize(
    "text", ["\\(" * 200_000, "<" * 200_000, "[sound:" * 100_000, "{{c1::" * 100_000, " [" * 200_000, "&" * 200_000]
)
def test_a_long_text_takes_time_in_proportion(text: str) -> None:
    note_type = NoteType(1, "Kind", True, ("F",), (Template("Card 1", "{{cloze:F}}{{furigana:F}}", "{{kana:F}}"),))

    assert is_harmless(draw_card(note_type, [("F", text)], 0).front)
