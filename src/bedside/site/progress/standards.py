"""The standard of the step, where its programme publishes one: drawn where the forecast is on its scale, else said.

The forecast is a share of items right. A standard in marks is on that scale only where each right answer brings a mark, nothing
else does, and the number of items is published. Scaled scores, percentiles and standards that are set anew for each form are
not, and nothing here turns one into the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bedside.programme import Standard, StandardKind, StepEdition, Unknown
from bedside.site.passing.standard import n_items_scored, share_asked


@dataclass(frozen=True, slots=True)
class StandardLine:
    """A standard on the scale of the forecast, 0 to 1."""

    share: float
    label: str


@dataclass(frozen=True, slots=True)
class Standards:
    """Those that can be drawn, and what is said of all of them, each with its source."""

    lines: tuple[StandardLine, ...]
    said: tuple[str, ...]


def standards_of(edition: StepEdition | None, groups: Mapping[str, str]) -> Standards:
    """The standards of a step as they are in force on the edition's day."""
    lines, said = [], []
    n_items = n_items_scored(edition)
    for standard in edition.standards if edition else ():
        whose = groups.get(standard.group, standard.group) if standard.group else ""
        share = share_asked(standard, n_items)
        if share is not None:
            lines.append(StandardLine(share, _label(share, whose)))
        said.append(_sentence(standard, whose, is_drawn=share is not None))
    return Standards(tuple(lines), tuple(said))


def _label(share: float, whose: str) -> str:
    text = _("standard %(percent)d%%") % {"percent": round(100 * share)}
    return f"{text}, {whose}" if whose else text


def _sentence(standard: Standard, whose: str, *, is_drawn: bool) -> str:
    score = standard.score
    number = _("not published") if score is None or isinstance(score, Unknown) else f"{score:g}"
    kinds = {
        StandardKind.SCALED_SCORE: _("The standard is %(score)s on the exam's own scale."),
        StandardKind.RAW_SCORE: _("The standard is %(score)s marks."),
        StandardKind.PERCENTILE: _("The standard is percentile %(score)s of those who sit it."),
        StandardKind.PER_FORM: _("The standard is set anew for each form."),
        StandardKind.ELSEWHERE: _("Each jurisdiction or user of the score sets its own standard."),
        StandardKind.NONE: _("There is no standard to pass."),
    }
    parts = [f"{whose}: " if whose else "", kinds[standard.kind] % {"score": number}]
    text = "".join(parts)
    if standard.text:
        text += f" {standard.text}"
    if not is_drawn and standard.kind not in {StandardKind.NONE}:
        text += " " + _("The forecast is not on that scale, so no line is drawn.")
    if is_drawn:
        text += " " + _("The line takes the bank's items to be as hard as the exam's, which was not measured.")
    sources = "; ".join(source.title for source in standard.sources)
    return text + " " + _("Source: %(sources)s (as of %(day)s).") % {"sources": sources, "day": standard.as_of.isoformat()}
