from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.cases.case_file import DEAD, Region
from bedside.cases.graph import graph_svg
from bedside.cases.graph_layout import CHARACTER, LINE, Cell, Layout, label_of, lay_out
from tests.support.case_files import read_example
from tests.support.examples import examples

SVG = "{http://www.w3.org/2000/svg}"


@st.composite
def regions(draw: st.DrawFn) -> Region:
    names = [f"state_{n}" for n in range(draw(st.integers(1, 7)))]
    guards = st.sampled_from(["k <= 2.5", "active(kcl) and given(magnesium_iv) and not seen(closed)", "deficit >= 8 or k < 3"])
    transitions = st.builds(
        lambda go, when, after: {"go": go} | ({"when": when} if when else {}) | ({"after": after} if after or not when else {}),
        st.sampled_from([*names, DEAD]),
        st.none() | guards,
        st.sampled_from(["5m", "3h"]),
    )
    states = {name: {"to": draw(st.lists(transitions, max_size=4))} for name in names}
    return Region.model_validate({"initial": names[0], **states})


def box(cell: Cell) -> tuple[float, float, float, float]:
    return cell.x, cell.x + cell.width, cell.y - cell.height / 2, cell.y + cell.height / 2


def overlaps(one: Cell, other: Cell) -> bool:
    left, right, top, bottom = box(one)
    other_left, other_right, other_top, other_bottom = box(other)
    return left < other_right and other_left < right and top < other_bottom - 1e-6 and other_top < bottom - 1e-6


def assert_readable(layout: Layout) -> None:
    assert not [(one, other) for one, other in combinations(layout.cells, 2) if overlaps(one, other)]
    for cell in layout.cells:
        if cell.lines:
            assert CHARACTER * max(map(len, cell.lines)) <= cell.width
            assert LINE * len(cell.lines) <= cell.height
        assert cell.x >= 0
        assert cell.x + cell.width <= layout.width + 1e-6
        assert cell.y - cell.height / 2 >= -1e-6
        assert cell.y + cell.height / 2 <= layout.height + 1e-6


@settings(max_examples=examples(150), deadline=None)
@given(regions())
def test_nothing_in_a_region_lies_on_anything_else(region: Region) -> None:
    assert_readable(lay_out(region))


@settings(max_examples=examples(100), deadline=None)
@given(regions())
def test_every_transition_is_a_line_from_its_state_to_the_next(region: Region) -> None:
    edges = lay_out(region).edges

    drawn = [(edge.cells[0].name, edge.cells[-1].name, edge.transition) for edge in edges]
    assert drawn == [(name, one.go, one) for name, state in region.states.items() for one in state.to]
    assert all(sum(1 for cell in edge.cells if cell.lines) == 1 for edge in edges)


@settings(max_examples=examples(100), deadline=None)
@given(regions())
def test_lines_meet_a_state_at_places_of_their_own_on_its_side(region: Region) -> None:
    layout = lay_out(region)

    ends: dict[tuple[str | None, bool], list[float]] = {}
    for edge in layout.edges:
        for cell, near, y in ((edge.cells[0], edge.cells[1], edge.from_y), (edge.cells[-1], edge.cells[-2], edge.to_y)):
            assert abs(y - cell.y) <= cell.height / 2
            ends.setdefault((cell.name, near.column > cell.column), []).append(y)
    assert all(len(set(places)) == len(places) for places in ends.values())


def test_the_regions_of_the_example_are_readable_and_fit_a_page() -> None:
    layouts = [lay_out(region) for region in read_example().regions.values()]

    for layout in layouts:
        assert_readable(layout)
    assert max(layout.width for layout in layouts) < 900


def test_the_initial_state_stands_first_and_dead_last() -> None:
    layout = lay_out(read_example().regions["rhythm"])

    columns = {cell.name: cell.column for cell in layout.cells if cell.name}
    assert min(columns, key=lambda name: columns[name]) == "sinus"
    assert max(columns, key=lambda name: columns[name]) == DEAD


def test_a_state_that_nothing_leads_to_is_still_shown() -> None:
    region = Region.model_validate({"initial": "well", "well": {"to": [{"go": "ill", "after": "1h"}]}, "ill": {}, "lost": {}})

    assert {cell.name for cell in lay_out(region).cells if cell.name} == {"well", "ill", "lost"}


@pytest.mark.parametrize(
    ("transition", "lines"),
    [
        ({"go": "vt", "when": "k <= 2.5"}, ("k <= 2.5",)),
        ({"go": "dead", "after": "25m"}, ("after 25m",)),
        ({"go": "vt", "when": "k <= 2.5", "after": "5m"}, ("k <= 2.5 for 5m",)),
        (
            {"go": "vt", "when": "active(kcl) and given(magnesium_iv)", "after": "5m"},
            ("active(kcl)", "and given(magnesium_iv) for 5m"),
        ),
    ],
)
def test_a_transition_is_labelled_with_its_guard_and_its_time(transition: dict[str, str], lines: tuple[str, ...]) -> None:
    state = Region.model_validate({"initial": "a", "a": {"to": [transition]}}).states["a"]

    assert label_of(state.to[0]) == lines


def test_the_picture_is_well_formed_and_shows_every_state_and_guard() -> None:
    case = read_example()
    root = ElementTree.fromstring(graph_svg(case))

    texts = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    for name, region in case.regions.items():
        assert name in texts
        assert set(region.states) <= set(texts)
    assert texts.count(DEAD) == 3
    assert "deficit >= 8" in texts
    assert "active(kcl)and given(magnesium_iv) for 5m" in texts
    arrows = [one for one in root.iter(f"{SVG}path") if one.get("marker-end")]
    transitions = [one for region in case.regions.values() for state in region.states.values() for one in state.to]
    assert len(arrows) == len(transitions) + len(case.regions)  # with one to each initial state


def test_the_picture_says_in_words_what_it_shows() -> None:
    root = ElementTree.fromstring(graph_svg(read_example()))

    title, text = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert text is not None
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {text.get('id')}"
    assert "rhythm begins as sinus. sinus turns vt when k <= 2.5." in str(text.text)
    assert "shock turns dead after 3h." in str(text.text)


def test_the_picture_takes_its_color_from_the_page_and_has_no_style_or_script() -> None:
    svg = graph_svg(read_example())

    assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg)) == {"none", "currentColor"}
    assert not re.search(r"<style|<script|style=|href=", svg)


def test_words_of_a_case_are_never_markup() -> None:
    case = read_example(("She is nauseated again.", '"<b>She</b> & he"'))

    root = ElementTree.fromstring(graph_svg(case))

    notes = [title.text for title in root.iter(f"{SVG}title")]
    assert "<b>She</b> & he" in notes


def test_the_same_case_gives_the_same_picture() -> None:
    assert graph_svg(read_example()) == graph_svg(read_example())
