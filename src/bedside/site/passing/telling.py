"""The answer to "would I pass?" as JSON, for the plan that is kept, the command line and what reads either."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import Any

from bedside.measure import Evidence, Readiness, TooLittle
from bedside.site.passing.state import Passing

Json = dict[str, Any]
MOST_NARROWING = 3  # areas named


def passing_json(passing: Passing | None, codes: Sequence[str]) -> Json | None:
    """What is said of a day; None where the bank has nothing to judge anybody by.

    `p_pass`, `low`, `high` are chances, 0 to 1; `score` and `cut` shares of a fresh form, with the limits that hold 90%.
    Without enough evidence `p_pass` is null, and `missing` says what there is too little of.
    """
    if passing is None:
        return None
    found, areas = passing.found, passing.areas
    evidence = _evidence_json(found.evidence, [(codes[area], area) for area in areas])
    if isinstance(found, TooLittle):
        missing = [
            {"need": one.need.value, "have": round(float(one.have), 3), "wanted": round(float(one.wanted), 3)}
            for one in found.missing
        ]
        return {"p_pass": None, "missing": missing, "evidence": evidence}
    n = len(found.score.chances) - 1
    score = {"low": found.score.low / n, "mid": found.score.mean / n, "high": found.score.high / n}
    return {
        "p_pass": round(found.p_pass, 4),
        "low": round(found.low, 4),
        "high": round(found.high, 4),
        "score": {name: round(share, 4) for name, share in score.items()},
        "cut": round(found.score.cut / n, 4),
        "n_items": n,
        "against": found.against.value,
        "narrows": [{"area": codes[area], "share": round(float(found.narrowing[area]), 4)} for area in narrowing_most(found)],
        "by_area": [
            {"area": codes[area], "right": round(found.areas[area].right, 4), "asked": round(float(passing.asked[area]), 4)}
            for area in areas
        ],
        "evidence": evidence,
    }


def narrowing_most(found: Readiness) -> list[int]:
    """The areas in which ten more answers would tell most, the first the most telling, as indices."""
    order = sorted(range(len(found.areas)), key=lambda area: -float(found.narrowing[area]))
    return [area for area in order[:MOST_NARROWING] if found.narrowing[area] > 0]


def _evidence_json(evidence: Evidence, areas: Sequence[tuple[str, int]]) -> Json:
    age = evidence.median_age_days
    return {
        "n_answers": evidence.n_answers,
        "n_first": evidence.n_first,
        "n_timed": evidence.n_timed,
        "n_scores": evidence.n_scores,
        "median_age_days": None if isnan(age) else round(age, 1),
        "breadth": round(evidence.breadth, 4),
        "certainty": round(evidence.certainty, 4),
        "unasked": [code for code, area in areas if area in evidence.unasked],
    }
