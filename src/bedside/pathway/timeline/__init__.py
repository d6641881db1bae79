"""The road from today to the licence and the first post: milestones with days, slack, costs, and what follows from a delay."""

from bedside.pathway.timeline.asking import Said
from bedside.pathway.timeline.compiling import RULES
from bedside.pathway.timeline.consequences import Following, SeasonShift, Shift, following
from bedside.pathway.timeline.drawing_up import timeline
from bedside.pathway.timeline.entries import MilestoneKind
from bedside.pathway.timeline.folder import Timelines, parse_timelines, read_timelines
from bedside.pathway.timeline.passes import Bound
from bedside.pathway.timeline.plan import Grounds, Plan
from bedside.pathway.timeline.road import CostLine, Placed, Problem, ProblemKind, SeasonOf, Timeline

__all__ = [
    "RULES",
    "Bound",
    "CostLine",
    "Following",
    "Grounds",
    "MilestoneKind",
    "Placed",
    "Plan",
    "Problem",
    "ProblemKind",
    "Said",
    "SeasonOf",
    "SeasonShift",
    "Shift",
    "Timeline",
    "Timelines",
    "following",
    "parse_timelines",
    "read_timelines",
    "timeline",
]
