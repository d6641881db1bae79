"""The rubric of a debrief: for each line what it is for, when it earns, what was done, and what a repair would have done."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from bedside.cases import PARSIMONY, Case, Loss, Score, ScoreLine, Window
from bedside.site.cases.debrief import Analysis
from bedside.site.cases.debrief_edits import address_of
from bedside.site.cases.debrief_words import (
    DIMENSIONS,
    any_of,
    edit_words,
    event_name,
    guard_words,
    item_title,
    limit_words,
    number,
    order_name,
    span,
)
from bedside.site.picture import percent_of

MAX_TOLD = 3  # changes of a repair that are told one by one
_TINY = 0.05  # points, as they are shown


@dataclass(frozen=True, slots=True)
class Repair:
    """The run with one line repaired: what is changed, the score then, what else changes, and where to look at it."""

    text: str
    percent: float
    also: str
    address: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the rubric as it is read. `state`: full, part, missed, clear (a harm that did not happen) or harm."""

    id: str
    title: str
    dimension: str
    is_critical: bool
    what: str
    window: str
    done: str
    points: str
    state: str
    word: str
    why: str
    repair: Repair | None
    mended_by: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the profile; `width` in per cent of what is possible, never below 0."""

    name: str
    points: str
    possible: str
    width: float


def lines_of(analysis: Analysis) -> tuple[list[Line], list[Line]]:
    """Credits and harms, each in the order of the rubric."""
    losses = {loss.id: loss for loss in analysis.losses}
    windows = {window.id: window for window in analysis.windows}
    score = analysis.mine.score
    credits_, harms = (
        [_line(analysis, line, losses.get(line.id), windows.get(line.id)) for line in lines]
        for lines in (score.lines, score.harms)
    )
    return credits_, harms


def needless(analysis: Analysis) -> tuple[str, Repair | None]:
    """What needless orders cost, in a sentence; empty where they cost nothing."""
    cost, catalogue = analysis.mine.score.parsimony, analysis.case.catalogue
    if not cost.points:
        return "", None
    names = ", ".join(order_name(catalogue, one) for one in dict.fromkeys((*cost.intrusive, *cost.clutter)))
    text = _("Orders that nothing in this case asked for cost %(points)s points: %(names)s.") % {
        "points": number(-cost.points),
        "names": names,
    }
    loss = next((one for one in analysis.losses if one.id == PARSIMONY), None)
    return text, _repair(analysis, loss) if loss is not None else None


def limits_of(case: Case, score: Score) -> str:
    """Why the score is limited, in a sentence; empty where it is not."""
    if not score.caps or score.uncapped <= min(cap.percent for cap in score.caps):
        return ""
    lowest = min(cap.percent for cap in score.caps)
    # one reason may stand for several lines with that limit
    reasons = "; ".join(limit_words(case, cap) for cap in score.caps if cap.percent == lowest)
    share = case.file.scoring.soft
    told = {"limit": number(lowest), "reasons": reasons, "uncapped": number(score.uncapped), "share": number(100 * share)}
    if share:
        return (
            _("Limited to %(limit)s because %(reasons)s. Without the limit it would be %(uncapped)s; "
              "of what lies above the limit, %(share)s%% counts.") % told
        )  # fmt: skip
    return _("Limited to %(limit)s because %(reasons)s. Without the limit it would be %(uncapped)s.") % told


def other_limits(case: Case, score: Score) -> list[str]:
    """The other limits, which would hold if the lowest did not."""
    lowest = min((cap.percent for cap in score.caps), default=0.0)
    return [
        _("%(limit)s because %(reason)s") % {"limit": number(cap.percent), "reason": limit_words(case, cap)}
        for cap in score.caps
        if cap.percent != lowest and cap.percent < score.uncapped
    ]


def profile_of(score: Score) -> list[Part]:
    """Points by dimension, in the order in which they are always shown."""
    by_dimension = score.by_dimension()
    return [
        Part(str(name), number(points), number(possible), percent_of(points, possible, digits=1))
        for dimension, name in DIMENSIONS.items()
        if (found := by_dimension.get(dimension)) is not None
        for points, possible in (found,)
    ]


def _line(analysis: Analysis, line: ScoreLine, loss: Loss | None, window: Window | None) -> Line:
    case = analysis.case
    plan = next(one for one in case.items if one.id == line.id)
    state, word = _state(line)
    mended = ", ".join(f"“{item_title(case, one)}”" for one in loss.mended_by) if loss is not None and not loss.edits else ""
    return Line(
        id=line.id,
        title=item_title(case, line.id),
        dimension=str(DIMENSIONS.get(line.dimension, line.dimension)),
        is_critical=plan.is_critical,
        what=_what(case, plan.item),
        window=_window(plan.item, window),
        done=_done(analysis, line),
        points=_("%(points)s of %(possible)s") % {"points": number(line.points), "possible": number(line.possible)}
        if line.possible
        else number(line.points),
        state=state,
        word=word,
        why=line.why or "",
        repair=_repair(analysis, loss) if loss is not None and loss.edits else None,
        mended_by=mended,
    )


def _state(line: ScoreLine) -> tuple[str, str]:
    if not line.possible:
        return ("harm", _("harm")) if line.points < 0 else ("clear", _("avoided"))
    if line.points >= line.possible - _TINY / 10:
        return "full", _("in full")
    return ("part", _("in part")) if line.points > 0 else ("missed", _("missed"))


def _what(case: Case, item: object) -> str:
    """What the line is for. Read by the fields that its kind has."""
    guard = getattr(item, "when", None)
    when = guard_words(case, guard) if guard else ""
    if targets := getattr(item, "do", ()):
        text = any_of(case, targets)
        return _("%(what)s; counts only while %(when)s") % {"what": text, "when": when} if when else text
    if pair := getattr(item, "before", ()):
        return _("%(first)s before %(then)s") % {"first": any_of(case, pair[:1]), "then": any_of(case, pair[1:])}
    if targets := getattr(item, "watch", ()):
        return _("Check: %(what)s") % {"what": any_of(case, targets)}
    if event := getattr(item, "reach", ""):
        return _("Reach “%(event)s” (%(guard)s), the patient alive") % {
            "event": event_name(event),
            "guard": guard_words(case, case.file.events[event]),
        }
    if targets := getattr(item, "avoid", ()):
        text = any_of(case, targets)
        return (
            _("Harmful while %(when)s: %(what)s") % {"what": text, "when": when}
            if when
            else _("Harmful: %(what)s") % {"what": text}
        )
    event = getattr(item, "event", "")
    told = {"event": event_name(event), "guard": guard_words(case, case.file.events[event])}
    return _("Harm if “%(event)s” (%(guard)s) comes") % told


def _window(item: object, window: Window | None) -> str:
    """When it earns, in words."""
    event, every_s, full_s = (getattr(item, name, None) for name in ("from_event", "every_s", "full_s"))
    zero_s = getattr(item, "zero_s", None)
    if every_s is not None:
        text = _("no gap longer than %(every)s") % {"every": span(every_s)}
        if window is not None and window.opens_s is not None and window.full_s is not None:
            return _("%(text)s, here from %(from)s to %(to)s") % {
                "text": text,
                "from": span(window.opens_s),
                "to": span(window.full_s),
            }
        return _("%(text)s; the interval never began") % {"text": text}
    if full_s is None or zero_s is None:
        return "" if not hasattr(item, "do") else _("at any time")
    told = {"full": span(full_s), "zero": span(zero_s)}
    if event is None:
        return _("in full until %(full)s, less until %(zero)s") % told
    told["event"] = event_name(event)
    text = _("in full within %(full)s of “%(event)s”, less until %(zero)s after it") % told
    if window is None or window.opens_s is None:
        return _("%(text)s; it was never reached, so the window did not open") % {"text": text}
    return _("%(text)s; here it was reached at %(at)s") % {"text": text, "at": span(window.opens_s)}


def _done(analysis: Analysis, line: ScoreLine) -> str:
    """When it was done or happened, or that it was not; of an action outside its window, when that was."""
    if line.at_s is not None:
        return _("at %(time)s") % {"time": span(line.at_s)}
    plan = next(one for one in analysis.case.items if one.id == line.id)
    taken = [act for act in analysis.run.history.taken() if (act.verb, act.target) in plan.actions]
    if taken and line.possible:
        return _("at %(time)s, which does not count") % {"time": span(taken[0].at_s)}
    if not line.possible:
        return _("did not happen") if line.kind == "event" else _("not done")
    return _("not reached") if line.kind == "reach" else _("not done")


def _repair(analysis: Analysis, loss: Loss) -> Repair | None:
    if loss.replayed is None:
        return None
    texts = [edit_words(analysis.course, edit) for edit in loss.edits[:MAX_TOLD]]
    if len(loss.edits) > MAX_TOLD:
        texts.append(_("and %(n)d more") % {"n": len(loss.edits) - MAX_TOLD})
    changes = [f"{item_title(analysis.case, one.id)} {_signed(one.points)}" for one in loss.also if abs(one.points) >= _TINY]
    dies = loss.replayed.run.history.has_died
    if dies != analysis.run.history.has_died:
        changes.append(_("the patient dies") if dies else _("the patient lives"))
    return Repair("; ".join(texts), loss.replayed.score.percent, "; ".join(changes), address_of(loss.edits))


def _signed(points: float) -> str:
    return f"+{number(points)}" if points > 0 else number(points)
