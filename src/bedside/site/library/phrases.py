"""Records of a programme in short words. What no source states is said to be unknown, never left out and never guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.programme import (
    Block,
    Confidence,
    Dated,
    Fact,
    Fee,
    Form,
    Marking,
    Rate,
    Scale,
    Source,
    SourceKind,
    Standard,
    StandardKind,
    Unknown,
)

Number = int | float | Unknown | None


def number(value: Number) -> str:
    """1,250 or 4.5, or the word."""
    if value is None or isinstance(value, Unknown):
        return _("unknown")
    return f"{value:,}"


def duration(minutes: int) -> str:
    """`90 minutes`, `8 hours`, `3 hours 30 minutes`; in hours from two on, as exams are announced."""
    whole, rest = divmod(minutes, 60) if minutes >= 2 * 60 else (0, minutes)
    parts = [ngettext("{n} hour", "{n} hours", whole).format(n=whole)] if whole else []
    if rest or not whole:
        parts.append(ngettext("{n} minute", "{n} minutes", rest).format(n=rest))
    return " ".join(parts)


def format_of(form: Form) -> str:
    """A day in one phrase: `14 blocks of 20 items, 30 minutes each; 8 hours in all`."""
    groups = _alike(form.blocks)
    if len(groups) == 1:
        said = _block_words(*groups[0])
    else:
        said = _("{items} in {n} blocks").format(items=_items(form.n_items, form.n_items), n=len(form.blocks))
    parts = [said]
    if isinstance(form.minutes, int):
        parts.append(_("one clock of {time}").format(time=duration(form.minutes)))
    parts.extend(activity.title for activity in form.activities)
    total = _total_of(form)
    return "; ".join(filter(None, (", ".join(parts), total)))


def _total_of(form: Form) -> str:
    session, blocks = form.session_minutes, form.block_minutes
    if isinstance(session, int):
        about = _("about {time} in all") if form.session_is_approximate else _("{time} in all")
        return about.format(time=duration(session))
    if isinstance(blocks, int) and len(form.blocks) > 1 and form.minutes is None and not form.activities:
        return _("{time} of testing").format(time=duration(blocks))
    return ""


def blocks_of(form: Form) -> list[str]:
    """`14 blocks of 20 items, 30 minutes each`, one line for blocks that are alike."""
    return [_block_words(block, n) for block, n in _alike(form.blocks)]


def _alike(blocks: Iterable[Block]) -> list[tuple[Block, int]]:
    groups: list[tuple[Block, int]] = []
    for block in blocks:
        if groups and _likeness(groups[-1][0]) == _likeness(block):
            groups[-1] = (groups[-1][0], groups[-1][1] + 1)
        else:
            groups.append((block, 1))
    return groups


def _likeness(block: Block) -> tuple[object, ...]:
    return (block.n_items_min, block.n_items_max, block.minutes)


def _block_words(block: Block, n: int) -> str:
    minutes = block.minutes
    if isinstance(block.n_items_max, Unknown):
        words = ngettext("{n} block", "{n} blocks", n).format(n=n)
    else:
        items = _items(block.n_items_min, block.n_items_max)
        words = items if n == 1 else _("{n} blocks of {items}").format(n=n, items=items)
    if isinstance(minutes, int):
        each = _("{words}, {time} each") if n > 1 else _("{words} in {time}")
        words = each.format(words=words, time=duration(minutes))
    return _("{words}; number of items unknown").format(words=words) if isinstance(block.n_items_max, Unknown) else words


def _items(low: Number, high: Number) -> str:
    if isinstance(high, Unknown) or high is None:
        return _("an unknown number of items")
    if isinstance(low, Unknown) or low is None:
        return ngettext("up to {n} item", "up to {n} items", int(high)).format(n=number(high))
    if low != high:
        return _("{low} to {high} items").format(low=number(low), high=number(high))
    return ngettext("{n} item", "{n} items", int(high)).format(n=number(high))


def breaks_of(form: Form) -> str:
    """What there is beside the blocks: breaks and tutorial."""
    parts = []
    if form.break_minutes is not None:
        least = _("at least {time} of break") if form.break_is_minimum else _("{time} of break")
        parts.append(least.format(time=_minutes(form.break_minutes)))
    if form.tutorial_minutes is not None:
        parts.append(_("{time} of tutorial").format(time=_minutes(form.tutorial_minutes)))
    return ", ".join(parts)


def _minutes(value: Number) -> str:
    if value is None or isinstance(value, Unknown):
        return _("an unknown number of minutes")
    return ngettext("{n} minute", "{n} minutes", int(value)).format(n=number(value))


def marks_of(marking: Marking) -> str:
    """`one mark for a right answer, nothing off for a wrong one`, or `+4 right, −1 wrong`."""
    right, wrong, blank = marking.correct, marking.wrong, marking.blank
    if isinstance(right, Unknown):
        return ""
    if right == 1 and wrong == 0:
        parts = [_("one mark for a right answer, nothing off for a wrong one")]
    elif wrong == 0:
        parts = [_("{right} right, nothing off").format(right=_signed(right))]
    else:
        parts = [_("{right} right, {wrong} wrong").format(right=_signed(right), wrong=_signed(wrong))]
    if blank != 0:
        parts.append(_("{blank} without an answer").format(blank=_signed(blank)))
    if marking.partial is not None:
        part = _signed(marking.partial.per_right_option)
        parts.append(_("{part} an option for a part").format(part=part))
    return ", ".join(parts)


def all_marks(marks: Sequence[Marking], kinds: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """The marks of all kinds of items, and what is unknown of them.

    Those alike are said once, and a kind is named only where marks differ.
    """
    said: dict[str, list[str]] = {}
    for mark in marks:
        said.setdefault(marks_of(mark), []).extend(kinds.get(kind, kind) for kind in mark.kinds)
    unknown = said.pop("", [])
    if not said:
        return (), _("Unknown")
    lines = [words if len(said) == 1 else f"{', '.join(names)}: {words}" for words, names in said.items()]
    return tuple(lines), _("unknown for: {kinds}").format(kinds=", ".join(unknown)) if unknown else ""


def _signed(value: Number) -> str:
    if value is None or isinstance(value, Unknown):
        return _("unknown")
    return f"+{value:g}" if value > 0 else f"−{-value:g}" if value < 0 else "0"


def words(text: str | Unknown) -> str:
    """The text, or the word that says that no source states it."""
    return _("unknown") if isinstance(text, Unknown) else text


def standard_of(standard: Standard, scale: Scale | None) -> str:
    """What it takes to pass, in a phrase."""
    score = standard.score
    if standard.kind is StandardKind.PERCENTILE and isinstance(score, int | float):
        return _("percentile {score}").format(score=number(score))
    if standard.text:
        return standard.text
    if isinstance(score, int | float):
        if scale is None or not isinstance(scale.low, int | float) or not isinstance(scale.high, int | float):
            return number(score)
        low, high = _minus(number(scale.low)), number(scale.high)
        return _("{score} on a scale of {low} to {high}").format(score=number(score), low=low, high=high)
    return {
        StandardKind.PER_FORM: _("set anew for each form"),
        StandardKind.ELSEWHERE: _("set by each jurisdiction"),
        StandardKind.NONE: _("none: it ranks"),
    }.get(standard.kind, _("unknown"))


def scale_of(scale: Scale | None) -> str:
    """How the result is told."""
    if scale is None:
        return _("unknown")
    if scale.reports:
        return _(" or ").join(scale.reports)
    if scale.low is not None and scale.high is not None:
        return _("{kind}, {low} to {high}").format(kind=_kind_of(scale), low=_minus(number(scale.low)), high=number(scale.high))
    return scale.text or _kind_of(scale)


def _kind_of(scale: Scale) -> str:
    return {
        "scaled": _("scaled score"),
        "raw": _("marks"),
        "percentile": _("percentile"),
        "pass_fail": _("pass or fail"),
    }.get(scale.kind, scale.kind.replace("_", " "))


def _minus(figure: str) -> str:
    return figure.replace("-", "−")


def value_of(fact: Fact) -> str:
    """A number with its unit, or the words that are the value."""
    if isinstance(fact.value, str | Unknown):
        return str(fact.value)
    return f"{number(fact.value)} {fact.unit or ''}".strip()


def fee_of(fee: Fee) -> str:
    """`695 USD, and 210 for testing outside the US and Canada`."""
    words = _("unknown") if isinstance(fee.amount, Unknown) else f"{number(fee.amount)} {fee.currency}"
    if fee.surcharge is not None and fee.surcharge_for:
        words = _("{fee}, and {more} for {whom}").format(fee=words, more=number(fee.surcharge), whom=fee.surcharge_for)
    return words


def share_of(rate: Rate) -> str:
    """`93%`, or `60–65%` where a range is published."""
    if isinstance(rate.percent, Unknown):
        return _("unknown")
    if rate.percent_high is None or isinstance(rate.percent_high, Unknown):
        return f"{rate.percent:g}%"
    return f"{rate.percent:g}–{rate.percent_high:g}%"


def size_of(rate: Rate) -> str:
    """How many sat."""
    return "" if rate.n is None else number(rate.n)


def days_of(record: Dated) -> str:
    """`since 2026-05-14`, `until 2026-05-13`, `2015-01-01 to 2026-05-13`; empty where it always holds."""
    first, last = record.valid_from, record.valid_to
    if isinstance(first, Unknown) or isinstance(last, Unknown):
        return _("days unknown")
    if first is None and last is None:
        return ""
    if last is None:
        return _("since {day}").format(day=first)
    if first is None:
        return _("until {day}").format(day=last)
    return _("{first} to {last}").format(first=first, last=last)


def confidence_of(confidence: Confidence) -> str:
    """How far a record is to be trusted, where that is not far."""
    return {
        Confidence.HIGH: "",
        Confidence.MEDIUM: _("medium confidence"),
        Confidence.LOW: _("low confidence"),
    }[confidence]


def kind_of(source: Source) -> str:
    """What stands behind a source."""
    return {
        SourceKind.OFFICIAL: _("official"),
        SourceKind.OFFICIAL_COPY: _("official, read through a copy"),
        SourceKind.SECONDARY: _("a third party"),
        SourceKind.DERIVED: _("arithmetic from other records"),
        SourceKind.GENERAL_KNOWLEDGE: _("general knowledge; no page was found"),
        SourceKind.NONE: _("looked for, nothing found"),
    }[source.kind]


def short_name(title: str) -> str:
    """The abbreviation at the end of a title, where there is one: `USMLE`, `PLAB 1`."""
    inside = title.rpartition("(")[2].removesuffix(")")
    is_short = title.endswith(")") and sum(letter.isupper() for letter in inside) > 1
    return inside if is_short else title
