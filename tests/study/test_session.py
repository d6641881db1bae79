"""The session for today: within its minutes and its bounds, the same each time, and worth the most."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.errors import UsageError
from bedside.study import (
    NO_AREA,
    Ahead,
    Area,
    Breadth,
    Due,
    HighYield,
    Kind,
    LeftOut,
    Offer,
    RealConditions,
    WeeklyCase,
    Why,
    build_session,
    interleaved,
)
from bedside.study.offers import Piece
from tests.study.made import ON, made_known, made_state

STATES = st.builds(
    made_state,
    seed=st.integers(0, 10_000),
    n_areas=st.integers(2, 9),
    n_known=st.integers(0, 80),
    n_unmet=st.integers(0, 80),
    exam_in=st.sampled_from([None, 0, 1, 9, 40, 400]),
    cases=st.sampled_from([(), (Offer("case.a", 25.0), Offer("case.b", 12.0))]),
    blocks=st.sampled_from([(), (Offer("whole", 60.0), Offer("half", 30.0))]),
    case_days_ago=st.integers(0, 20),
)
MINUTES = st.floats(0, 180)


def kinds(session):
    return [piece.kind for piece in session.pieces]


@given(STATES, MINUTES, st.integers(0, 99))
def test_a_session_is_never_over_its_minutes_and_names_nothing_twice(state, minutes, seed):
    session = build_session(state, minutes, ON, seed)

    assert session.planned_minutes <= minutes + 1e-9
    assert max(Counter(piece.name for piece in session.pieces).values(), default=1) == 1


@given(STATES, MINUTES, st.integers(0, 99))
def test_the_same_state_and_seed_give_the_same_session(state, minutes, seed):
    assert build_session(state, minutes, ON, seed) == build_session(state, minutes, ON, seed)


@given(STATES, MINUTES)
def test_no_area_takes_more_than_three_fifths_of_the_minutes_where_there_are_others(state, minutes):
    session = build_session(state, minutes, ON)

    offered = {*state.known.area.tolist(), *state.unmet.area.tolist()}
    for area in offered:
        mine = [piece.minutes for piece in session.pieces if piece.area == area]
        assert len(offered) == 1 or len(mine) <= 1 or sum(mine) <= 0.6 * minutes + 1e-9


@given(STATES, MINUTES)
def test_what_could_still_be_done_does_not_fit_the_minutes_that_are_left(state, minutes):
    session = build_session(state, minutes, ON)

    left, taken = minutes - session.planned_minutes, {piece.name for piece in session.pieces}
    used: dict[int, float] = defaultdict(float)
    for piece in session.pieces:
        used[piece.area] += piece.minutes
    n_areas = len({*state.known.area.tolist(), *state.unmet.area.tolist()})
    most = 0.6 * minutes if n_areas > 1 else minutes
    for name, area, takes in zip(state.unmet.subjects, state.unmet.area.tolist(), state.unmet.minutes.tolist(), strict=True):
        assert name in taken or takes > left or (used[area] and used[area] + takes > most)


@given(st.integers(0, 500), st.integers(20, 120))
def test_every_area_is_met_within_fourteen_days_by_daily_sessions(seed, minutes):
    weights = [0.6, 0.2, 0.1, 0.05, 0.04, 0.01]
    state = made_state(seed=seed, weights=weights, area_met_days_ago=[0] * 6, n_unmet=200)
    met = state.area_met_day.copy()
    for day in range(40):
        on = ON.fromordinal(ON.toordinal() + day)
        session = build_session(replace(state, area_met_day=met.copy()), minutes, on)
        for piece in session.pieces:
            met[piece.area] = on.toordinal()
        assert (on.toordinal() - met).max() < 14


@given(STATES, MINUTES)
def test_what_is_surely_remembered_is_not_asked_ahead_of_its_day(state, minutes):
    session = build_session(state, minutes, ON)

    assert all(piece.reason.p_recall <= 0.97 for piece in session.pieces if isinstance(piece.reason, Ahead))


def test_an_area_that_is_owed_comes_up_although_all_of_it_is_remembered():
    state = made_state(n_areas=2, weights=[0.5, 0.5], n_unmet=0, area_met_days_ago=[1, 13])
    today = ON.toordinal()
    schedule = replace(
        state.known.schedule, stability_days=np.full(60, 9_000.0), last_day=np.full(60, today - 13, dtype=np.int32)
    )
    known = replace(state.known, schedule=schedule, due_day=np.full(60, today + 900, dtype=np.int32))

    session = build_session(replace(state, known=known), 30, ON)

    assert [(piece.area, piece.reason) for piece in session.pieces] == [(1, Breadth(13))]


def test_an_area_that_was_left_for_long_comes_up_and_says_so():
    state = made_state(weights=[0.9, 0.1], n_areas=2, area_met_days_ago=[1, 13])

    session = build_session(state, 6, ON)

    assert Breadth(13) in [piece.reason for piece in session.pieces if piece.area == 1]


def test_an_area_that_does_not_fit_is_named_with_the_minutes_it_takes():
    state = made_state(weights=[0.5, 0.5], n_areas=2, area_met_days_ago=[1, 13], n_known=0, n_unmet=4)

    session = build_session(state, 1.0, ON)

    shortest = state.unmet.minutes[state.unmet.area == 1].min()
    assert session.left_out == (LeftOut(Why.AREA_DID_NOT_FIT, float(shortest), 1),)


def test_the_area_that_weighs_more_and_is_known_less_comes_first():
    state = made_state(n_areas=2, n_known=0, n_unmet=100)
    state = replace(
        state,
        areas=(Area("renal", 0.3, 50), Area("skin", 0.1, 50)),
        p_unmet=np.array([0.3, 0.3]),
        unmet=replace(state.unmet, minutes=np.full(100, 2.0)),
    )

    alike = build_session(state, 8, ON)
    renal_known = build_session(replace(state, p_unmet=np.array([0.95, 0.3])), 8, ON)

    assert Counter(piece.area for piece in alike.pieces) == {0: 2, 1: 2}  # three fifths of eight minutes are two of renal
    assert renal_known.pieces[0].value < alike.pieces[0].value or renal_known.pieces[0].area == 1
    assert HighYield(0.3, 0.3) in [piece.reason for piece in alike.pieces]


def test_what_is_due_says_how_likely_it_is_remembered_and_the_rest_waits():
    state = made_state(n_unmet=0, n_areas=1)

    short, long = build_session(state, 20, ON), build_session(state, 10_000, ON)

    due = set(np.flatnonzero(state.known.due_day <= ON.toordinal()).tolist())
    reasons = {piece.name: piece.reason for piece in long.pieces}
    for row, subject in enumerate(state.known.schedule.subjects):
        assert isinstance(reasons[subject], Due if row in due else Ahead)
    taken = {piece.name for piece in short.pieces if isinstance(piece.reason, Due)}
    left = 20 - sum(piece.minutes for piece in short.pieces if piece.name in taken)
    assert taken
    assert all(state.known.minutes[row] > left for row in due if state.known.schedule.subjects[row] not in taken)


def test_what_was_reviewed_today_does_not_come_again_today():
    state = made_state(n_unmet=0, n_known=20)
    schedule = replace(state.known.schedule, last_day=np.full(20, ON.toordinal(), dtype=np.int32))

    assert build_session(replace(state, known=replace(state.known, schedule=schedule)), 60, ON).pieces == ()


def test_a_case_comes_every_week_and_only_then():
    case = (Offer("chest-pain", 20.0),)

    owed = build_session(made_state(cases=case, case_days_ago=7), 60, ON)
    not_owed = build_session(made_state(cases=case, case_days_ago=6), 60, ON)

    assert [(piece.name, piece.reason) for piece in owed.pieces if piece.kind is Kind.CASE] == [("chest-pain", WeeklyCase(7))]
    assert Kind.CASE not in kinds(not_owed)


def test_a_case_that_does_not_fit_is_left_out_by_name():
    session = build_session(made_state(cases=(Offer("chest-pain", 20.0),)), 15, ON)

    assert LeftOut(Why.CASE_TOO_LONG, 20.0) in session.left_out
    assert Kind.CASE not in kinds(session)


@pytest.mark.parametrize(("exam_in", "expected"), [(15, None), (14, RealConditions(14)), (1, RealConditions(1)), (0, None)])
def test_in_the_last_two_weeks_blocks_are_sat_as_they_will_be(exam_in, expected):
    session = build_session(made_state(exam_in=exam_in, blocks=(Offer("whole", 60.0), Offer("half", 30.0))), 70, ON)

    blocks = [(piece.name, piece.reason) for piece in session.pieces if piece.kind is Kind.BLOCK]
    assert blocks == ([("whole", expected)] if expected else [])


def test_the_longest_block_that_fits_is_taken_and_one_that_does_not_is_named():
    blocks = (Offer("whole", 60.0), Offer("half", 30.0))

    half = build_session(made_state(exam_in=5, blocks=blocks), 45, ON)
    none = build_session(made_state(exam_in=5, blocks=blocks), 20, ON)

    assert half.pieces[0].name == "half"
    assert none.left_out == (LeftOut(Why.BLOCK_TOO_LONG, 30.0),)


def test_the_weekly_case_comes_before_the_block_on_a_day_too_short_for_both():
    blocks = (Offer("whole", 60.0), Offer("half", 30.0))
    state = made_state(exam_in=5, cases=(Offer("chest-pain", 20.0),), blocks=blocks)

    both, one = build_session(state, 60, ON), build_session(state, 30, ON)

    assert [piece.name for piece in both.pieces[:2]] == ["chest-pain", "half"]
    assert one.pieces[0].name == "chest-pain"
    assert LeftOut(Why.BLOCK_TOO_LONG, 30.0) in one.left_out


def test_areas_that_a_timed_block_meets_are_not_owed_beside_it():
    state = made_state(exam_in=5, blocks=(Offer("whole", 60.0),), area_met_days_ago=[20] * 6)

    with_block, without = build_session(state, 60, ON), build_session(replace(state, block_day=ON.toordinal()), 1, ON)

    assert with_block.left_out == ()
    assert {one.why for one in without.left_out} == {Why.AREA_DID_NOT_FIT}


def test_what_is_known_of_an_area_is_not_claimed_before_it_was_asked():
    state = replace(made_state(n_areas=2, n_known=0), n_asked=np.array([0.0, 3.0]))

    session = build_session(state, 60, ON)

    claimed = {piece.area: piece.reason.p_known for piece in session.pieces if isinstance(piece.reason, HighYield)}
    assert claimed == {0: None, 1: pytest.approx(state.p_unmet[1])}


def test_own_cards_of_no_area_compete_with_the_rest():
    state = made_state(n_unmet=0, n_known=30)
    cards = replace(state.known, area=np.full(30, NO_AREA, dtype=np.int16))

    session = build_session(replace(state, known=cards), 10, ON)

    assert {piece.area for piece in session.pieces} == {NO_AREA}


@given(st.lists(st.integers(0, 4), max_size=30), st.integers(0, 9))
def test_no_area_follows_itself_where_that_is_possible(areas, seed):
    pieces = [Piece(Kind.NEW, str(n), area, 2.0, 0.1, HighYield(0.1, 0.1)) for n, area in enumerate(areas)]

    ordered = [piece.area for piece in interleaved(pieces, seed=seed)]

    assert Counter(ordered) == Counter(areas)
    fullest = max(Counter(areas).values(), default=0)
    repeats = sum(one == other for one, other in pairwise(ordered))
    assert repeats == max(0, 2 * fullest - 1 - len(areas))


def test_negative_minutes_are_refused():
    with pytest.raises(UsageError, match="-1 minutes"):
        build_session(made_state(), -1, ON)


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(UsageError, match="differ in length"):
        replace(made_known(5, 2, np.random.default_rng(1)), minutes=np.ones(4))
