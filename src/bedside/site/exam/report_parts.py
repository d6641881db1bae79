"""The parts of a report that the page and the PDF share: the form in words, and the pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bedside.site.exam.charts import Chart, chart, pace_chart

Told = Mapping[str, Any]


def form_name(told: Told) -> str:
    """Which form it was, in words: a whole day, a half, or a practice block; and how it was taken."""
    forms = {"full": _("whole form, day {day}"), "half": _("half form, day {day}"), "block": _("practice block")}
    modes = {"tutor": _("tutor"), "timed": _("timed"), "exam": _("exam")}
    form = str(forms.get(told["outline"]["form"], told["outline"]["form"])).format(day=told["day"])
    clocks = [_("compressed clock")] if told["clock"] == "compressed" else []
    return ", ".join([form, str(modes.get(told["mode"], told["mode"])), *clocks])


def marking_words(told: Told) -> str:
    """The marks of an item, by its kind where kinds differ; nothing where every item counts 1 for a right answer alone."""
    if told["marks"] is None:
        return ""
    rules: Mapping[str, Mapping[str, Any]] = told["marks"]["rules"]
    said = {kind: _rule(rule) for kind, rule in rules.items()}
    if len(set(said.values())) == 1:
        return next(iter(said.values())) + "."
    kinds = {"one_best_answer": _("One best answer"), "multiple_select": _("Several answers"), "numeric": _("A number")}
    return " ".join(f"{kinds.get(kind, kind)}: {text}." for kind, text in said.items())


def _rule(rule: Mapping[str, Any]) -> str:
    text = _("right {right}, wrong {wrong}, no answer {blank}").format(
        right=rule["correct"], wrong=rule["wrong"], blank=rule["blank"]
    )
    if rule["partial"]:
        text += ", " + _("a part {part} for each right option, {wrong} with a wrong one").format(
            part=rule["partial"]["per_right_option"], wrong=rule["partial"]["any_wrong_option"]
        )
    return text.replace("-", "−")


def part_charts(told: Told, *, with_hours: bool = True) -> list[Chart]:
    """Pictures of how the day went: shares and pace by block and by hour, and shares by time on the item."""
    found = told["findings"]
    blocks = [{"label": _block_label(row), **row} for row in found["blocks"] if row["n"]]
    hours = [{"label": _("Hour {n}").format(n=row["hour"]), **row} for row in found["hours"] if row["n"]]
    quarters = [{"label": _quarter_label(row["quarter"]), **row} for row in found["time"]["quarters"]]
    mark = told["score"]["percent"]
    made = []
    if len(blocks) > 1:
        made += [
            chart("blocks", _("Right by block"), blocks, what=_("Block"), mark=mark),
            pace_chart("block-pace", _("Median time on an item by block"), blocks, what=_("Block")),
        ]
    if with_hours and len(hours) > 1:
        made += [
            chart("hours", _("Right by hour"), hours, what=_("Hour"), mark=mark),
            pace_chart("hour-pace", _("Median time on an item by hour"), hours, what=_("Hour")),
        ]
    if quarters:
        made.append(chart("quarters", _("Right by time on the item"), quarters, what=_("Answers"), mark=mark))
    return [one for one in made if one.bars]


def axis_charts(told: Told) -> list[Chart]:
    """Pictures of the shares by area; the own share over all items is the line across them."""
    return [
        chart(
            axis["axis"],
            axis["title"],
            axis["rows"],
            mark=told["score"]["percent"],
            n_left_out=axis["n_without_code"] if axis["is_partition"] else 0,
        )
        for axis in told["axes"]
    ]


def _block_label(row: Mapping[str, Any]) -> str:
    return _("Block {n}").format(n=row["block"]) + (f", {row['section']}" if row["section"] else "")


def _quarter_label(quarter: int) -> str:
    return (_("The quickest quarter"), _("The second"), _("The third"), _("The slowest quarter"))[quarter - 1]
