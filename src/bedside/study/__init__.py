"""What to do today: memory, what is worth most, sessions, the plan."""

from bedside.study.catching_up import CatchUp, catch_up
from bedside.study.days import study_day
from bedside.study.days_kept import DaysKept, Ledger, Spent, days_kept, days_missed, ledger, lighter
from bedside.study.evaluation import Predictions, Quality, predictions, quality
from bedside.study.families import Means, Showing, showing_of
from bedside.study.fitting import Fit, fit, fitted, is_fit_due
from bedside.study.forecast import AreaForecast, FirstAnswers, Forecast, Score, area_forecast
from bedside.study.forgetting import (
    DEFAULTS,
    Parameters,
    difficulty_after,
    first_difficulty,
    first_stability_days,
    interval_days,
    retrievability,
    stability_after,
)
from bedside.study.grading import Answer, Confidence, grade_of
from bedside.study.interleaving import interleaved
from bedside.study.memory import History, Memory, Schedule, histories, remembered, replay, schedule_of
from bedside.study.offers import Kind, Piece
from bedside.study.plan import Calendar, Phase, Plan, Shortfall, Week, build_plan
from bedside.study.reasons import Ahead, Breadth, Due, HighYield, LeftOut, RealConditions, Reason, WeeklyCase, Why
from bedside.study.reviews import (
    EntriesDifferError,
    Entry,
    Grade,
    Origin,
    Review,
    Subject,
    Withdrawal,
    card,
    merged,
    standing,
    takeaway,
)
from bedside.study.road import Goal, Leg, build_road
from bedside.study.session import Session, build_session
from bedside.study.spacing import Levelling, desired_retention, due_days, window
from bedside.study.state import NO_AREA, Area, Known, Offer, StudyState, Unmet

__all__ = [
    "DEFAULTS",
    "NO_AREA",
    "Ahead",
    "Answer",
    "Area",
    "AreaForecast",
    "Breadth",
    "Calendar",
    "CatchUp",
    "Confidence",
    "DaysKept",
    "Due",
    "EntriesDifferError",
    "Entry",
    "FirstAnswers",
    "Fit",
    "Forecast",
    "Goal",
    "Grade",
    "HighYield",
    "History",
    "Kind",
    "Known",
    "Ledger",
    "LeftOut",
    "Leg",
    "Levelling",
    "Means",
    "Memory",
    "Offer",
    "Origin",
    "Parameters",
    "Phase",
    "Piece",
    "Plan",
    "Predictions",
    "Quality",
    "RealConditions",
    "Reason",
    "Review",
    "Schedule",
    "Score",
    "Session",
    "Shortfall",
    "Showing",
    "Spent",
    "StudyState",
    "Subject",
    "Unmet",
    "Week",
    "WeeklyCase",
    "Why",
    "Withdrawal",
    "area_forecast",
    "build_plan",
    "build_road",
    "build_session",
    "card",
    "catch_up",
    "days_kept",
    "days_missed",
    "desired_retention",
    "difficulty_after",
    "due_days",
    "first_difficulty",
    "first_stability_days",
    "fit",
    "fitted",
    "grade_of",
    "histories",
    "interleaved",
    "interval_days",
    "is_fit_due",
    "ledger",
    "lighter",
    "merged",
    "predictions",
    "quality",
    "remembered",
    "replay",
    "retrievability",
    "schedule_of",
    "showing_of",
    "stability_after",
    "standing",
    "study_day",
    "takeaway",
    "window",
]
