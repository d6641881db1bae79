"""What the plan's page shows of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bedside.site.passing.words import chance_line
from bedside.site.planning.picture import phases_of, picture_of
from bedside.site.planning.queries import PlanToday
from bedside.site.planning.words import kind_name, phase_name
from bedside.study import Plan

WEEKS_SHOWN = 8  # of the hours so far
LEAST_HOURS = 0.05  # of a kind; less would be shown as none
LEAST_ANSWERS = 30  # first answers; below, no share is said where readiness has nothing to judge by


def plan_page(found: PlanToday) -> dict[str, Any]:
    """The plan as the page's template reads it."""
    plan, told = found.plan, found.told
    titles = dict(enumerate(found.area_titles))
    short = plan.shortfall
    passing = told.get("passing")
    is_thin = passing["p_pass"] is None if passing else told["n_first_answers"] < LEAST_ANSWERS
    picture = picture_of(plan, found.area_titles)
    return {
        "found": found,
        "plan": plan,
        "has_bank": bool(told["n_known"] or told["n_unmet"]),
        "picture": replace(picture, score=None) if picture and is_thin else picture,
        "is_thin": is_thin,
        "chance": chance_line(passing),
        "least": LEAST_ANSWERS,
        "n_takeaways": told.get("n_takeaways", 0),
        "phases": [(phase_name(phase), first, last) for phase, first, last in phases_of(plan)],
        "completed": _completed(plan, titles),
        "short": short,
        "short_areas": [titles[area] for area in short.areas] if short else [],
        "short_hours": short.minutes_short / 60 if short else 0,
        "score": {name: round(100 * told["score"][name]) for name in ("low", "mid", "high")} if found.area_codes else None,
        "end": _end(found),
        "legs": [_leg(leg) for leg in told["road"]],
        "hours": found.ledger.hours,
        "by_kind": [(kind_name(kind), hours) for kind, hours in sorted(found.ledger.by_kind.items()) if hours >= LEAST_HOURS],
        "by_week": [
            (week, week + timedelta(days=6), hours) for week, hours in list(found.ledger.by_week.items())[-WEEKS_SHOWN:]
        ],
    }


def _completed(plan: Plan, titles: Mapping[int, str]) -> list[tuple[date, list[str]]]:
    """The areas that are first complete on each day, in the order of the days."""
    by_day: dict[date, list[str]] = {}
    for area, day in plan.completed_by().items():
        by_day.setdefault(day, []).append(titles[area])
    return sorted(by_day.items())


def _end(found: PlanToday) -> dict[str, int] | None:
    """The score that the plan leads to, in per cent."""
    if not found.plan.weeks or not found.area_codes:
        return None
    score = found.plan.weeks[-1].score
    return {"mid": round(100 * score.expected), "low": round(100 * score.low), "high": round(100 * score.high)}


def _leg(told: dict[str, Any]) -> dict[str, Any]:
    weeks = told["weeks"]
    last = weeks[-1]["score"] if weeks else None
    short = told["shortfall"]
    return {
        "title": told["title"],
        "from": date.fromisoformat(told["on"]),
        "exam_on": date.fromisoformat(told["exam_on"]) if told["exam_on"] else None,
        "is_proposed": told["is_proposed"],
        "n_weeks": len(weeks),
        "hours": round(sum(week["minutes"] for week in weeks) / 60),
        "score": {name: round(100 * last[name]) for name in ("low", "mid", "high")} if last and told["codes"] else None,
        "is_short": short is not None,
        "minutes_a_day": short["minutes_a_day"] if short else None,
    }
