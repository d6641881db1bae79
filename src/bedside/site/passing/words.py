"""What is said of passing, in sentences: the chance, what it rests on, what it was measured against, what would narrow it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.measure import Evidence, EvidenceNeed, MissingEvidence, Readiness, TooLittle

MOST_NAMED = 3  # areas in a sentence; the rest are counted


def chance(p: float) -> str:
    """A chance in whole per cent; what is nearly sure is not called sure."""
    if p < 0.01:
        return _("less than 1%")
    if p > 0.99:
        return _("more than 99%")
    return f"{round(100 * p)}%"


def lead(found: Readiness) -> str:
    """The answer in one line."""
    return _lead(found.p_pass, found.low, found.high)


def _lead(p: float, low: float, high: float) -> str:
    if chance(low) == chance(high):
        return _("If you sat today: %(p)s to pass. What is not known of you yet changes little of it.") % {"p": chance(p)}
    text = _("If you sat today: %(p)s to pass. What is not known of you yet could make it %(low)s to %(high)s.")
    return text % {"p": chance(p), "low": chance(low), "high": chance(high)}


def chance_line(told: Mapping[str, Any] | None) -> str:
    """The same from what was kept of a day as JSON; empty where nothing was to be said."""
    if not told or told["p_pass"] is None:
        return ""
    return _lead(told["p_pass"], told["low"], told["high"])


def own_standard() -> str:
    """The label of the line of this bank's standard."""
    return _("just passes")


def score_words(found: Readiness) -> str:
    """The share right on a fresh form beside what passes."""
    n = len(found.score.chances) - 1
    shares = {"mid": found.score.mean, "low": found.score.low, "high": found.score.high, "cut": found.score.cut}
    text = _(
        "Of %(n)d questions like the bank's you would get about %(mid)d%% right, on nine forms in ten between %(low)d%% and "
        "%(high)d%%. Who only just passes gets about %(cut)d%%."
    )
    return text % {"n": n, **{name: round(100 * value / n) for name, value in shares.items()}}


def against_words(found: Readiness, *, is_published: bool) -> str:
    """What "passing" means here, and how far that was tried."""
    if is_published:
        standard = _(
            "The share that passes is the published one; how hard these questions are beside the exam's nobody measured."
        )
    else:
        standard = _(
            "The standard is this bank's own: what its authors expect of somebody who only just passes. No real result was "
            "compared with it yet."
        )
    luck = _("Of the doubt about passing %(share)d%% is the luck of the form and of the day, which no answer takes away.")
    return standard + " " + luck % {"share": round(100 * (1 - min(1.0, found.from_ability)))}


def rests_on(evidence: Evidence, unasked: Sequence[str]) -> str:
    """How many answers it rests on, of what kind and how old they are."""
    n = evidence.n_answers
    text = ngettext("It rests on %(n)d answer", "It rests on %(n)d answers", n) % {"n": n}
    parts = [_("%(n)d of them to questions that were new to you") % {"n": evidence.n_first}]
    parts.append(_("%(n)d against the clock") % {"n": evidence.n_timed})
    if evidence.n_scores:
        tests = ngettext("%(n)d practice test from elsewhere", "%(n)d practice tests from elsewhere", evidence.n_scores)
        parts.append(tests % {"n": evidence.n_scores})
    sentences = [f"{text}, {', '.join(parts)}."]
    if n:
        days = round(evidence.median_age_days)
        sentences.append(
            ngettext("Half of them are older than %(n)d day.", "Half of them are older than %(n)d days.", days) % {"n": days}
        )
    if unasked:
        sentences.append(_("Nothing was answered of %(areas)s.") % {"areas": named(unasked)})
    return " ".join(sentences)


def missing_words(one: MissingEvidence) -> str:
    """What there is too little of for a number."""
    if one.need is EvidenceNeed.ANSWERS:
        text = _("Questions that were new to you and whose outcome you know: %(have)d of the %(wanted)d that are needed.")
        return text % {"have": round(one.have), "wanted": round(one.wanted)}
    values = {"have": round(100 * max(0.0, one.have)), "wanted": round(100 * one.wanted)}
    if one.need is EvidenceNeed.BREADTH:
        return _("Areas of which you answered something make up %(have)d%% of the exam; %(wanted)d%% are needed.") % values
    text = _("Of the first doubt about what you can do, your answers have taken away %(have)d%%; %(wanted)d%% are needed.")
    return text % values


def all_missing(found: TooLittle) -> list[str]:
    """Everything that is missing, a sentence each."""
    return [missing_words(one) for one in found.missing]


def named(names: Sequence[str]) -> str:
    """A few names, and how many more."""
    if len(names) == 1:
        return names[0]
    if len(names) <= MOST_NAMED:
        return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
    n = len(names) - MOST_NAMED + 1
    first = ", ".join(names[: MOST_NAMED - 1])
    return _("%(first)s and %(n)d more areas") % {"first": first, "n": n}
