"""What holds for every kind of figure: well-formed, of the allow-list, the same each time, and right where it stands alone."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bedside.bank import FIGURE_KINDS, Figure, figure_alone, read_figure, svg_of
from bedside.bank.figures import is_figure_svg
from bedside.bank.figures.drawn import ATTRIBUTES, ELEMENTS


@pytest.mark.parametrize("kind", FIGURE_KINDS)
def test_the_example_of_a_kind_is_drawn_with_what_is_allowed_and_under_its_title(kind: str) -> None:
    words = FIGURE_KINDS[kind].example
    assert words.split(" ")[0] == kind
    assert isinstance(read_figure(words), Figure)
    svg = svg_of(words, "What is shown")
    root = ElementTree.fromstring(svg)

    assert is_figure_svg(svg)
    assert len(svg) < 60_000
    assert {element.tag for element in root.iter()} <= set(ELEMENTS)
    assert {name for element in root.iter() for name in element.attrib} <= set(ATTRIBUTES)
    assert [element.text for element in root.findall("title")] == ["What is shown"]
    assert "nan" not in svg
    assert svg == svg_of.__wrapped__(words, "What is shown")


@pytest.mark.parametrize("kind", FIGURE_KINDS)
def test_a_kind_says_what_it_draws_and_its_words_are_for_authors(kind: str) -> None:
    about = FIGURE_KINDS[kind].about

    assert about.endswith(".")
    assert "|" not in about


@pytest.mark.parametrize("kind", FIGURE_KINDS)
def test_a_figure_that_stands_alone_has_a_style_and_a_name_space(kind: str) -> None:
    drawn = figure_alone(svg_of(FIGURE_KINDS[kind].example, "What is shown"))
    root = ElementTree.fromstring(drawn)

    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(root.findall("{http://www.w3.org/2000/svg}style")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<svg></svg>",
        '<svg class="drawn x"><g></svg></g>',
        '<svg class="drawn x"></svg> and more',
        '<svg class="drawn x"></svg><svg class="drawn x"></svg>',
        '<svg class="drawn x"><svg class="drawn y"></svg></svg>',
        '<svg class="drawn x"><title>a</title>',
        '<svg class="drawn x"><path d="M0 0" style="fill:red"/></svg>',
        '<svg class="drawn x"><path d=M0/></svg>',
        '<svg class="drawn x"><path class="a&quot;b"/></svg>',
        '<svg class="drawn x"><path class="url(#a)"/></svg>',
        '<svg class="drawn x"><text>&#60;script></text></svg>',
        '<svg class="drawn x"><![CDATA[x]]></svg>',
        '<svg class="drawn x">' + "<g></g>" * 20_000 + "</svg>",
    ],
)
def test_what_is_no_drawing_of_the_allow_list_is_none(text: str) -> None:
    assert not is_figure_svg(text)


def test_words_that_name_no_figure_draw_nothing() -> None:
    assert svg_of("cloud size=3", "A cloud") == ""
