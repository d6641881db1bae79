"""Making the plan of a study day, and keeping it: the weeks to the next exam, and the road through all that are meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256

import numpy as np

from bedside.site.accounts.models import User
from bedside.site.accounts.queries import profile_of
from bedside.site.blueprint import step_of_profile
from bedside.site.content import Content
from bedside.site.database import one_write
from bedside.site.passing.practice_scores import scores_state
from bedside.site.passing.telling import passing_json
from bedside.site.planning.calendars import times_of
from bedside.site.planning.limits import MOST_GOALS
from bedside.site.planning.models import KeptPlan, StudyGoal
from bedside.site.planning.plan_json import Json, leg_json, plan_json, score_json
from bedside.site.planning.remembering import log_state
from bedside.site.planning.showing import day_start
from bedside.site.planning.standing import Standing, standing_of
from bedside.site.study.zones import zone_of
from bedside.study import Goal, StudyState, Unmet, build_plan, build_road, study_day

MOST_PLANS = 30  # kept of one person; older ones are let go


def inputs_of_plan(user: User, content: Content, *, at: datetime) -> str:
    """What the plan of a day rests on, as a digest: the log before the day began, the exam, the calendar, the goals."""
    zone, profile = zone_of(user.pk), profile_of(user)
    on = study_day(at, zone)
    times = times_of(user, profile)
    goals = [(goal.programme, goal.step, goal.exam_on, goal.not_before) for goal in goals_of(user)]
    log = log_state(user.pk, day_start(on, zone))
    parts = (
        on,
        step_of_profile(profile, content, on=on),
        profile.exam_on,
        times.calendar.weekday_minutes,
        times.ranges_off,
        goals,
        (log.n_reviews, log.n_withdrawals),
        scores_state(user),
        len(content.items),
    )
    return sha256(repr(parts).encode()).hexdigest()


def kept_plan(user: User, on: date, inputs: str) -> Json | None:
    """The plan that was kept of a day, where it still rests on the same."""
    row = KeptPlan.objects.filter(user=user, on=on, inputs=inputs).first()
    return row.plan if row else None


def keep_plan(user: User, content: Content, *, at: datetime) -> Json:
    """Make the plan of the study day of `at`, where it was not made of the same already, and keep it.

    Raises:
        StoreError: the store refused; nothing was written.
    """
    inputs, on = inputs_of_plan(user, content, at=at), study_day(at, zone_of(user.pk))
    kept = kept_plan(user, on, inputs)
    if kept is not None:
        return kept
    made = made_plan(user, content, at=at)
    with one_write():
        KeptPlan.objects.update_or_create(user=user, on=on, defaults={"made_at": at, "inputs": inputs, "plan": made})
        old = KeptPlan.objects.filter(user=user).order_by("-on").values_list("pk", flat=True)[MOST_PLANS:]
        KeptPlan.objects.filter(pk__in=list(old)).delete()
    return made


def made_plan(user: User, content: Content, *, at: datetime) -> Json:
    """The plan as of an instant, as JSON; nothing is kept."""
    standing = standing_of(user, content, at=at)
    plan = build_plan(standing.state, standing.forecast, standing.times.calendar, standing.on)
    legs, problem = _road(user, content, standing)
    return {
        **plan_json(plan, standing.area_codes),
        "programme": standing.programme,
        "step": standing.step,
        "title": standing.title,
        "codes": list(standing.area_codes),
        "titles": list(standing.area_titles),
        "score": score_json(standing.score),
        "n_first_answers": standing.n_first_answers,
        "passing": passing_json(standing.passing, standing.area_codes),
        "n_known": len(standing.state.known.schedule),
        "n_unmet": len(standing.state.unmet),
        "n_takeaways": sum(area.n_takeaways for area in standing.state.areas),
        "road": legs,
        "road_problem": problem,
    }


def goals_of(user: User) -> list[StudyGoal]:
    """The exams after the next one, in the order of their dates; those without one last, as they were added.

    Files of data may have brought more than can be planned for; those come up when one before them is taken away.
    """
    rows = StudyGoal.objects.filter(user=user, removed_at__isnull=True)
    return sorted(rows, key=lambda goal: (goal.exam_on or date.max, goal.changed_at, goal.key.int))[:MOST_GOALS]


def _road(user: User, content: Content, first: Standing) -> tuple[list[Json], str]:
    """The plans of all exams one after the other, and the exam that can't follow; nothing where there is one exam."""
    goals = goals_of(user)
    if not goals:
        return [], ""
    standings, problem = [first], ""
    earliest = first.state.exam_on or first.on
    for goal in goals:
        if goal.exam_on is not None and goal.exam_on <= earliest:
            problem = f"{goal.programme}/{goal.step}"
            break
        earliest = goal.exam_on or earliest
        step = (goal.programme, goal.step)
        standings.append(standing_of(user, content, at=first.at, step=step, exam_on=goal.exam_on))
    names = [f"{one.programme}/{one.step}" for one in standings]
    earliest_days = [None, *(goal.not_before for goal in goals)]
    states = _without_repeats([one.state for one in standings])
    told = [
        Goal(name, state, one.forecast, not_before)
        for name, state, one, not_before in zip(names, states, standings, earliest_days, strict=False)
    ]
    told = _until_possible(told, first.on)
    legs = build_road(told, first.times.calendar, first.on)
    rows = [leg_json(leg, one.area_codes, title=one.title) for leg, one in zip(legs, standings, strict=False)]
    return rows, problem or (names[len(legs)] if len(legs) < len(names) else "")


def _without_repeats(states: Sequence[StudyState]) -> Iterable[StudyState]:
    """What an earlier exam has met is not met again for a later one."""
    before: set[str] = set()
    for state in states:
        rows = np.array([subject not in before for subject in state.unmet.subjects], dtype=np.bool_)
        before |= set(state.unmet.subjects)
        subjects = tuple(subject for subject, stays in zip(state.unmet.subjects, rows.tolist(), strict=True) if stays)
        yield replace(state, unmet=Unmet(subjects, state.unmet.area[rows], state.unmet.minutes[rows]))


def _until_possible(goals: Sequence[Goal], on: date) -> list[Goal]:
    """The goals up to the first without a date: what follows it can't be placed before its own is known to the core."""
    found: list[Goal] = []
    start = on
    for goal in goals:
        if goal.state.exam_on is not None and goal.state.exam_on < start:
            break
        found.append(goal)
        if goal.state.exam_on is not None:
            start = goal.state.exam_on + timedelta(days=1)
    return found
