"""What all charts of curves share, and what holds for every kind of them."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.bank.figures import KINDS, Figure, read_figure
from bedside.bank.figures.curves import Curve, curve_names, powers_of_ten, put_curves, thin
from bedside.bank.figures.oxygen_dissociation import KIND as OXYGEN
from bedside.drawing import Frame
from tests.support.curve_figures import check_drawing, made, read

NAMED_BY = {
    "pv_loop": ("change", "severity"),
    "starling": ("change",),
    "spirometry": ("pattern",),
    "oxygen_dissociation": ("hemoglobin",),
    "capnography": ("trace",),
    "concentration": ("regimen",),
    "dose_response": ("drug",),
    "action_potential": ("effect",),
}


def frame() -> Frame:
    return Frame(0, 10, 0, 10, width=480, height=360)


@pytest.mark.parametrize("name", NAMED_BY)
def test_the_example_of_a_kind_is_a_figure_and_its_description_is_a_sentence(name):
    kind = KINDS[name]
    figure = read_figure(kind.example)
    assert isinstance(figure, Figure)
    assert kind.about.endswith(".")
    check_drawing(kind, figure.parameters)


@pytest.mark.parametrize("name", NAMED_BY)
def test_no_figure_says_what_it_shows(name):
    kind = KINDS[name]
    schema = kind.parameters.model_json_schema()
    for field in NAMED_BY[name]:
        entry = schema["properties"][field]
        options = schema["$defs"][entry.get("$ref", entry.get("items", {}).get("$ref")).rpartition("/")[2]]["enum"]
        for option in options:
            parameters = read(kind, **{field: (option,) if entry.get("type") == "array" else option})
            if not isinstance(parameters, str):
                texts = " ".join(re.findall(r">([^<]+)</text>", check_drawing(kind, parameters))).lower()
                assert option.replace("-", " ") not in texts


@given(st.integers(3, 200), st.floats(0.2, 4), st.floats(0, 3))
def test_a_thinned_curve_has_fewer_points_and_lies_where_the_whole_one_lies(count, speed, phase):
    x = np.linspace(0, 10, count)
    y = 5 + 4 * np.sin(speed * x + phase)
    fewer_x, fewer_y = thin(frame(), x, y)
    assert len(fewer_x) <= count
    assert (fewer_x[0], fewer_x[-1]) == (x[0], x[-1])
    off = np.abs(np.interp(x, fewer_x, fewer_y) - y) * 300 / 10  # a bound: upright, not along the shortest way
    assert off.max() < 4


def test_a_straight_line_keeps_its_two_ends():
    x = np.linspace(0, 10, 500)
    assert len(thin(frame(), x, x)[0]) == 2


def test_a_closed_curve_is_not_thinned_to_a_point():
    turn = np.linspace(0, 2 * np.pi, 400)
    x, _ = thin(frame(), 5 + 3 * np.cos(turn), 5 + 3 * np.sin(turn))
    assert 20 < len(x) < 120


@settings(max_examples=30)
@given(st.floats(0, 9), st.floats(0, 9), st.sampled_from(["A", "Immediate release"]))
def test_names_stand_inside_the_frame_and_apart(first, second, name):
    x = np.linspace(0, 10, 100)
    put = frame()
    put_curves(put, [Curve(x, first + 0 * x, name), Curve(x, second + 0.1 * x, "B", 1)])
    texts = re.findall(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]+)</text>', "".join(put.parts))
    assert [words for _, _, words in texts] == [name, "B"]
    (x1, y1, _), (x2, y2, _) = [(float(x), float(y), words) for x, y, words in texts]
    assert all(put.left <= one <= put.width for one in (x1, x2))
    assert all(put.top <= one <= put.height - put.bottom for one in (y1, y2))
    assert abs(x1 - x2) > 3 * len(name) or abs(y1 - y2) > 8


def test_a_single_curve_has_no_name():
    put = frame()
    put_curves(put, [Curve(np.array([0.0, 10.0]), np.array([0.0, 10.0]), "A")])
    assert ">A<" not in "".join(put.parts)


def test_names_are_letters_where_none_are_given():
    assert curve_names([None, "Placebo", None]) == ["A", "Placebo", "C"]


def test_a_name_is_escaped():
    assert ">&lt;b&gt;</text>" in check_drawing(OXYGEN, made(OXYGEN, ph="7.4,7.2", names="<b>,C"))


@pytest.mark.parametrize(("value", "words"), [(0, "1"), (2, "100"), (-2, "0.01"), (5, "10⁵"), (-4, "10⁻⁴")])
def test_an_axis_of_logarithms_shows_short_numbers_and_else_powers(value, words):
    assert powers_of_ten(value) == words
