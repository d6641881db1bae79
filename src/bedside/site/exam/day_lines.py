"""The facts of a day in words, with a person's accommodations and at the pace of the clock that is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.delivery import MarkRule
from bedside.site.accounts.accommodations import Accommodation
from bedside.site.exam.day import ExamDay
from bedside.site.exam.day_cases import FINAL_S, DayCases
from bedside.site.exam.marks import DELIVERED
from bedside.site.library import phrases

MINUTE_S = 60
HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class Line:
    """A fact of the day: what it is, and how it is."""

    name: str
    texts: tuple[str, ...]


def day_lines(day: ExamDay, accommodation: Accommodation, *, pace: Fraction) -> list[Line]:
    """The facts of the day, with this person's accommodations and at the pace of the clock that is chosen."""
    factor = accommodation.time_factor
    lines = [Line(_("Blocks"), tuple(_block_texts(day, factor / pace)))]
    if day.cases is not None:
        lines.append(Line(_("Cases"), tuple(_case_texts(day.cases, factor / pace, pace))))
    if day.limit_s is not None:
        lines.append(
            Line(_("Clock"), (_("one of {time} over all blocks").format(time=time_words(day.limit_s * factor / pace)),))
        )
    lines.append(Line(_("Breaks"), (_break_text(day, accommodation, pace),)))
    if day.tutorial_s:
        told = _("{time}; what is left of it is added to the breaks") if day.is_unused_kept else _("{time}")
        text = told.format(time=time_words(day.tutorial_s / pace))
        lines.append(Line(_("Tutorial"), (text,)))
    lines.append(Line(_("In all"), (_total_text(day, accommodation, pace),)))
    if pace != 1:
        lines.append(Line(_("Pace"), (_("{n} times as fast as the real clock; all times are divided by {n}").format(n=pace),)))
    lines += _accommodation_lines(accommodation, pace)
    lines.append(Line(_("Marks"), tuple(_mark_texts(day))))
    if day.left_out:
        lines.append(Line(_("Left out"), day.left_out))
    if day.notes:
        lines.append(Line(_("To know"), day.notes))
    return lines


def time_words(seconds: Fraction) -> str:
    """`8 hours`, `27 minutes 30 seconds`, `3 minutes`, `45 seconds`."""
    whole = round(seconds)
    minutes, rest = divmod(whole, MINUTE_S)
    tail = ngettext("{n} second", "{n} seconds", rest).format(n=rest)
    if not minutes:
        return tail
    return phrases.duration(minutes) if not rest or whole >= HOUR_S else f"{phrases.duration(minutes)} {tail}"


def _block_texts(day: ExamDay, factor: Fraction) -> list[str]:
    groups: list[tuple[tuple[int, Fraction | None, str], int]] = []
    for block in day.blocks:
        key = (block.items.n_items, block.seconds, block.navigation.value)
        if groups and groups[-1][0] == key:
            groups[-1] = (key, groups[-1][1] + 1)
        else:
            groups.append((key, 1))
    texts = []
    for (n_items, seconds, navigation), n in groups:
        items = ngettext("{n} item", "{n} items", n_items).format(n=n_items)
        text = ngettext("{n} block of {items}", "{n} blocks of {items}", n).format(n=n, items=items)
        if seconds is not None:
            each = _("{text}, {time} each") if n > 1 else _("{text}, {time}")
            text = each.format(text=text, time=time_words(seconds * factor))
        if navigation == "no_early_end":
            text = _("{text}; none can be ended early").format(text=text)
        elif navigation == "forward_only":
            text = _("{text}; no way back to an earlier item").format(text=text)
        texts.append(text)
    if len(day.blocks) < day.n_blocks_published:
        texts.append(_("the whole exam has {n} blocks").format(n=day.n_blocks_published))
    return texts


def _case_texts(cases: DayCases, factor: Fraction, pace: Fraction) -> list[str]:
    texts = []
    for minutes in sorted(set(cases.minutes), reverse=True):
        n, time = cases.minutes.count(minutes), time_words(minutes * 60 * factor)
        texts.append(ngettext("{n} patient, {time} at most", "{n} patients, {time} each at most", n).format(n=n, time=time))
    texts.append(_("{time} more after each for final orders").format(time=time_words(FINAL_S * factor)))
    if cases.tutorial_s:
        texts.append(
            _("a tutorial of {time} before them, which can be skipped").format(time=time_words(cases.tutorial_s / pace))
        )
    return texts


def _break_text(day: ExamDay, accommodation: Accommodation, pace: Fraction) -> str:
    parts = []
    if day.break_s is None and len(day.blocks) > 1:
        parts.append(_("as long as you like") if day.limit_s is None else _("when you like, on the form's clock"))
    elif day.break_s is not None and (total := day.break_s + accommodation.extra_break_s):
        parts.append(_("{time}, to be spread as you like").format(time=time_words(total / pace)))
    for number, block in enumerate(day.blocks, start=1):
        pause = block.break_after
        if pause is not None:
            length = _("as long as you like") if pause.seconds is None else time_words(pause.seconds / pace)
            parts.append(_("after block {n}: {length}").format(n=number, length=length))
    return "; ".join(parts) or _("none")


def _total_text(day: ExamDay, accommodation: Accommodation, pace: Fraction) -> str:
    breaks = (day.break_s + accommodation.extra_break_s) if day.break_s is not None else Fraction()
    pauses = [block.break_after for block in day.blocks if block.break_after is not None]
    fixed = sum(pause.seconds or 0 for pause in pauses if not pause.is_counted)
    tutorials = day.tutorial_s + (day.cases.tutorial_s if day.cases else 0)
    total = day.testing_s * accommodation.time_factor + breaks + tutorials + fixed + accommodation.stop_clock_s
    are_free = day.break_s is None and len(day.blocks) > 1 and day.limit_s is None
    is_open = are_free or any(pause.seconds is None for pause in pauses)
    text = _("at most {time}, and the breaks of your own") if is_open else _("at most {time}")
    return text.format(time=time_words(total / pace))


def _accommodation_lines(accommodation: Accommodation, pace: Fraction) -> list[Line]:
    texts = []
    if accommodation.time_factor != 1:
        texts.append(_("{n} times the minutes of each block").format(n=f"{float(accommodation.time_factor):g}"))
    if accommodation.extra_break_s:
        texts.append(_("{time} more of break").format(time=time_words(accommodation.extra_break_s / pace)))
    if accommodation.stop_clock_s:
        texts.append(_("the clock may be stopped for {time}").format(time=time_words(accommodation.stop_clock_s / pace)))
    return [Line(_("Accommodations"), tuple(texts))] if texts else []


def _mark_texts(day: ExamDay) -> list[str]:
    titles: dict[str, str] = {}
    for kind in day.step.item_kinds:
        if kind.form in DELIVERED:
            titles.setdefault(DELIVERED[kind.form], kind.title)
    said: dict[str, list[str]] = {}
    for name, rule in day.marking.items():
        said.setdefault(_rule_text(rule), []).append(titles[name])
    return [text if len(said) == 1 else f"{', '.join(names)}: {text}" for text, names in said.items()]


def _rule_text(rule: MarkRule) -> str:
    text = _("{right} for a right answer, {wrong} for a wrong one, {blank} for none").format(
        right=rule.correct, wrong=rule.wrong.replace("-", "−"), blank=rule.blank.replace("-", "−")
    )
    if rule.partial:
        text += _("; {part} for each right option while none is wrong").format(part=rule.partial.per_right_option)
    return text
