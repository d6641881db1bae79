"""Computed figures on their ways through the site: kept texts, sittings from elsewhere, gists, cards and decks."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from bedside.bank import render_blocks
from bedside.site.cards.drawing import draw
from bedside.site.decks.html_out import field_of
from bedside.site.exam.carried_texts import key_of_text
from bedside.site.today.templatetags.words import plain
from tests.support.sat import Day, delivered_item

STRIP = "![Rhythm strip of lead II](figure:ecg rhythm=vt)"
DRAWN = render_blocks(f"He has fainted.\n\n{STRIP}")


def test_a_kept_text_with_a_figure_may_come_from_another_machine() -> None:
    item = replace(delivered_item(1, Day()), stem_html=DRAWN)

    assert "<svg " in item.as_text()
    assert key_of_text(item.as_text())[0] == item.id


@pytest.mark.parametrize(
    "harm", ["<script>alert(1)</script>", '<image href="https://example.org/x"/>', '<a href="/x">y</a>', "<style>p{}</style>"]
)
def test_one_with_something_else_in_its_svg_may_not(harm: str) -> None:
    item = replace(delivered_item(1, Day()), stem_html=DRAWN.replace("</svg>", f"{harm}</svg>"))

    with pytest.raises(ValueError, match="not drawn here"):
        key_of_text(item.as_text())


def test_the_words_on_a_figure_are_no_part_of_the_gist_of_an_item() -> None:
    assert plain(DRAWN).split() == ["He", "has", "fainted."]


def test_a_card_shows_the_alternative_text_of_a_figure() -> None:
    [card] = draw("basic", [("Front", f"What is this?\n\n{STRIP}"), ("Back", "Ventricular tachycardia")], {})

    assert "[Rhythm strip of lead II]" in card.front
    assert "<svg" not in card.front


def test_a_figure_of_a_question_goes_into_a_deck_with_a_style_of_its_own() -> None:
    field = field_of(f"He has fainted.\n\n{STRIP}")
    svg = field[field.index("<svg ") : field.index("</svg>") + len("</svg>")]

    assert field.startswith("<p>He has fainted.</p>")
    assert any(element.tag.endswith("}style") for element in ElementTree.fromstring(svg))
