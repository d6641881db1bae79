"""The findings of a rehearsal in words. The page, the PDF and the JSON say the same sentences.

Where an interval includes zero the sentence says that nothing can be read, and from how many items. Nobody is praised.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """One finding: what it is about, what is found, and what that rests on."""

    about: str
    title: str
    text: str
    rests_on: str


def findings_said(found: Figures) -> list[dict[str, str]]:
    """Every finding that can be made of these figures, in words."""
    return [asdict(one) for one in _all(found)]


def _all(found: Figures) -> Iterator[Said]:
    yield _fatigue(found)
    yield from _pace(found["fatigue"])
    yield from _time(found["time"])
    yield from _last_minutes(found["last_minutes"])
    yield from _rushed(found["rushed"])
    yield _changes(found["changes"])
    yield from _unanswered(found["unanswered"])
    yield from _flagged(found["flagged"])
    yield from _confidence(found["confidence"])


def _fatigue(found: Figures) -> Said:
    fatigue, n = found["fatigue"], found["n_items"]
    difference = fatigue["difference"]
    if difference is None:
        text = ngettext(
            "No sign of fatigue can be read from {n} item: a third of it is too little.",
            "No sign of fatigue can be read from {n} items: a third of them is too few.",
            n,
        ).format(n=n)
    elif fatigue["can_be_read"]:
        text = _("Fewer were right in the last third of the items than in the first: {difference}.").format(
            difference=_points(difference)
        )
    else:
        text = _("No sign of fatigue can be read from {n} items: last third against first {difference}.").format(
            n=n, difference=_points(difference)
        )
    if fatigue["trend"] is not None:
        text += " " + _trend(fatigue["trend"])
    return Said(
        "fatigue",
        _("Fatigue"),
        text,
        _(
            "Items: {last} and {first}. Newcombe's interval of the difference of their shares. The two thirds hold different "
            "items, and it is not adjusted for their difficulty."
        ).format(last=fatigue["last_third"]["n"], first=fatigue["first_third"]["n"]),
    )


def _trend(trend: Figures) -> str:
    if trend["sign"]:
        return _("Over the hours: {trend} an hour.").format(trend=_points(trend))
    return _("No trend over the hours can be read: {trend} an hour.").format(trend=_points(trend))


def _pace(fatigue: Figures) -> Iterator[Said]:
    difference = fatigue["pace_difference"]
    if difference is None:
        return
    match difference["sign"]:
        case 1:
            text = _("An item of the last third took longer than one of the first: {difference}.")
        case -1:
            text = _("An item of the last third took less time than one of the first: {difference}.")
        case _:
            text = _("No change of pace can be read from {n} answered items: {difference}.")
    text = text.format(n=difference["n"], difference=_seconds(difference))
    if fatigue["pace_trend"] is not None:
        text += " " + _("Over the hours: {trend} an hour.").format(trend=_seconds(fatigue["pace_trend"]))
    yield Said(
        "pace",
        _("Pace"),
        text,
        _(
            "Times on {n} answered items of the first and the last third, Hodges and Lehmann's shift; the trend is Sen's."
        ).format(n=difference["n"]),
    )


def _time(time: Figures) -> Iterator[Said]:
    right, wrong, longer = time["right"], time["wrong"], time["longer_on_wrong"]
    if right is None or wrong is None or longer is None:
        return
    medians = _("Median time {right} where the answer was right and {wrong} where it was not.").format(
        right=_middle(right), wrong=_middle(wrong)
    )
    match longer["sign"]:
        case 1:
            text = _("Items answered wrong took longer: {difference}.")
        case -1:
            text = _("Items answered wrong took less time: {difference}.")
        case _:
            text = _("No difference can be read: {difference}.")
    yield Said(
        "time",
        _("Time and outcome"),
        medians + " " + text.format(difference=_seconds(longer)),
        _(
            "{right} right and {wrong} wrong answers; medians with the interval of order statistics. Hard items take longer "
            "and are missed more often, so this doesn't say that more time does harm."
        ).format(right=right["n"], wrong=wrong["n"]),
    )


def _last_minutes(late: Figures | None) -> Iterator[Said]:
    if late is None or late["these"]["n"] == 0:
        return
    n = late["these"]["n"]
    text = ngettext(
        "{n} item was answered in the last two minutes of a block: {right} right.",
        "{n} items were answered in the last two minutes of a block: {right} right.",
        n,
    ).format(n=n, right=late["these"]["n_correct"])
    yield Said("last_minutes", _("Last two minutes"), text + _against(late), _shares_of(late))


def _rushed(rushed: Figures | None) -> Iterator[Said]:
    if rushed is None:
        return
    n, seconds = rushed["these"]["n"], _plain(rushed["under_ms"] / 1000)
    if n == 0:
        text = _("No answer took under {seconds} s.").format(seconds=seconds)
    else:
        text = ngettext(
            "{n} answer took under {seconds} s: {right} right.", "{n} answers took under {seconds} s: {right} right.", n
        ).format(n=n, seconds=seconds, right=rushed["these"]["n_correct"])
    yield Said(
        "rushed",
        _("Rushed answers"),
        text + _against(rushed),
        _(
            "Answered items: {n}. The bound is a tenth of the time that the form gives an item, at most 10 s, after Wise and "
            "Ma (2012), who take a tenth of the mean time."
        ).format(n=n + rushed["others"]["n"]),
    )


def _changes(changes: Figures) -> Said:
    net, n = changes["net"], changes["n"]
    if n == 0:
        text = _("No answer was changed.")
    else:
        text = ngettext(
            "{n} answer was changed: {good} to right, {bad} from right, {other} neither.",
            "{n} answers were changed: {good} to right, {bad} from right, {other} neither.",
            n,
        ).format(
            n=n,
            good=changes["wrong_to_right"],
            bad=changes["right_to_wrong"],
            other=n - changes["wrong_to_right"] - changes["right_to_wrong"],
        )
        text += " " + _net(net)
    return Said(
        "changes",
        _("Changed answers"),
        text,
        _("First choice against last; the interval is that of the exact sign test over the {n} that made a difference.").format(
            n=net["n"]
        ),
    )


def _net(net: Figures) -> str:
    match net["sign"]:
        case 1:
            text = _("Changing gained items: {value}, between {low} and {high}.")
        case -1:
            text = _("Changing lost items: {value}, between {low} and {high}.")
        case _ if net["n"] == 0:
            return _("It gained and lost nothing.")
        case _:
            text = _("Neither gain nor loss can be read: {value} items, between {low} and {high}.")
    return text.format(**_span(net))


def _unanswered(blank: Figures) -> Iterator[Said]:
    n = blank["n_blank"]
    if n == 0:
        return
    text = ngettext(
        "{n} of {of} items was left without an answer.", "{n} of {of} items were left without an answer.", n
    ).format(n=n, of=blank["n"])
    if blank["n_guessable"]:
        text += " " + _("A blind guess on each would have got {guessed} of {n} right on average.").format(
            guessed=_plain(blank["by_guessing"]), n=blank["n_guessable"]
        )
    yield Said(
        "unanswered",
        _("Without an answer"),
        text,
        ngettext(
            "{n} item; what a guess brings is one in the number of options, before any marks are taken off.",
            "{n} items; what a guess brings is one in the number of options, before any marks are taken off.",
            blank["n"],
        ).format(n=blank["n"]),
    )


def _flagged(flagged: Figures) -> Iterator[Said]:
    these = flagged["these"]
    if these["n"] == 0:
        return
    text = _("Flagged items: {n}, of which right: {right}.").format(n=these["n"], right=these["n_correct"])
    yield Said("flagged", _("Flagged items"), text + _against(flagged), _shares_of(flagged))


def _confidence(found: Figures) -> Iterator[Said]:
    sure, unsure = found["sure"], found["unsure"]
    if sure["n"] + unsure["n"] == 0:
        return
    text = _("Marked sure: {sure_right} of {sure} right. Marked unsure: {unsure_right} of {unsure} right.").format(
        sure_right=sure["n_correct"], sure=sure["n"], unsure_right=unsure["n_correct"], unsure=unsure["n"]
    )
    difference = found["difference"]
    if difference is not None:
        text += " " + (
            _("Difference: {difference}.") if difference["sign"] else _("No difference can be read: {difference}.")
        ).format(difference=_points(difference))
    yield Said(
        "confidence",
        _("Sure and unsure"),
        text,
        _("Answers that were marked: {n}; not marked: {unmarked}.").format(
            n=sure["n"] + unsure["n"], unmarked=found["unmarked"]["n"]
        ),
    )


def _against(found: Figures) -> str:
    difference = found["difference"]
    if difference is None:
        return ""
    if difference["sign"]:
        return " " + _("Against the others: {difference}.").format(difference=_points(difference))
    return " " + _("No difference from the others can be read: {difference}.").format(difference=_points(difference))


def _shares_of(found: Figures) -> str:
    return _("Items: {these} and {others}. Newcombe's interval of the difference of their shares.").format(
        these=found["these"]["n"], others=found["others"]["n"]
    )


def _points(found: Figures) -> str:
    return _("{value} points, between {low} and {high}").format(**_span(found))


def _seconds(found: Figures) -> str:
    return _("{value} s, between {low} and {high}").format(**_span(found, scale=1000))


def _middle(found: Figures) -> str:
    return _("{value} s (between {low} and {high})").format(**_span(found, scale=1000, is_signed=False))


def _span(found: Figures, *, scale: int = 1, is_signed: bool = True) -> dict[str, str]:
    """A value and the ends of its interval, all with as many decimals; a true minus."""
    numbers = {name: found[name] / scale for name in ("value", "low", "high")}
    decimals = 0 if max(map(abs, numbers.values())) >= 20 else 1
    texts = {name: f"{number:{'+' if is_signed else ''}.{decimals}f}" for name, number in numbers.items()}
    return {name: "0" if float(text) == 0 else text.replace("-", "−") for name, text in texts.items()}


def _plain(number: float) -> str:
    return f"{number:.0f}" if number >= 10 else f"{number:.1f}".removesuffix(".0")
