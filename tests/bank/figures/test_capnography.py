"""Capnograms, read back breath by breath."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from bedside.bank.figures.capnography import KIND, Capnography, trace_of
from bedside.bank.figures.expired import Capnogram, Trace
from tests.support.curve_figures import check_drawing, made, read, words_of


def seen(trace: str, **words: float) -> Capnogram:
    return trace_of(made(KIND, trace=trace, **words))


def ends(found: Capnogram, rate: float = 12) -> list[float]:
    """The highest level of each breath."""
    breath = (found.time // (60 / rate)).astype(int)
    return [float(found.level[breath == n].max()) for n in range(int(breath.max()) + 1)]


def rise_s(found: Capnogram) -> float:
    """Seconds from a tenth to nine tenths of the first breath."""
    top = found.level[found.time < 5].max()
    reaches = [float(found.time[np.argmax(found.level > share * top)]) for share in (0.1, 0.9)]
    return reaches[1] - reaches[0]


@pytest.mark.parametrize(("rate", "etco2"), [(12, 38), (30, 22), (6, 70)])
def test_a_normal_trace_has_so_many_equal_breaths_up_to_the_end_tidal_level_and_down_to_nothing(rate, etco2):
    found = seen("normal", rate=rate, etco2=etco2)
    rises = ((found.level[:-1] < etco2 / 2) & (found.level[1:] >= etco2 / 2)).sum()
    assert rises == rate / 2
    assert ends(found, rate) == pytest.approx([etco2] * (rate // 2), rel=0.03)
    assert found.level.min() < 0.1


def test_the_plateau_of_a_normal_breath_is_nearly_level_and_that_of_bronchospasm_is_none():
    assert rise_s(seen("normal")) < 0.4
    assert rise_s(seen("bronchospasm")) > 1
    spasm = seen("bronchospasm")
    first = spasm.level[(spasm.time > 2) & (spasm.time < 4.2)]
    assert (np.diff(first) > 0).all()


def test_a_tube_in_the_esophagus_gives_a_few_small_breaths_and_then_nothing():
    found = ends(seen("esophageal"))
    assert found[0] < 25
    assert all(later < earlier for earlier, later in pairwise(found[:5]))
    assert found[-1] < 0.5


def test_rebreathing_lifts_the_foot_of_the_trace():
    assert seen("rebreathing").level.min() > 5


def test_a_cleft_cuts_into_every_other_plateau():
    found = seen("cleft")
    for n in range(6):
        plateau = found.level[(found.time > 5 * n + 2.2) & (found.time < 5 * n + 4.3)]
        assert (plateau.min() < 25) == (n % 2 == 1)


def test_the_return_of_circulation_is_a_sudden_lasting_rise():
    found = ends(seen("rosc", seconds=60))
    assert max(found[:6]) < 15
    assert found[6] > 2 * found[5]
    assert min(found[6:]) > 25


def test_a_disconnection_ends_the_trace_and_a_falling_output_lowers_it_step_by_step():
    found = ends(seen("disconnection"))
    assert found[2] == pytest.approx(38, rel=0.03)
    assert max(found[3:]) < 0.5
    found = ends(seen("falling"))
    assert all(later < earlier for earlier, later in pairwise(found[1:]))
    assert found[-1] > 10


def test_too_few_or_too_many_breaths_are_refused_with_the_way_out():
    assert "raise rate or seconds" in str(read(KIND, trace="rosc", rate=6, seconds=30))
    assert "lower rate or seconds" in str(read(KIND, rate=30, seconds=60))


def test_every_trace_can_be_drawn():
    for trace in Trace:
        check_drawing(KIND, Capnography(trace=trace, seconds=60))


@settings(max_examples=30, deadline=None)
@given(words_of(KIND))
def test_whatever_is_allowed_can_be_drawn(parameters):
    if not isinstance(parameters, str):
        check_drawing(KIND, parameters)
