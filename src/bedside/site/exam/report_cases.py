"""The cases of a sitting in its report: a part of their own, which never enters the score of the items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from bedside.delivery import INTERVAL_FROM, RELIABLE_FROM, Estimate, mean_of
from bedside.site.exam.case_port import PlayedCase, cases
from bedside.site.exam.models import at_or_none
from bedside.site.exam.queries import Standing

STUDENT = "Student, 95%"
RANGE = "lowest and highest case"


def cases_json(now: Standing) -> dict[str, Any] | None:
    """Each case with its per cent, and their mean; None where the form has no cases. One that was not begun counts 0."""
    if not now.form.cases:
        return None
    runs = cases().played(now.row)
    rows = [_case(nth, block, runs.get(block), now) for nth, block in enumerate(now.form.cases, start=1)]
    scored = [row["percent"] for row in rows if row["percent"] is not None]
    mean = mean_of(scored)
    return {
        "n": len(rows),
        "n_begun": sum(row["run"] is not None for row in rows),
        "mean": mean and _mean(mean),
        "is_reliable": len(scored) >= RELIABLE_FROM,
        "said": _said(rows, mean),
        "cases": rows,
    }


def _case(nth: int, block: int, one: PlayedCase | None, now: Standing) -> dict[str, Any]:
    closed = next((run for run in now.state.blocks if run.block == block), None)
    percent = 0.0 if one is None else one.percent
    return {
        "nth": nth,
        "block": block,
        "run": one and one.run,
        "case": one and one.case,
        "title": one.title if one else _("not begun"),
        "minutes": one and one.minutes,
        "percent": None if percent is None else round(percent, 1),
        "band": one.band if one else "",
        "band_text": one.band_text if one else "",
        "end_reason": one.end_reason if one else "",
        "ended_text": one.ended_text if one else "",
        "used_ms": closed.used_ms if closed else None,
        "ended_at": at_or_none(closed.closed_at) if closed else None,
    }


def _mean(mean: Estimate) -> dict[str, Any]:
    return {
        "percent": round(mean.value, 1),
        "low": round(mean.low, 1),
        "high": round(mean.high, 1),
        "n": mean.n,
        "interval": STUDENT if mean.n >= INTERVAL_FROM else RANGE,
    }


def _said(rows: Sequence[Mapping[str, Any]], mean: Estimate | None) -> list[str]:
    """What there is to say of them, in sentences, as the page and the PDF have it."""
    said = []
    if mean is not None:
        text = (
            _("Mean of {n} cases: {percent}%. The mean of many such cases would lie between {low}% and {high}% (95% interval).")
            if mean.n >= INTERVAL_FROM
            else _("Mean of the cases ({n}): {percent}%; the lowest {low}%, the highest {high}%.")
        )
        said.append(text.format(n=mean.n, percent=f"{mean.value:.0f}", low=f"{mean.low:.0f}", high=f"{mean.high:.0f}"))
        if mean.n < RELIABLE_FROM:
            said.append(
                _("This is unreliable: cases differ so much from each other that a mean says little below {n} of them.").format(
                    n=RELIABLE_FROM
                )
            )
    n_open = sum(row["run"] is None for row in rows)
    if n_open:
        said.append(_("Not begun, and counted as 0%: {n}.").format(n=n_open))
    if any(row["percent"] is None for row in rows):
        said.append(_("A case without a score was played with orders or an engine that have changed since."))
    said.append(_("The cases are no part of the score of the items, and their per cent is on no official scale."))
    return said
