"""Records of a programme in short words. What no source states is said to be unknown, never left out and never guessed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bedside.programme import (
    UNKNOWN,
    Block,
    Fact,
    Fee,
    Form,
    Marking,
    Rate,
    Scale,
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


def hours(minutes: int | Unknown | None) -> str:
    """`8 h` or `3 h 20 min`."""
    if minutes is None or isinstance(minutes, Unknown):
        return _("unknown")
    whole, rest = divmod(minutes, 60)
    parts = [_("{n} h").format(n=whole)] if whole else []
    return " ".join([*parts, _("{n} min").format(n=rest)] if rest or not parts else parts)


def blocks_of(form: Form) -> list[str]:
    """`14 blocks of 20 items, 30 minutes each`, one line for blocks that are alike."""
    groups: list[tuple[Block, int]] = []
    for block in form.blocks:
        alike = groups and _likeness(groups[-1][0]) == _likeness(block)
        if alike:
            groups[-1] = (groups[-1][0], groups[-1][1] + 1)
        else:
            groups.append((block, 1))
    return [_block_words(block, n) for block, n in groups]


def _likeness(block: Block) -> tuple[object, ...]:
    return (block.n_items_min, block.n_items_max, block.minutes)


def _block_words(block: Block, n: int) -> str:
    low, high = block.n_items_min, block.n_items_max
    if low is UNKNOWN and high is not UNKNOWN:
        items = _("up to {n} items").format(n=number(high))
    elif low != high:
        items = _("{low} to {high} items").format(low=number(low), high=number(high))
    else:
        items = _("{n} items").format(n=number(high))
    words = items if n == 1 else _("{n} blocks of {items}").format(n=n, items=items)
    if block.minutes is None:
        return words
    each = _("{n} minutes each") if n > 1 else _("{n} minutes")
    return f"{words}, {each.format(n=number(block.minutes))}"


def clock_of(form: Form) -> str:
    """What runs beside the blocks' own clocks: one clock over all, breaks, tutorial."""
    parts = []
    if form.minutes is not None:
        parts.append(_("one clock of {n} minutes").format(n=number(form.minutes)))
    if form.break_minutes is not None:
        least = _("at least {n} minutes of break") if form.break_is_minimum else _("{n} minutes of break")
        parts.append(least.format(n=number(form.break_minutes)))
    if form.tutorial_minutes is not None:
        parts.append(_("{n} minutes of tutorial").format(n=number(form.tutorial_minutes)))
    return ", ".join(parts)


def marks_of(marking: Marking) -> str:
    """`right +4, wrong −1, blank 0`."""
    words = _("right {correct}, wrong {wrong}, no answer {blank}").format(
        correct=_signed(marking.correct), wrong=_signed(marking.wrong), blank=_signed(marking.blank)
    )
    if marking.partial is None:
        return words
    return _("{words}; for a part {part} each").format(words=words, part=_signed(marking.partial.per_right_option))


def _signed(value: Number) -> str:
    if value is None or isinstance(value, Unknown):
        return _("unknown")
    return f"+{value:g}" if value > 0 else f"−{-value:g}" if value < 0 else "0"


def words(text: str | Unknown) -> str:
    """The text, or the word that says that no source states it."""
    return _("unknown") if isinstance(text, Unknown) else text


def standard_of(standard: Standard | None) -> str:
    """What it takes to pass."""
    if standard is None:
        return _("unknown")
    if standard.text:
        return standard.text
    if standard.score is not None:
        return _("{score} ({kind})").format(score=number(standard.score), kind=standard.kind.value.replace("_", " "))
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
        return ", ".join(scale.reports)
    if scale.low is not None and scale.high is not None:
        return _("{kind}, {low} to {high}").format(
            kind=scale.kind.replace("_", " "), low=number(scale.low), high=number(scale.high)
        )
    return scale.text or scale.kind.replace("_", " ")


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
