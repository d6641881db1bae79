"""The debrief of a case: what was earned and lost and why, the run on one time axis, and what if."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bedside.errors import StoreError, UsageError
from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.cases import debrief_compare as compare
from bedside.site.cases import debrief_lines as lines
from bedside.site.cases import debrief_pictures as pictures
from bedside.site.cases.actions import fork_run
from bedside.site.cases.debrief import RELIABLE_FROM, Analysis, Debrief, debrief_of, what_if
from bedside.site.cases.debrief_edits import edits_asked
from bedside.site.cases.debrief_words import end_words, item_title
from bedside.site.cases.proofs import proof_state
from bedside.site.cases.stock import current_orders
from bedside.site.cases.words import BANDS, ENDS, PROOF, review_words
from bedside.site.pages import page, user_of
from bedside.site.study.taking_in import CasePlayed, take_in_case

Told = dict[str, Any]
MAX_SECONDS = 12  # digits of a moment


@require_GET
@never_cache
@page
def debrief(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The debrief of a run that has ended, with a what-if where the address has one; its takeaways are queued."""
    told = debrief_of(user_of(request), run_id, at=clock.now())
    shown = _head(told) | {"n_queued": _put_in_queue(user_of(request), told)}
    if told.analysis is None:
        return render(request, "cases/debrief_kept.html", shown)
    shown |= _body(told.analysis) | _what_if(told.analysis, request.GET)
    return render(request, "cases/debrief.html", shown)


@require_POST
@page
def play_from_here(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """A practice run that begins as this one was at a moment."""
    text = request.POST.get("at_s", "")
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_SECONDS):
        raise UsageError("say at which second of the case")
    user, at = user_of(request), clock.now()
    debrief_of(user, run_id, at=at)
    child = fork_run(user, run_id, after=None, at_s=int(text), at=at)
    return redirect("cases:play", child.pk)


def _head(told: Debrief) -> Told:
    row = told.row
    return {
        "row": row,
        "band": BANDS.get(row.band, ""),
        "ended": ENDS.get(row.end_reason, row.end_reason),
        "is_done_anew": told.is_done_anew,
        "n_cases": told.n_cases,
        "reliable_from": RELIABLE_FROM,
        "takeaways": told.takeaways,
        "n_missing_takeaways": len(told.missing_takeaways),
    }


def _put_in_queue(user: User, told: Debrief) -> int | None:
    """How many takeaways of the run are in the study queue; None where the store refused, which the debrief can do without."""
    row, at = told.row, clock.now()
    if row.ended_at is None:
        return 0
    try:
        take_in_case(user, CasePlayed(row.pk, row.case_id, row.percent, row.ended_at, told.takeaways), at=at)
    except StoreError:
        return None
    return len(told.takeaways)


def _body(analysis: Analysis) -> Told:
    case, score = analysis.case, analysis.mine.score
    credits_, harms = lines.lines_of(analysis)
    needless, needless_repair = lines.needless(analysis)
    axis = pictures.axis_of(analysis.run.now_s)
    main = pictures.main_series(analysis.series)
    others = pictures.other_series(analysis.series)
    return {
        "file": case.file,
        "review": review_words(case.file),
        "proof": PROOF[proof_state(case.file)],
        "score": score,
        "outcome": end_words(analysis.run.end, analysis.run.now_s),
        "expert_percent": analysis.expert.score.percent,
        "expert_outcome": end_words(analysis.expert.run.end, analysis.expert.run.now_s),
        "limits": lines.limits_of(case, score),
        "other_limits": lines.other_limits(case, score),
        "needless": needless,
        "needless_repair": needless_repair,
        "profile": lines.profile_of(score),
        "credits": credits_,
        "harms": harms,
        "biggest": _biggest(analysis),
        "axis": axis,
        "tracks": pictures.tracks(main, axis),
        "more_tracks": pictures.tracks(others, axis),
        "constants": pictures.constant_words(analysis.series),
        "lanes": pictures.lanes(analysis, axis),
        "window_rows": pictures.window_rows(analysis, axis),
        "moments": pictures.moments(analysis, main),
        "moment_series": main,
        "wait_bars": pictures.wait_bars(analysis),
        "both": compare.side_by_side(analysis),
        "scrubber": pictures.scrubber_json(analysis, [*main, *others], axis),
    }


def _biggest(analysis: Analysis) -> str:
    """The line that lost most, by name; empty where none lost anything."""
    losses = sorted(analysis.losses, key=lambda loss: -loss.points)
    return item_title(analysis.case, losses[0].id) if losses else ""


def _what_if(analysis: Analysis, query: QueryDict) -> Told:
    edits, problem = edits_asked(query, analysis.course, current_orders().search)
    shown: Told = {
        "own_actions": compare.own_actions(analysis),
        "experts_actions": compare.experts_actions(analysis),
        "changes": compare.changes_of(analysis, edits),
        "problem": problem,
        "asked": {name: query.get(name, "") for name in ("how", "act", "to", "what", "at", "expert")} if problem else {},
    }
    if edits:
        changed = what_if(analysis, edits)
        end_s = max(analysis.run.now_s, changed.fixed.run.now_s, changed.anchored.run.now_s)
        axis = pictures.axis_of(end_s)
        shown |= {
            "columns": compare.columns(analysis, changed),
            "differences": compare.differences(analysis, changed),
            "what_if_axis": axis,
            "what_if_tracks": pictures.compared_tracks(analysis, changed, axis),
        }
    return shown
