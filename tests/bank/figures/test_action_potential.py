"""Action potentials, measured back phase by phase."""

import numpy as np
import pytest

from bedside.bank.figures.action_potential import KIND, MYOCYTES, PACEMAKERS, Cell, Effect, potential
from tests.support.curve_figures import check_drawing, made, read


def ventricle(effect: Effect) -> dict[str, float]:
    time, level = potential(Cell.VENTRICLE, effect)
    rest = float(level[:400].mean())
    active = time[level > rest + 0.1 * (level.max() - rest)]
    after_push = time > 52
    return {
        "rest": rest,
        "peak": float(level.max()),
        "upstroke": float(np.gradient(level, time)[after_push].max()),
        "lasts": float(active[-1] - active[0]),
        "plateau": float(np.interp(150, time, level)),
    }


def node(effect: Effect) -> dict[str, float]:
    time, level = potential(Cell.SINUS_NODE, effect)
    beats = time[1:][(level[:-1] < -30) & (level[1:] >= -30)]
    early = (time > 100) & (time < 350)
    return {
        "cycle": float(np.diff(beats).mean()),
        "lowest": float(level.min()),
        "peak": float(level.max()),
        "upstroke": float(np.gradient(level, time).max()),
        "slope": float(np.polyfit(time[early], level[early], 1)[0]),
    }


USUAL, PACE = ventricle(Effect.NONE), node(Effect.NONE)


def test_a_ventricular_cell_rests_overshoots_and_lasts_as_the_textbooks_say():
    assert -92 < USUAL["rest"] < -82
    assert 15 < USUAL["peak"] < 40
    assert 0 < USUAL["plateau"] < 25
    assert 220 < USUAL["lasts"] < 320


def test_it_has_a_notch_before_its_plateau():
    time, level = potential(Cell.VENTRICLE, Effect.NONE)
    peak = float(level[time < 70].max())
    notch = float(level[(time > 60) & (time < 100)].min())
    dome = float(level[(time > 100) & (time < 200)].max())
    assert notch < peak - 8
    assert notch < dome - 5


def test_the_sinus_node_beats_by_itself_between_sixty_and_a_hundred_from_a_slow_rise():
    assert 60 < 60_000 / PACE["cycle"] < 100
    assert -70 < PACE["lowest"] < -55
    assert 0 < PACE["peak"] < 15
    assert 0.02 < PACE["slope"] < 0.08
    assert PACE["upstroke"] < USUAL["upstroke"] / 5


def test_class_one_slows_the_upstroke_and_its_subclasses_differ_in_how_long_the_potential_lasts():
    a, b, c = (ventricle(effect) for effect in (Effect.CLASS_IA, Effect.CLASS_IB, Effect.CLASS_IC))
    assert c["upstroke"] < a["upstroke"] < b["upstroke"] < USUAL["upstroke"]
    assert c["upstroke"] < 0.5 * USUAL["upstroke"]
    assert a["lasts"] > USUAL["lasts"] + 20
    assert b["lasts"] < USUAL["lasts"] - 5
    assert c["lasts"] == pytest.approx(USUAL["lasts"], abs=12)


def test_class_three_lengthens_and_leaves_the_upstroke():
    found = ventricle(Effect.CLASS_III)
    assert found["lasts"] > USUAL["lasts"] + 50
    assert found["upstroke"] == pytest.approx(USUAL["upstroke"], rel=0.01)


def test_class_four_lowers_the_plateau_of_the_ventricle_and_the_upstroke_of_the_node():
    assert ventricle(Effect.CLASS_IV)["plateau"] < USUAL["plateau"] - 5
    found = node(Effect.CLASS_IV)
    assert found["upstroke"] < 0.7 * PACE["upstroke"]
    assert found["cycle"] > PACE["cycle"] + 30


def test_hyperkalemia_lifts_the_rest_slows_the_upstroke_and_shortens():
    found = ventricle(Effect.HYPERKALEMIA)
    assert found["rest"] > USUAL["rest"] + 8
    assert found["upstroke"] < 0.9 * USUAL["upstroke"]
    assert found["lasts"] < USUAL["lasts"] - 5


@pytest.mark.parametrize(
    ("effect", "is_slower"),
    [("class-ii", True), ("vagal", True), ("ivabradine", True), ("sympathetic", False)],
)
def test_what_acts_on_the_node_changes_its_rate_by_the_slope_of_its_slow_rise(effect, is_slower):
    found = node(Effect(effect))
    assert (found["cycle"] > PACE["cycle"] + 50) == is_slower
    assert (found["cycle"] < PACE["cycle"] - 100) != is_slower
    assert (found["slope"] < PACE["slope"]) == is_slower


def test_the_vagus_lowers_the_lowest_potential():
    assert node(Effect.VAGAL)["lowest"] < PACE["lowest"] - 1


def test_a_drug_that_does_nothing_in_a_cell_is_refused():
    assert "cell=sinus-node takes effect=none" in str(read(KIND, cell="sinus-node", effect="class-iii"))
    assert "cell=ventricle takes effect=none" in str(read(KIND, effect="vagal"))
    assert "leave out effect" in str(read(KIND, effect="class-iii", phases=True))


@pytest.mark.parametrize(("cell", "effects"), [("ventricle", MYOCYTES), ("sinus-node", PACEMAKERS)])
def test_every_pair_can_be_drawn_and_is_named(cell, effects):
    for effect in effects:
        svg = check_drawing(KIND, made(KIND, cell=cell, effect=effect))
        assert (">B</text>" in svg) == (effect is not Effect.NONE)


def test_phases_stand_only_where_they_are_asked_for():
    svg = check_drawing(KIND, made(KIND, phases=True))
    assert all(f'text-anchor="middle">{phase}</text>' in svg for phase in "01234")
    svg = check_drawing(KIND, made(KIND, phases=True, cell="sinus-node"))
    assert 'text-anchor="middle">2</text>' not in svg
    assert 'text-anchor="middle">4</text>' in svg
    assert 'text-anchor="middle">4</text>' not in check_drawing(KIND, made(KIND))
