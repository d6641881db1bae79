"""Each rhythm has the properties that name it, measured in the numbers that are drawn."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.bank import Figure, read_figure, svg_of
from bedside.bank.figures.ecg import Recording, record
from bedside.bank.figures.ecg.words import RATES, Rhythm
from tests.bank.figures.measuring import at, beats, p_onset, qrs_span, rate_of, recorded, seen, spread, whole, within


@pytest.mark.parametrize("rate", [30, 45, 60, 75, 110, 150, 180])
def test_sinus_rhythm_has_its_rate_and_one_p_wave_before_each_qrs(rate: float) -> None:
    recording = recorded(rate=rate, qtc=400)
    found = beats(recording)

    assert rate_of(recording) == pytest.approx(rate, rel=0.04)
    assert spread(np.diff(found)) < 0.05
    for beat in whole(recording, found)[:3]:
        onset, _ = qrs_span(recording, beat)
        if rate <= 75:  # faster, the P wave lies on the T wave before it
            assert 0.11 <= onset - p_onset(recording, onset, room_s=0.3) <= 0.21


@pytest.mark.parametrize("pr", [120, 160, 200])
def test_the_pr_interval_is_as_asked(pr: float) -> None:
    recording = recorded(rate=60, pr=pr)
    onset, _ = qrs_span(recording, whole(recording, beats(recording))[0])

    assert 1000 * (onset - p_onset(recording, onset, room_s=0.3)) == pytest.approx(pr, abs=25)


@pytest.mark.parametrize("qrs", [80, 100, 130, 160])
def test_the_qrs_is_as_wide_as_asked(qrs: float) -> None:
    recording = recorded(rate=60, qrs=qrs)
    onset, end = qrs_span(recording, whole(recording, beats(recording))[0])

    assert 1000 * (end - onset) == pytest.approx(qrs, abs=18)


@pytest.mark.parametrize(("rate", "qtc"), [(50, 400), (60, 420), (60, 560), (80, 480), (100, 380)])
def test_the_qt_interval_ends_where_fridericia_says(rate: float, qtc: float) -> None:
    recording = recorded(rate=rate, qtc=qtc)
    onset, end = qrs_span(recording, whole(recording, beats(recording), after_s=0.9)[0])
    rest = within(recording, "II", end + 0.1, onset + 0.72 * 60 / rate)
    top = int(np.argmax(rest))
    after = rest[top:] < 0.08 * rest[top]

    assert after.any()
    measured = end + 0.1 + (top + int(np.argmax(after))) / 500 - onset
    assert 1000 * measured == pytest.approx(qtc * (60 / rate) ** (1 / 3), abs=35)


def test_atrial_fibrillation_is_irregular_and_has_no_p_wave() -> None:
    for seed in range(1, 6):
        recording = recorded(rhythm="af", rate=100, seed=seed)
        found = beats(recording)
        before = np.mean([within(recording, "II", beat - 0.22, beat - 0.06) for beat in found if beat > 0.3], axis=0)

        assert spread(np.diff(found)) > 0.15
        assert np.ptp(before) < 0.1  # what stands before each beat is another thing each time
        assert rate_of(recording) == pytest.approx(100, rel=0.08)
    sinus = recorded(rate=100)
    assert np.ptp(np.mean([within(sinus, "II", beat - 0.22, beat - 0.06) for beat in beats(sinus) if beat > 0.3], axis=0)) > 0.1


@pytest.mark.parametrize(("conduction", "rate"), [("2:1", 150), ("3:1", 100), ("4:1", 75), ("4:1", 66)])
def test_atrial_flutter_saws_at_250_to_350_and_conducts_by_its_ratio(conduction: str, rate: float) -> None:
    recording = recorded(rhythm="flutter", conduction=conduction, rate=rate)

    assert rate_of(recording) == pytest.approx(rate, rel=0.02)
    assert spread(np.diff(beats(recording))) < 0.02
    assert _dominant(recording) * 60 == pytest.approx(rate * float(conduction[0]), rel=0.03)
    assert 250 <= _dominant(recording) * 60 <= 350


def test_flutter_with_variable_conduction_beats_at_multiples_of_its_cycle() -> None:
    intervals = np.diff(beats(recorded(rhythm="flutter", conduction="variable"))) / 0.2

    assert len({round(one) for one in intervals.tolist()}) >= 3
    assert np.allclose(intervals, np.round(intervals), atol=0.05)


def _dominant(recording: Recording) -> float:
    """The strongest frequency between 3 and 7 Hz of lead II without its QRS complexes."""
    mv = recording.mv["II"].copy()
    for beat in beats(recording):
        first, last = max(0, int((beat - 0.05) * 500)), min(len(mv) - 1, int((beat + 0.06) * 500))
        mv[first : last + 1] = np.linspace(mv[first], mv[last], last + 1 - first)
    power = np.abs(np.fft.rfft((mv - mv.mean()) * np.hanning(len(mv)), 1 << 16))
    rates = np.fft.rfftfreq(1 << 16, 1 / 500)
    band = (rates > 4) & (rates < 6.2)
    return float(rates[band][np.argmax(power[band])])


def test_supraventricular_tachycardia_is_fast_regular_and_narrow_with_the_p_wave_at_its_end() -> None:
    recording = recorded(rhythm="svt", rate=190)
    found = whole(recording, beats(recording))

    assert rate_of(recording) == pytest.approx(190, rel=0.02)
    assert spread(np.diff(found)) < 0.02
    assert [qrs.at_s for qrs in recording.activity.ventricles if qrs.kind != "conducted"] == []
    assert within(recording, "II", found[0] + 0.06, found[0] + 0.13).min() < -0.08  # pseudo-S


def test_multifocal_atrial_tachycardia_has_three_p_waves_and_none_of_its_intervals_is_fixed() -> None:
    recording = recorded(rhythm="mat")
    heights = {round(float(within(recording, "II", p.at_s + 0.03, p.at_s + 0.05).mean()), 2) for p in seen(recording)}

    assert rate_of(recording) >= 100
    assert spread(np.diff(beats(recording))) > 0.1
    assert len({p.kind for p in seen(recording)}) >= 3
    assert max(heights) - min(heights) > 0.25


def test_a_ventricular_premature_beat_is_early_wide_and_has_a_compensatory_pause() -> None:
    recording = recorded(rhythm="pvc", rate=60)
    found = beats(recording, share=0.2)
    early = int(np.argmin(np.diff(found)[:-1]))
    before, pause = np.diff(found)[early : early + 2]
    onset, end = qrs_span(recording, found[early + 1])

    assert before < 0.8
    assert before + pause == pytest.approx(2.0, abs=0.09)
    assert end - onset > 0.12


def test_an_atrial_premature_beat_is_narrow_and_its_pause_is_less_than_compensatory() -> None:
    recording = recorded(rhythm="pac", rate=60)
    found = beats(recording)
    early = int(np.argmin(np.diff(found)[:-1]))
    before, pause = np.diff(found)[early : early + 2]
    onset, end = qrs_span(recording, found[early + 1])

    assert before < 0.75
    assert before + pause < 1.9
    assert end - onset < 0.12
    assert within(recording, "II", onset - 0.16, onset - 0.1).min() < -0.05  # its P wave comes from elsewhere


def test_in_bigeminy_every_second_beat_is_ventricular() -> None:
    kinds = [qrs.kind for qrs in recorded(rhythm="bigeminy").activity.ventricles]

    assert all(one != other for one, other in pairwise(kinds))
    assert set(kinds) == {"conducted", "ectopic"}


@pytest.mark.parametrize("rate", [130, 180, 220])
def test_ventricular_tachycardia_is_wide_and_the_atria_go_their_own_way(rate: float) -> None:
    recording = recorded(rhythm="vt", rate=rate)
    gaps = [min(abs(p.at_s - qrs.at_s) for qrs in recording.activity.ventricles) for p in seen(recording)]

    assert rate_of(recording) == pytest.approx(rate, rel=0.03)
    assert np.ptp(gaps) > 0.08 * 60 / rate
    deep = recording.mv["II"] < 0.4 * recording.mv["II"].min()
    width = deep.sum() / 500 / (10 * rate / 60)
    assert width > 0.055  # at less than half of its depth; that of a conducted beat is 0.02 s wide there
    assert recording.mv["aVR"].max() > 0.5  # away from the apex: the axis is northwest
    assert -recording.mv["I"].min() > recording.mv["I"].max()
    assert recording.mv["V1"].max() > 0.6


def test_torsades_twists_around_the_baseline_after_a_long_qt() -> None:
    recording = recorded(rhythm="torsades")
    late = recording.mv["II"][round(2.5 * 500) :]
    turns = [np.mean(np.sign(part[np.argmax(np.abs(part))])) for part in np.array_split(late, 20)]

    assert -1 in turns
    assert 1 in turns
    crossings = np.count_nonzero(np.diff(np.sign(late)) > 0) / (len(late) / 500)
    assert 150 <= 60 * crossings <= 280
    first = recording.activity.ventricles[0]
    assert first.kind == "long"


def test_ventricular_fibrillation_is_coarse_and_without_complexes() -> None:
    mv = recorded(rhythm="vf").mv["II"]
    power = np.abs(np.fft.rfft(mv - mv.mean())) ** 2
    rates = np.fft.rfftfreq(len(mv), 1 / 500)

    assert np.ptp(mv) > 0.6
    assert power[(rates > 2.5) & (rates < 8.5)].sum() > 0.9 * power.sum()
    one, other = mv[500:1500], mv[2500:3500]
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.5


def test_asystole_is_flat() -> None:
    assert np.abs(recorded(rhythm="asystole").mv["II"]).max() < 0.05


def test_a_sinus_pause_is_long_and_no_multiple_of_the_interval() -> None:
    for seed in range(1, 4):
        intervals = np.diff(beats(recorded(rhythm="sinus-pause", seed=seed)))
        ratio = intervals.max() / np.median(intervals)

        assert intervals.max() > 2
        assert abs(ratio - round(ratio)) > 0.2
        assert np.count_nonzero(intervals > 1.2 * np.median(intervals)) == 1


def test_electrical_alternans_is_low_and_alternates() -> None:
    recording = recorded(pattern="electrical-alternans")
    heights = [
        within(recording, "II", qrs.at_s, qrs.at_s + 0.09).max() for qrs in recording.activity.ventricles if 0 < qrs.at_s < 9.5
    ]
    inside = np.array(heights[:12])

    assert inside.max() < 0.5
    assert (np.diff(inside)[1:] * np.diff(inside)[:-1] < 0).all()
    assert rate_of(recording) > 100


def test_an_osborn_wave_stands_at_the_end_of_the_qrs_of_a_slow_heart() -> None:
    recording = recorded(pattern="osborn")
    first = next(qrs.at_s for qrs in recording.activity.ventricles if qrs.at_s > 0.5)

    assert rate_of(recording) < 60
    assert within(recording, "II", first + 0.08, first + 0.11).max() > 0.2
    assert within(recording, "II", first + 0.15, first + 0.2).max() < 0.1


def test_a_junctional_rhythm_is_slow_with_a_p_wave_turned_over() -> None:
    recording = recorded(rhythm="junctional")
    onset, end = qrs_span(recording, whole(recording, beats(recording))[0])

    assert 40 <= rate_of(recording) <= 60
    assert end - onset < 0.12
    assert within(recording, "II", onset - 0.09, onset - 0.03).min() < -0.1
    assert within(recording, "II", onset - 0.3, onset - 0.03).max() < 0.05


def test_an_accelerated_idioventricular_rhythm_is_wide_and_no_tachycardia() -> None:
    recording = recorded(rhythm="aivr")
    onset, end = qrs_span(recording, whole(recording, beats(recording))[0])

    assert 50 <= rate_of(recording) <= 110
    assert end - onset > 0.12


def test_a_paced_beat_has_a_spike_before_a_wide_qrs() -> None:
    recording = recorded(rhythm="paced", rate=70)
    mv = recording.mv["II"]
    spikes = np.flatnonzero(np.gradient(mv) > 0.12) / 500

    assert rate_of(recording) == pytest.approx(70, rel=0.01)
    for spike in spikes[(spikes > 0.1) & (spikes < 9.5)]:
        after = within(recording, "II", spike + 0.03, spike + 0.2)
        assert after.min() < -0.5
        assert np.count_nonzero(after < -0.2) / 500 > 0.05


def test_potassium_peaks_the_t_wave_then_flattens_p_and_widens_qrs_then_makes_a_sine_wave() -> None:
    def look(potassium: float) -> tuple[float, float, float]:
        recording = recorded(rate=60, potassium=potassium)
        first = next(qrs.at_s for qrs in recording.activity.ventricles if qrs.at_s > 1)
        onset, end = qrs_span(recording, first + 0.05)
        t = within(recording, "II", end + 0.08, onset + 0.5).max()
        p = within(recording, "II", first - 0.16, first - 0.06).max()
        return float(t), float(p), end - onset

    normal, peaked, late = look(4), look(6.2), look(7.6)
    assert peaked[0] > 2 * normal[0]
    assert peaked[1] == pytest.approx(normal[1], abs=0.03)
    assert late[1] < 0.5 * normal[1]
    assert late[2] > normal[2] + 0.03
    sine = recorded(rate=75, potassium=8.5)
    assert np.abs(np.gradient(sine.mv["II"])).max() < 0.05  # nothing sharp is left
    assert not any(np.ptp(within(sine, "II", start, start + 0.1)) < 0.01 for start in np.arange(1, 8, 0.05))


def test_a_low_potassium_flattens_t_and_raises_a_u_wave_behind_it() -> None:
    recording = recorded(rate=60, potassium=2.5)
    onset, end = qrs_span(recording, whole(recording, beats(recording))[1])
    qt = 0.41
    t = within(recording, "II", onset + qt - 0.12, onset + qt - 0.03).max()
    u = within(recording, "II", onset + qt + 0.02, onset + qt + 0.13).max()

    assert u > t
    assert u > 0.1
    assert at(recording, "II", end + 0.08) < at(recording, "II", onset - 0.24)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("rhythm=vt rate=60", "has a rate of 120 to 240"),
        ("rhythm=vf rate=100", "leave rate out"),
        ("rhythm=flutter conduction=2:1 rate=90", "would flutter at 180/min"),
        ("rhythm=flutter conduction=variable rate=90", "leave rate out"),
        ("rhythm=flutter conduction=5:4", "conduction of flutter is one of 2:1"),
        ("rhythm=sinus conduction=2:1", "no use for conduction"),
        ("rhythm=mobitz-1 rate=60", "give atrial_rate"),
        ("rhythm=af pr=120", "no use for pr"),
        ("rhythm=vt pattern=lbbb", "beats that come from above"),
        ("rhythm=vf leads=12", "lead II only"),
        ("leads=12 seconds=6", "leave seconds out"),
        ("rate=170 qtc=640", "would end in the next beat"),
        ("rhythm=first-degree-block pr=150", "no first-degree block"),
        ("pr=300", "first-degree-block"),
        ("rhythm=first-degree-block pr=400 rate=100", "would hide in the T wave"),
        ("pattern=wpw pr=160", "120 or less"),
        ("rhythm=af potassium=7", "no use for potassium"),
        ("pattern=lbbb potassium=7", "pattern=normal"),
        ("rhythm=third-degree-block rate=70", "has a rate of 20 to 45"),
        ("rate=999", "less than or equal to 260"),
        ("rhythm=samba", "should be 'sinus'"),
        ("tempo=90", 'unknown parameter "tempo"'),
    ],
)
def test_what_can_t_be_is_refused_with_a_reason(words: str, reason: str) -> None:
    found = read_figure(f"ecg {words}")

    assert isinstance(found, str)
    assert reason in found


@st.composite
def possible_words(draw: st.DrawFn) -> str:
    rhythm = draw(st.sampled_from(Rhythm.__args__))  # type: ignore[attr-defined]
    words = [f"rhythm={rhythm}", f"seed={draw(st.integers(1, 9999))}"]
    if rhythm in RATES and draw(st.booleans()):
        low, _, high = RATES[rhythm]
        words.append(f"rate={draw(st.floats(low, high)):.3g}")
    if draw(st.booleans()):
        words.append(draw(st.sampled_from(["leads=12", "seconds=6.3", "seconds=10"])))
    if draw(st.booleans()):
        words.append(draw(st.sampled_from(["potassium=2", "potassium=9", "pattern=rbbb", "pattern=lvh", "qtc=320", "qtc=640"])))
    return "ecg " + " ".join(words)


@settings(max_examples=60, deadline=None)
@given(possible_words())
def test_any_possible_electrocardiogram_is_drawn_small_and_always_the_same(words: str) -> None:
    found = read_figure(words)
    if isinstance(found, str):
        return
    assert isinstance(found, Figure)
    recording = record(found.parameters)  # type: ignore[arg-type]
    svg = svg_of(words, "A strip")

    assert all(np.isfinite(mv).all() and np.abs(mv).max() < 4 for mv in recording.mv.values())
    assert svg == found.as_svg("A strip")
    assert 0 < len(svg) < 45_000
    assert "nan" not in svg


def test_another_seed_is_another_strip_of_the_same_rhythm() -> None:
    assert svg_of("ecg rhythm=af seed=1", "") != svg_of("ecg rhythm=af seed=2", "")
