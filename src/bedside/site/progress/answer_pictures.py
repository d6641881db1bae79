"""The pictures of answers: confidence against what was right, time against what there was, reasons for errors."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from bedside.delivery import Share, wilson
from bedside.site.exam.charts import Chart, chart
from bedside.site.picture import percent_of
from bedside.site.progress.answering import Between, TimeBin, Times
from bedside.site.progress.drawing import Pair, Pairs, Table
from bedside.site.reflection.reasons import Reason
from bedside.site.reflection.words import reason_name


def confidence_picture(found: Mapping[str, Share]) -> Chart:
    """The share right by what was marked; what was never marked is left out."""
    names = {"sure": _("Marked sure"), "": _("Not marked"), "unsure": _("Marked unsure")}
    rows = [_share_row(names[name], share) for name, share in found.items()]
    return chart("confidence", _("Right, by how sure you were"), rows, what=_("Answers"))


def time_picture(found: Times) -> Pairs:
    """How many answers, right and wrong, took so much of their time."""
    most = max(max(one.n_right, one.n_wrong) for one in found.bins)
    rows = tuple(
        Pair(
            bin_words(one),
            percent_of(one.n_right, most, digits=1),
            _("%(n)d right") % {"n": one.n_right},
            percent_of(one.n_wrong, most, digits=1),
            _("%(n)d wrong") % {"n": one.n_wrong},
        )
        for one in found.bins
    )
    table = Table(
        (_("Of the item's time"), _("Right"), _("Wrong")),
        tuple((bin_words(one), str(one.n_right), str(one.n_wrong)) for one in found.bins),
    )
    return Pairs("times", _("How long answers took"), _times_said(found), rows, table)


def share_by_time_picture(found: Times) -> Chart:
    """The share right by the time taken."""
    rows = [_share_row(bin_words(one), one.share) for one in found.bins]
    return chart("right-by-time", _("Right, by how long it took"), rows, what=_("Of the item's time"))


def reasons_picture(counts: Mapping[Reason, int]) -> Chart:
    """What share of the wrong answers with a reason has which."""
    n = sum(counts.values())
    rows = [_share_row(reason_name(reason), wilson(counts[reason], n)) for reason in Reason]
    found = chart("reasons", _("Why answers were wrong"), rows, what=_("Reason"))
    return Chart(found.name, found.title, (_("Reason"), _("Answers"), _("Per cent"), _("Between")), found.scale, found.bars)


def bin_words(one: TimeBin) -> str:
    """From where to where, in per cent of the item's time."""
    if one.high == float("inf"):
        return _("%(low)d%% or more") % {"low": round(100 * one.low)}
    if one.low == 0:
        return _("below %(high)d%%") % {"high": round(100 * one.high)}
    return f"{round(100 * one.low)}–{round(100 * one.high)}%"


def median_words(found: Between) -> str:
    """A median with its interval, in per cent of the item's time."""
    return _("%(value)d%% of the item's time (between %(low)d%% and %(high)d%%)") % {
        "value": round(100 * found.value),
        "low": round(100 * found.low),
        "high": round(100 * found.high),
    }


def _times_said(found: Times) -> str:
    parts = []
    if found.right:
        parts.append(_("The middle right answer took %(words)s.") % {"words": median_words(found.right)})
    if found.wrong:
        parts.append(_("The middle wrong answer took %(words)s.") % {"words": median_words(found.wrong)})
    over = sum(one.n_right + one.n_wrong for one in found.bins if one.low >= 1)
    parts.append(_("%(over)d of %(n)d answers took longer than the item's time.") % {"over": over, "n": found.n})
    return " ".join(parts)


def _share_row(label: str, share: Share) -> dict[str, object]:
    percent = None if share.share is None else 100 * share.share
    return {
        "label": label,
        "n_correct": share.n_correct,
        "n": share.n,
        "percent": percent,
        "low": round(100 * share.low, 1),
        "high": round(100 * share.high, 1),
    }
