"""A plan as JSON, to be kept and to be told: dates, minutes by what they go to, areas by their codes; and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from bedside.study import CatchUp, DaysKept, Ledger, Leg, Phase, Plan, Score, Shortfall, Week

Json = dict[str, Any]


def plan_json(plan: Plan, codes: Sequence[str]) -> Json:
    """The plan; `codes` name its areas."""
    return {
        "on": plan.on.isoformat(),
        "exam_on": _day(plan.exam_on),
        "weeks": [_week_json(week, codes) for week in plan.weeks],
        "completed_by": {codes[area]: day.isoformat() for area, day in sorted(plan.completed_by().items())},
        "shortfall": _shortfall_json(plan.shortfall, codes) if plan.shortfall else None,
    }


def plan_from(told: Mapping[str, Any], codes: Sequence[str]) -> Plan:
    """The plan back from its JSON."""
    place = {code: index for index, code in enumerate(codes)}
    return Plan(
        date.fromisoformat(told["on"]),
        _date(told["exam_on"]),
        tuple(_week(week, place) for week in told["weeks"]),
        _shortfall(told["shortfall"], place) if told["shortfall"] else None,
    )


def leg_json(leg: Leg, codes: Sequence[str], *, title: str) -> Json:
    """One exam of the road with the plan that leads to it."""
    return {
        "goal": leg.goal,
        "title": title,
        "is_proposed": leg.is_proposed,
        "codes": list(codes),
        **plan_json(leg.plan, codes),
    }


def leg_from(told: Mapping[str, Any]) -> Leg:
    """The leg back from its JSON."""
    return Leg(told["goal"], plan_from(told, told["codes"]), told["is_proposed"])


def score_json(score: Score) -> Json:
    """An expected score with its 95% interval, in shares of items right, 0 to 1."""
    return {
        "low": round(score.low, 4),
        "mid": round(score.expected, 4),
        "high": round(score.high, 4),
        "n_answers": round(score.n_answers, 1),
    }


def ledger_json(ledger: Ledger) -> Json:
    """Hours in all, by kind, and by week (its Monday)."""
    return {
        "hours": round(ledger.hours, 2),
        "by_kind": {kind.value: round(hours, 2) for kind, hours in sorted(ledger.by_kind.items())},
        "by_week": {week.isoformat(): round(hours, 2) for week, hours in ledger.by_week.items()},
    }


def kept_json(kept: DaysKept) -> Json:
    """The run of days kept."""
    return {"n_days": kept.n_days, "longest": kept.longest, "rest_days_left": kept.rest_days_left}


def catch_up_json(offer: CatchUp) -> Json:
    """The offer to make up for missed days."""
    return {
        "minutes_behind": round(offer.minutes_behind),
        "extra_minutes_a_day": round(offer.extra_minutes_a_day),
        "until": offer.until.isoformat(),
        "minutes_let_go": round(offer.minutes_let_go),
    }


def _week_json(week: Week, codes: Sequence[str]) -> Json:
    new = {code: round(float(minutes), 1) for code, minutes in zip(codes, week.new_minutes, strict=True) if minutes > 0}
    return {
        "starts_on": week.starts_on.isoformat(),
        "phase": week.phase.value,
        "minutes": round(week.minutes, 1),
        "by_kind": {
            "review": round(week.upkeep_minutes, 1),
            "new": round(float(week.new_minutes.sum()), 1),
            "case": round(week.case_minutes, 1),
            "block": round(week.block_minutes, 1),
        },
        "new_by_area": new,
        "completed": [codes[area] for area in week.completed],
        "score": score_json(week.score),
        "score_by_area": [round(float(share), 4) for share in week.score.by_area],
    }


def _week(told: Mapping[str, Any], place: Mapping[str, int]) -> Week:
    new = np.zeros(len(place))
    for code, minutes in told["new_by_area"].items():
        new[place[code]] = minutes
    score, kind = told["score"], told["by_kind"]
    return Week(
        date.fromisoformat(told["starts_on"]),
        Phase(told["phase"]),
        told["minutes"],
        kind["review"],
        kind["case"],
        kind["block"],
        new,
        tuple(place[code] for code in told["completed"]),
        Score(score["mid"], score["low"], score["high"], np.array(told["score_by_area"]), score["n_answers"]),
    )


def _shortfall_json(short: Shortfall, codes: Sequence[str]) -> Json:
    return {
        "minutes_short": round(short.minutes_short),
        "areas": [codes[area] for area in short.areas],
        "minutes_a_day": short.minutes_a_day,
        "exam_on": _day(short.exam_on),
    }


def _shortfall(told: Mapping[str, Any], place: Mapping[str, int]) -> Shortfall:
    areas = tuple(place[code] for code in told["areas"])
    return Shortfall(told["minutes_short"], areas, told["minutes_a_day"], _date(told["exam_on"]))


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
