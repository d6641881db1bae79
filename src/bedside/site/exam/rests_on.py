"""What a report rests on: whose the items are, which standard is in force, which clock ran, and what there is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.delivery import Form
from bedside.programme import UNKNOWN, Programme, Standard, StandardKind
from bedside.site.exam.marked import Marked, Result
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.library.delivered import IMPORTED

STATUS_TEXTS: Mapping[str, str] = {
    "draft": "draft: not checked by anyone but its writer",
    "cross_checked": "cross-checked by others than its writer; not reviewed by clinicians",
    "clinician_reviewed": "reviewed by a licensed clinician",
    IMPORTED: "imported",
}
IMPORTED_FROM_ELSEWHERE = "Imported questions come from elsewhere, and nobody has checked them here."
NOT_FROM_AN_EXAM = "The questions are written for practice and are not from any exam."
DEMO = "demo"  # the collection of generated items that fill a form to try it out
OWN = "bedside"


def rests_on(row: SittingRow, form: Form, result: Result, programme: Programme | None, *, on: date) -> dict[str, Any]:
    """Bank, calibration, standard and clock, each by name and in words."""
    marked = result.items
    statuses = Counter(one.item.status for one in marked)
    edition = programme.on(on).step(row.step) if programme else None
    groups = programme.groups if programme else {}
    standards = [] if edition is None else [_standard(one, groups) for one in edition.standards]
    return {
        "collections": dict(Counter(one.item.collection for one in marked)),
        "statuses": [
            {"status": status, "text": STATUS_TEXTS.get(status, status), "n": n} for status, n in sorted(statuses.items())
        ],
        "calibration": None,
        "standard": standards[0]["text"] if standards else None,
        "standards": standards,
        "on": on.isoformat(),
        "text": _whose(statuses),
        "said": [
            *_of_the_items(marked),
            *_of_the_score(result),
            _("There is no calibration: how hard each item is was not measured, so the score is not adjusted for it."),
            *_of_the_standard(standards, on),
            *_of_the_form(row, form),
        ],
    }


def _whose(statuses: Mapping[str, int]) -> str:
    """Whose the questions are: the bank's own word holds only for the bank's own items."""
    sentences = [NOT_FROM_AN_EXAM] if set(statuses) - {IMPORTED} else []
    return " ".join([*sentences, *([IMPORTED_FROM_ELSEWHERE] if IMPORTED in statuses else [])])


def _of_the_items(marked: Sequence[Marked]) -> list[str]:
    collections = Counter(one.item.collection for one in marked)
    statuses = Counter(one.item.status for one in marked)
    said = [
        ngettext("{n} item of the collection {name}.", "{n} items of the collection {name}.", n).format(
            n=n, name="Bedside" if name == OWN else f"“{name}”"
        )
        for name, n in sorted(collections.items())
    ]
    said += [f"{n}: {STATUS_TEXTS.get(status, status)}." for status, n in sorted(statuses.items())]
    if DEMO in collections:
        n = collections[DEMO]
        said.append(
            ngettext(
                "{n} item is generated nonsense of the demo bank; what it measures is nothing.",
                "{n} items are generated nonsense of the demo bank; what they measure is nothing.",
                n,
            ).format(n=n)
        )
    if set(collections) - {DEMO}:
        said.append(_whose(Counter(one.item.status for one in marked if one.item.collection != DEMO)))
    return said


def _of_the_score(result: Result) -> list[str]:
    said = [
        _("The interval is for many forms of items like these; it says nothing of items that are not like them."),
    ]
    n_dropped = sum(not one.counts for one in result.items)
    if n_dropped:
        said.append(
            ngettext(
                "{n} item no longer counts, and is in no share.", "{n} items no longer count, and are in no share.", n_dropped
            ).format(n=n_dropped)
        )
    if len(result.versions) > 1:
        newest = result.versions[0]
        said.append(_("This is version {n} of the score, of {on}.").format(n=newest.number, on=newest.at.date().isoformat()))
    return said


def _of_the_standard(standards: Sequence[Mapping[str, Any]], on: date) -> list[str]:
    if not standards:
        return [_("No standard is known to be in force on {on}.").format(on=on.isoformat())]
    quoted = [
        _("The standard on {on}: {text} Source: {source} (as of {as_of}, confidence {confidence}).").format(
            on=on.isoformat(),
            text=one["text"],
            source="; ".join(one["sources"]),
            as_of=one["as_of"],
            confidence=one["confidence"],
        )
        for one in standards
    ]
    if all(one["kind"] == StandardKind.NONE.value for one in standards):
        return quoted
    return [*quoted, _("Per cent here is not that scale: nothing here says pass or fail.")]


def _of_the_form(row: SittingRow, form: Form) -> list[str]:
    said = []
    if row.kind == "half":
        said.append(_("This was a form of half the length; a whole day tires more."))
    if row.kind == "block":
        said.append(_("This was a practice block and not a form drawn to the exam's blueprint."))
    if row.clock == "compressed":
        pace = f"{float(form.pace):g}"
        said.append(
            _("The clock ran {pace} times faster than on the day. Less time an item than on the day lowers a score.").format(
                pace=pace
            )
        )
    if row.n_items < row.n_asked:
        said.append(
            ngettext(
                "{given} item of the {asked} asked for: the bank holds no more.",
                "{given} items of the {asked} asked for: the bank holds no more.",
                row.n_items,
            ).format(given=row.n_items, asked=row.n_asked)
        )
    if not row.is_proctored:
        said.append(_("Nobody watched: it was not proctored."))
    return said


def _standard(standard: Standard, groups: Mapping[str, str]) -> dict[str, Any]:
    score = None if standard.score is None or standard.score is UNKNOWN else standard.score
    return {
        "kind": standard.kind.value,
        "score": score,
        "group": standard.group,
        "text": _in_words(standard, groups),
        "sources": [source.title for source in standard.sources],
        "as_of": standard.as_of.isoformat(),
        "confidence": standard.confidence.value,
    }


def _in_words(standard: Standard, groups: Mapping[str, str]) -> str:
    """The published words where there are any, after the number where there is one."""
    kinds = {
        StandardKind.SCALED_SCORE: _("{score} on the exam's scale."),
        StandardKind.RAW_SCORE: _("{score} marks."),
        StandardKind.PERCENTILE: _("Percentile {score}."),
        StandardKind.PER_FORM: _("It is set anew for each form."),
        StandardKind.ELSEWHERE: _("It is set by each jurisdiction or user of the score."),
        StandardKind.NONE: _("There is none."),
    }
    is_score = standard.kind in {StandardKind.SCALED_SCORE, StandardKind.RAW_SCORE}
    said = standard.text
    if is_score or not said:
        score = _("not published") if standard.score is None or standard.score is UNKNOWN else standard.score
        said = " ".join([kinds[standard.kind].format(score=score), *([said] if said else [])])
    return f"{groups.get(standard.group, standard.group)}: {said}" if standard.group else said
