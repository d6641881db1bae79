"""The parts of the page of readiness: the chance with its pictures, what is missing for one, and practice tests."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from bedside.measure import Readiness
from bedside.site.passing import words
from bedside.site.passing.forms import PracticeScoreForm
from bedside.site.passing.practice_scores import scale_of, scores_of
from bedside.site.passing.standard import standard_share
from bedside.site.passing.state import Passing
from bedside.site.passing.telling import narrowing_most
from bedside.site.progress import over_time
from bedside.site.progress.area_picture import area_picture
from bedside.site.progress.base import Base
from bedside.site.progress.readiness import OverTime
from bedside.site.progress.standards import StandardLine, standards_of

Part = dict[str, Any]
TEN = 10  # new questions, of which what they would tell is told


def chance_part(base: Base, passing: Passing, found: OverTime) -> Part:
    """The answer with its pictures; or what is missing for one."""
    now = passing.found
    if not isinstance(now, Readiness):
        return {"missing": words.all_missing(now)}
    programme = base.content.programmes[base.blueprint.programme]
    standards = standards_of(base.edition, programme.groups)
    titles = base.blueprint.titles
    own = StandardLine(now.score.cut / (len(now.score.chances) - 1), words.own_standard())
    unasked = [titles[area] for area in passing.areas if area in now.evidence.unasked]
    is_published = standard_share(base.edition) is not None
    return {
        "lead": words.lead(now),
        "score_words": words.score_words(now),
        "rests_on": words.rests_on(now.evidence, unasked),
        "against": words.against_words(now, is_published=is_published),
        "chance": over_time.chance_picture(found),
        "areas": area_picture(passing, now, titles),
        "share": over_time.share_picture(found, standards.lines if is_published else (own, *standards.lines)),
        "narrows": [_narrowing(base, area, now) for area in narrowing_most(now)],
        "standards": standards,
    }


def _narrowing(base: Base, area: int, found: Readiness) -> Part:
    blueprint = base.blueprint
    step = f"{blueprint.programme}/{blueprint.step}"
    query = {"step": step, "items": TEN, "state": "unused", blueprint.axis: blueprint.codes[area]}
    return {
        "title": blueprint.titles[area],
        "percent": round(100 * float(found.narrowing[area])),
        "href": f"{reverse('practice:practice')}?{urlencode(query)}",
    }


def practice_scores_part(base: Base, form: PracticeScoreForm | None) -> Part:
    """Practice tests with the form for another; its scale begins with what is published of the step."""
    if not base.is_of_a_step:
        return {}
    scale = scale_of(base.edition)
    begun = {"cut": scale.cut, "error": scale.error, "spread": scale.spread}
    initial = {name: f"{value:g}" for name, value in begun.items() if value is not None}
    return {
        "scores": scores_of(base.user, base.blueprint.programme, base.blueprint.step),
        "score_form": form or PracticeScoreForm(initial=initial),
        "is_score_wrong": form is not None,
    }
