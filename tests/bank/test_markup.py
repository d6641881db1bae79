from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.bank import render_blocks, render_line
from bedside.bank.formats.building import split_lead_in
from bedside.bank.formats.escaping import escape_line, escape_paragraph
from bedside.bank.formats.markup import Block, to_blocks, to_line


def shown(rendered: str) -> str:
    """What a reader sees of rendered text, white space aside."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", rendered)).split())


SIGNS = st.text(
    alphabet=st.one_of(
        st.sampled_from("\\`*_{}[]()#+-.!<>&;|~=:/\"' ax1"), st.characters(exclude_categories=["Cs", "Cc", "Cf"])
    ),
    max_size=60,
)


@settings(deadline=None)
@given(SIGNS)
def test_escaped_text_shows_as_it_was(text: str) -> None:
    wanted = " ".join(text.split())

    assert shown(render_line(escape_line(text))) == wanted
    assert shown(render_blocks(escape_paragraph(text))) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "# 1-2",
        "1. First",
        "12) Second",
        "- minus",
        "+ plus",
        "> greater",
        "*** stars",
        "=====",
        "-----",
        "~~~",
        "```",
        "| a | b |",
        ": text",
        "- [x] key",
        "-[ ] option",
        "![a](b)",
        "a_b_c *d*",
        "&lt;b&gt; &amp;",
        "back\\slash \\*",
    ],
)
def test_what_looks_like_markdown_shows_literally(text: str) -> None:
    assert shown(render_blocks(escape_paragraph(text))) == text
    assert shown(render_line(escape_line(text))) == text


@pytest.mark.parametrize("text", ["a < b > c", "P <0.05", "K_eq", "2 * 3", "Mg(OH)2", "[H2O] increases", "10-20%", "Na+ & K+"])
def test_ordinary_text_needs_no_backslash(text: str) -> None:
    assert escape_paragraph(text) == text


@pytest.mark.parametrize(
    ("source", "markdown"),
    [
        ("<p>One</p><p>Two<br>lines</p>", "One\n\nTwo\n\nlines"),
        ("K<sup>+</sup> and H<sub>2</sub>O, 10<sup>9</sup>/L", "K⁺ and H₂O, 10⁹/L"),
        ("x<sup>abc</sup>", "x^(abc)"),
        ("<b>Bold</b> and <a href='http://x'>a link</a>", "Bold and a link"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("<p>A &lt; B &amp; C</p>", "A < B & C"),
        ("p <0.05 and <7", "p <0.05 and <7"),
        ("<table><tr><td>pH</td><td>7|2</td></tr></table>", "|  |  |\n| --- | --- |\n| pH | 7\\|2 |"),
        ("<table><tr><th>Test</th></tr><tr><td>pH</td><td>7</td></tr></table>", "| Test |  |\n| --- | --- |\n| pH | 7 |"),
        ("&#8217;s &eacute;", "’s é"),
        ("<p>unclosed <b>tags", "unclosed tags"),
    ],
)
def test_html_becomes_markdown(source: str, markdown: str) -> None:
    assert to_blocks(source).text == markdown


@pytest.mark.parametrize(
    ("source", "text", "note"),
    [
        ("<p>A<script>alert(1)</script>B</p>", "AB", "a <script> was left out"),
        ("<p>A<SCRIPT src=x>alert(1)", "A", "a <script> was left out"),
        ("<p>A<style>p{}</style>B", "AB", "a <style> was left out"),
        ("<p>A<iframe src=x></iframe>B", "AB", "a <iframe> was left out"),
        ("<p>A<svg><script>x</script><text>y</text></svg>B", "AB", "a <svg> was left out"),
        ("<p>A<img src=x onerror=alert(1) alt='a hand'></p>", "A[Picture not imported: a hand]", "a picture was not imported"),
        (
            "<table><tr><td>a<table><tr><td>b</td></tr></table></td></tr></table>",
            "|  |\n| --- |\n| ab |",
            "a table inside a table was flattened",
        ),
    ],
)
def test_what_can_not_be_kept_is_noted(source: str, text: str, note: str) -> None:
    marked = to_blocks(source)

    assert marked.text == text
    assert [found.startswith(note) for found in marked.notes] == [True]


def test_a_line_has_no_blocks() -> None:
    assert to_line("<p>One</p><ul><li>two</li></ul>").text == "One two"
    assert to_line("").blocks == ()


def test_depth_costs_nothing() -> None:
    assert to_blocks("<div>" * 100_000 + "x").text == "x"
    assert to_blocks("<table><tr><td>" * 20_000 + "x").text == ""  # a table that never ends is left out


@settings(deadline=None)
@given(st.text(alphabet="<>/ptabledisrc=\"' &;!-x", max_size=150))
def test_no_markup_makes_the_reader_fail(text: str) -> None:
    to_blocks(text)
    to_line(text)


@pytest.mark.parametrize(
    ("text", "stem", "lead_in"),
    [
        ("A man. Which drug?", "A man.", "Which drug?"),
        ("Which drug?", "", "Which drug?"),
        ("He has 7.2 mg. The child likely has:", "He has 7.2 mg.", "The child likely has:"),
        ("He saw Dr. Smith. What is it?", "He saw Dr. Smith.", "What is it?"),
        ('He says "no." What is it?"', 'He says "no."', 'What is it?"'),
        ("He has hepatitis B. What is it?", "He has hepatitis B.", "What is it?"),
        ("27. The spread is", "", "27\\. The spread is"),
    ],
)
def test_the_last_sentence_is_the_lead_in(text: str, stem: str, lead_in: str) -> None:
    blocks, asked = split_lead_in([Block(text, is_paragraph=True)])

    assert ([block.text for block in blocks], asked) == ([stem] if stem else [], lead_in)


def test_a_table_after_the_question_stays_in_the_stem() -> None:
    table = Block("| a |\n| --- |", is_paragraph=False)

    blocks, asked = split_lead_in([Block("A man. What is it?", is_paragraph=True), table])

    assert ([block.text for block in blocks], asked) == (["A man.", table.text], "What is it?")
