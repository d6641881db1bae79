"""The report as PDF: a page to keep, or to hand on.

The template is `templates/exam/report.typ`; all text reaches it as JSON and is never markup. Only the fonts that come with the
typst package are used, and nothing is fetched, so that the same report is the same bytes on every machine. A name in letters
that these lack is set with the fonts of this machine, and where it has none either, with a box for each letter.

What is handed on does not tell of an accommodation unless the candidate wants it. Without that wish no clock time of the day,
no minutes of a block and nothing by the hour is in it, for nobody: what is left out for all gives none away.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import typst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from bedside.site.exam.charts import Chart, chart
from bedside.site.exam.report_parts import axis_charts, marking_words, part_charts

TEMPLATE = Path(__file__).parents[1] / "templates" / "exam" / "report.typ"
Standard = Literal["ua-1"]
TAGGED: Standard = "ua-1"  # PDF/UA-1: headings, tables and reading order are tagged for a screen reader
JOINERS = "\u200c\u200d"  # between letters of Indic scripts and of Persian

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the candidate wants in it beside the result."""

    name: str | None = None
    accommodation: bool = False


def report_pdf(told: Told, wanted: Wanted, *, title: str, form: str) -> bytes:
    """The report as a PDF file; the same report gives the same bytes."""
    made_of = json.dumps(_printable(sheet(told, wanted, title=title, form=form)), ensure_ascii=False)
    ended_at = datetime.fromisoformat(told["ended_at"])
    for has_system_fonts in (False, True):
        try:
            return _compiled(made_of, ended_at, has_system_fonts=has_system_fonts, standard=TAGGED)
        except typst.TypstError:
            continue  # PDF/UA refuses a letter that no font has
    return _compiled(made_of, ended_at, has_system_fonts=False, standard=None)


def _compiled(made_of: str, ended_at: datetime, *, has_system_fonts: bool, standard: Standard | None) -> bytes:
    made = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        format="pdf",
        ignore_system_fonts=not has_system_fonts,
        sys_inputs={"report": made_of},
        pdf_standards=standard,
        timestamp=int(ended_at.timestamp()),
    )
    assert isinstance(made, bytes)  # one file, as no output path was given
    return made


def _printable(value: Any) -> Any:
    """JSON without control characters, halves of letters, and marks that turn the direction of what follows."""
    match value:
        case str():
            return "".join(letter for letter in value if letter.isprintable() or letter in JOINERS)
        case dict():
            return {name: _printable(one) for name, one in value.items()}
        case list():
            return [_printable(one) for one in value]
        case _:
            return value


def sheet(told: Told, wanted: Wanted, *, title: str, form: str) -> dict[str, Any]:
    """All that stands on the pages, as the template reads it."""
    ended_at = datetime.fromisoformat(told["ended_at"])
    total = chart("total", "", [{"label": _("All items"), **told["score"]}])
    return {
        "lang": (get_language() or "en").split("-")[0],
        "words": _words(),
        "kind": _("Score report"),
        "title": title,
        "name": wanted.name,
        "day": [ended_at.year, ended_at.month, ended_at.day],
        "subtitle": f"{form} · {ended_at.date().isoformat()}",
        "foot": f"Bedside · {told['id']}",
        "lead": _lead(told),
        "lines": _lines(told),
        "total": _drawn(total),
        "accommodation": _accommodation(told["accommodation"]) if wanted.accommodation else None,
        "axes": [_drawn(one) for one in axis_charts(told) if one.bars],
        "rule": _rule(told),
        "chance": _chance(told),
        "parts": [_drawn(one) for one in part_charts(told, with_hours=wanted.accommodation)],
        "said": told["findings"]["said"],
        "rests": told["rests_on"]["said"],
        "digest": _("Digest of the score (SHA-256): {digest}").format(digest=told["score_digest"]),
        "versions": [_version(one) for one in told["versions"]] if len(told["versions"]) > 1 else [],
        "cases": [_case(one) for one in told["cases"]["cases"]] if told["cases"] else [],
        "cases_said": told["cases"]["said"] if told["cases"] else [],
        "items": [_item(one) for one in told["items"]],
    }


def _words() -> dict[str, Any]:
    return {
        "against": _("Against your share"),
        "by_area": _("By area"),
        "how_it_went": _("How it went"),
        "rests_on": _("What it rests on"),
        "versions": _("Versions of the score"),
        "version_columns": [_("Version"), _("When"), _("Who"), _("Why"), _("Right"), _("Marks")],
        "cases": _("The cases"),
        "case_columns": [_("No."), _("Case"), _("Score"), _("How it ended")],
        "items": _("The items"),
        "item_columns": [_("No."), _("Item and version"), _("Outcome"), _("Time"), _("Remarks")],
    }


def _lead(told: Told) -> str:
    score = told["score"]
    if score["percent"] is None:
        return _("No item counts.")
    return _(
        "{right} of {n} right: {percent}%. Of many items like these between {low}% and {high}% would be right (95% interval)."
    ).format(
        right=score["n_correct"],
        n=score["n"],
        percent=f"{score['percent']:.0f}",
        low=f"{score['low']:.0f}",
        high=f"{score['high']:.0f}",
    )


def _lines(told: Told) -> list[str]:
    marks = told["marks"]
    said = []
    if marks:
        said.append(
            _("{marks} of {of} marks, between {low} and {high} on many such forms (95% interval).").format(
                marks=marks["marks"].replace("-", "−"),
                of=marks["max_marks"],
                low=f"{marks['low']:.0f}",
                high=f"{marks['high']:.0f}",
            )
        )
        said.append(_("Marks of an item: {rule}").format(rule=marking_words(told)))
    said.append(
        _("Answered: {answered} of {items}. An item without an answer counts as not right.").format(
            answered=told["n_answered"], items=told["n_items"]
        )
    )
    return [*said, told["scale_text"]]


def _rule(told: Told) -> str:
    if told["score"]["percent"] is None:
        return ""
    return _(
        "The broken line is the share over all items, {percent}%. An area is called lower or higher only where the interval of "
        "its difference from that share leaves zero out, and borderline where that interval lies within 10 points of it; the "
        "interval is widened for the number of areas in the picture. Without a word, nothing can be said from so few items."
    ).format(percent=f"{told['score']['percent']:.0f}")


def _chance(told: Told) -> str:
    return _(
        "Each of these {n} findings has its own 95% interval, so one of them may seem to say something by chance alone. None "
        "is adjusted for how hard the items were."
    ).format(n=len(told["findings"]["said"]))


def _accommodation(given: Mapping[str, Any]) -> str:
    said = [_("Accommodation: time times {factor}.").format(factor=given["time_factor"])]
    if given["extra_break_s"]:
        n = given["extra_break_s"] // 60
        said.append(ngettext("{n} minute of extra break.", "{n} minutes of extra breaks.", n).format(n=n))
    if given["stop_clock_s"]:
        n = given["stop_clock_s"] // 60
        said.append(
            ngettext("The clock could be stopped for {n} minute.", "The clock could be stopped for {n} minutes.", n).format(n=n)
        )
    return " ".join(said)


def _drawn(one: Chart) -> dict[str, Any]:
    return {
        "title": one.title,
        "columns": list(one.columns),
        "scale": list(one.scale),
        "mark": one.mark,
        "bars": [asdict(bar) for bar in one.bars],
    }


def _version(one: Mapping[str, Any]) -> list[str]:
    change = one["change"] or {}
    return [
        str(one["number"]),
        one["at"][:10],
        one["by"] or change.get("by") or "–",
        one["why"] or change.get("why") or "–",
        str(one["n_right"]),
        f"{one['marks']}/{one['max_marks']}",
    ]


def _minutes(ms: int | None) -> str:
    if ms is None:
        return "–"
    minutes, seconds = divmod(round(ms / 1000), 60)
    return f"{minutes}:{seconds:02}"


def _case(one: Mapping[str, Any]) -> list[str]:
    percent = "–" if one["percent"] is None else f"{one['percent']:.0f}%"
    return [str(one["nth"]), one["title"], ", ".join(filter(None, (percent, one["band_text"]))), one["ended_text"] or "–"]


def _item(one: Mapping[str, Any]) -> list[str]:
    outcomes = {
        "right": _("right"),
        "wrong": _("not right"),
        "partial": _("in part"),
        "blank": _("no answer"),
        "dropped": _("no longer counts"),
    }
    remarks = [
        *([_("imported")] if one["status"] == "imported" else []),
        *([_("changed")] if one["change"] else []),
        *([_("flagged")] if one["is_flagged"] else []),
        *([_("sure") if one["confidence"] == "sure" else _("unsure")] if one["confidence"] else []),
    ]
    return [
        str(one["position"]),
        f"{one['id']}, {one['version']}",
        outcomes[one["outcome"]],
        _minutes(one["ms"]),
        ", ".join(remarks),
    ]
