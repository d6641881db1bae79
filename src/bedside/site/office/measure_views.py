"""The office's page on what an exam's answers say of its items."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bedside.measure import Report
from bedside.measure.pictures import Picture
from bedside.site.accounts.guard import only
from bedside.site.accounts.page_queries import step_choices
from bedside.site.accounts.roles import Role
from bedside.site.content import current_content
from bedside.site.exam.stock import step_of
from bedside.site.office.measuring import FEWEST, MOST, Measured, measured


@require_GET
@only(Role.REVIEWER, Role.ADMINISTRATOR)
def items(request: HttpRequest) -> HttpResponse:
    """Choose a step, and see the figures of its finished exams."""
    content = current_content()
    chosen = request.GET.get("step", "")
    shown: dict[str, Any] = {"choices": step_choices(content), "chosen": chosen, "fewest": FEWEST, "most": MOST}
    if chosen:
        programme, _slash, step = chosen.partition("/")
        step_of(content, programme, step)  # which names what is wrong with an unknown one
        shown |= _figures(measured(programme, step))
    return render(request, "office/measure.html", shown)


def _figures(found: Measured) -> dict[str, Any]:
    told = {"found": found, "n": found.n_sittings}
    if found.report is None:
        return told
    pictures = [found.wright, found.information, found.chances, found.alike]
    return told | {
        "facts": _facts(found.report),
        "rows": _rows(found.report),
        "pictures": [_drawn(picture) for picture in pictures if picture],
        "curves": [_drawn(picture) for picture in found.curves],
        "left_out": found.report.no_variance.sentences(),
    }


def _drawn(picture: Picture) -> dict[str, Any]:
    """A picture for the template. Its SVG is drawn by `bedside.measure.pictures`, which escapes every name in it."""
    return {"picture": picture, "svg": mark_safe(picture.svg)}  # noqa: S308 - see above


def _facts(report: Report) -> list[tuple[str, str]]:
    raw, found = report.raw, report.calibration
    models = {"rasch": _("Rasch"), "2pl": _("two-parameter logistic"), "3pl": _("three-parameter logistic")}
    return [
        (_("Sittings"), f"{report.responses.n_persons:,}"),
        (_("Items"), f"{report.responses.n_items:,}"),
        (_("Answers"), f"{report.responses.n_responses:,}"),
        (_("Number right"), _("mean %(mean).1f, standard deviation %(sd).1f") % {"mean": raw.mean, "sd": raw.sd}),
        (_("Model"), models[found.model]),
        (_("Marginal reliability"), f"{report.reliability:.2f}"),
        (_("Standard error of an ability"), _("mean %(se).2f logits") % {"se": float(report.scores.se.mean())}),
    ]


def _rows(report: Report) -> list[tuple[str, ...]]:
    """Item by item: answers, share right, discrimination as a correlation, difficulty with its error, fit."""
    items = report.calibration.items
    place = {str(name): n for n, name in enumerate(report.responses.items)}
    rows: list[tuple[str, ...]] = []
    for n in range(items.count):
        counted = place[items.ids[n]]
        rows.append(
            (
                items.ids[n],
                f"{report.counts.n[counted]:,}",
                f"{100 * report.counts.share[counted]:.0f}%",
                f"{report.counts.rest[counted]:.2f}",
                f"{items.difficulty[n]:.2f}",
                f"{items.se_difficulty[n]:.2f}",
                f"{report.fit.infit[n]:.2f}",
                f"{report.fit.outfit[n]:.2f}",
            )
        )
    return rows
